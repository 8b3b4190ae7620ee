//! The words of the guard `known`: what is known of a place over the whole workspace (Java, where nothing else is said).
//!
//! - `temp-path`: the call works on a path below the directory for temporary files.
//! - `only-shown`: the value is logged, printed or shown, and nothing else.
//! - `only-picks`: the random numbers pick one of several, and nothing else.
//! - `only-overwritten`: the number is set to what was asked elsewhere, and never counted up.
//! - `given-addresses`: all methods of the client are told the address to call.
//! - `held-by-nobody`: the interface is implemented, and no code asks for it.
//! - `takes-no-settings`: neither the class nor what it extends takes in configuration.
//! - `only-sets`: the method, or the class, only assigns or sets properties of the program.
//! - `does-nothing`: the method calls nothing and gives nothing, or null.
//! - `ends-with-call`: what is made here ends with the call of its request or job.
//! - `drains`: the loop takes what there is, and waits for nothing; `counts-tries`: it compares a count, or the time, each round.
//! - `called-by-nobody`: no main code calls the method around the place.
//! - `long-pause`: callers in requests say how long to sleep, and it is long.
//! - `of-constants`: the stream runs over the constants of an enum or a few values, and only asks them for what they hold.
//! - `tool-per-thread`: the field holds one tool per thread, and never another one.
//! - `asks-of-another`: whether an address is one of this host, or in place of the address of a client on the same machine.
//! - `beside-own-address`: the arm of the `if` around it sets the address of the service too.
//! - `pool-of-server`: the pool is handed to a server, and used for nothing else.
//! - `run-by-timer`: a timer of the same class runs the same method anyway.
//! - `no-future`: nothing is given back by which one could wait for the task.
//! - `only-collects`: the stream only asks its elements for what they hold, and collects them.
//! - `stage-works`: a stage of the stream does input or output, or reaches another service.
//! - `stays-in-method`: what is made is kept in a local of its method, and asked there alone.
//! - `code-unread`: the unit is written in a language whose code is not read (any manifest).
//! - `short-pause`: its callers say how long to sleep, and it is short.
//! - `answered-here`: the handler sets the result itself, or a task does that it starts.
//! - `loads-nothing`: the loader of the cache gives an empty collection, for others to fill.
//! - `keeps-language`: the attribute that is kept is the language, theme or time zone of what is shown.
//! - `pure-method`: what the method gives follows from its arguments alone.
//! - `anonymous`: the class has no name, and is told where it is made; `named-class`: the place is a class that has one.
//! - `of-one-call`: the call is made on a local that is opened and closed in the same method, and goes nowhere else.
//! - `within-returned-stream`: what is made here is a part of the stream that the method gives back.
//! - `shutting-down`: it stands in the arm of an `if` that asks whether the process is about to end (Rust).
//! - `ends-with-maker`: the loop reads a channel made by a function that gives a stream back, which ends with it (Rust).
//! - `plain-value`: what is looked up by name is cast to a text, a number or a flag.
//! - `dropping`: it is called only while a value is dropped (Rust).
//! - `minded-by-nobody`: the function around it only removes files, and callers throw its result away, or only report it (Rust).
//! - `one-of-kinds`: the type around it is one of several that implement a trait of the tree (Rust).
//! - `only-renews`: the loop renews one value behind a lock, by functions that the start calls too, and changes nothing else (Rust).
//! - `goes-round`: the task waits for something again and again; `in-joined-task`: the function around waits for the task that the loop is (Rust).
//! - `set-of-caller`: the set of tasks is lent by the caller (Rust).
//! - `after-failure`: it stands in an arm that ends with an error (Rust); `only-reported`: its failure is logged, and no more (Rust).

use super::guards::Context;
use super::site::{Fact, Site};

/// Languages that run on the Java machine.
const JVM: &[&str] = &["java", "kotlin", "scala", "groovy"];

/// A pause of this length within a loop of a request is long (milliseconds).
const LONG_IN_LOOP: f64 = 1001.0;

/// A pause of this length is short.
const SHORT: f64 = 1000.0;

/// A pause of this length is long anywhere in a request: an API's limit is near.
const LONG: f64 = 29_000.0;

/// What chooses how things are shown, and has a default.
pub(super) fn is_of_display(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(['.', '_', '-', ':']).next().unwrap_or(&lower);
    ["locale", "language", "lang", "theme", "skin", "timezone"].iter().any(|word| last.ends_with(word))
}

impl Context<'_, '_> {
    pub(super) fn is_known(&self, word: &str, site: &Site) -> bool {
        let (linked, file) = (self.linked, site.file);
        if !linked.is_java(file) {
            return match (word, site.fact) {
                ("code-unread", _) => site.unit.is_some_and(|unit| {
                    let most = linked.units[unit].languages.iter().find(|l| JVM.contains(l));
                    most.is_some_and(|language| *language != "java")
                }),
                ("shutting-down", _) => linked.is_while_shutting_down(file, site.at),
                ("ends-with-maker", Fact::Loop(ix)) => linked.ends_with_maker(file, ix),
                ("only-renews", Fact::Loop(ix)) => linked.only_renews(file, ix),
                ("in-joined-task", Fact::Loop(ix)) => linked.is_in_joined_task(file, ix),
                ("goes-round", Fact::Expr(call)) => linked.goes_round(file, call),
                ("set-of-caller", Fact::Expr(call)) => linked.is_set_of_caller(file, call),
                ("dropping", Fact::Expr(call)) => linked.is_while_dropping(file, call),
                ("minded-by-nobody", Fact::Expr(call)) => linked.is_minded_by_nobody(file, call),
                ("one-of-kinds", _) => site.callable.is_some_and(|c| linked.is_one_of_kinds(file, c)),
                ("after-failure", Fact::Expr(call)) => linked.is_after_failure(file, call),
                ("only-reported", Fact::Expr(call)) => linked.is_only_reported(file, call),
                _ => false,
            };
        }
        let method = site.callable.map(|c| linked.named_callable(file, c));
        let around = || linked.enclosing_types(file, site.ty).first().copied();
        match (word, site.fact) {
            ("counts-tries", Fact::Loop(ix)) => linked.counts_tries(file, ix),
            ("drains", Fact::Loop(ix)) => linked.loop_drains(file, ix),
            ("only-overwritten", Fact::Field(field)) => linked.is_only_overwritten(file, field),
            ("only-picks", Fact::Field(field)) => linked.only_picks(file, field),
            ("tool-per-thread", Fact::Field(field)) => linked.is_tool_per_thread(file, field),
            ("given-addresses", _) => around().is_some_and(|ty| linked.is_given_addresses(file, ty)),
            ("held-by-nobody", _) => around().is_some_and(|ty| linked.is_held_by_nobody(file, ty)),
            ("takes-no-settings", _) => around().is_some_and(|ty| linked.takes_no_settings(file, ty)),
            ("anonymous", Fact::Type(ty)) => linked.facts(file).is_some_and(|facts| facts[ty].name.is_empty()),
            ("named-class", Fact::Type(ty)) => linked.facts(file).is_some_and(|facts| !facts[ty].name.is_empty()),
            ("only-sets", Fact::Type(ty)) => linked.start_only_sets(file, ty),
            ("only-sets", _) => method.is_some_and(|m| linked.only_sets(file, m)),
            ("does-nothing", Fact::Method(m)) => linked.does_nothing(file, m),
            ("answered-here", Fact::Method(m)) => linked.is_answered_here(file, m),
            ("answered-here", _) => method.is_some_and(|m| linked.is_answered_here(file, m)),
            ("pure-method", _) => method.is_some_and(|m| linked.is_pure_method(file, m)),
            ("called-by-nobody", _) => site.callable.is_some_and(|c| linked.is_called_by_nobody(file, c)),
            (_, Fact::Expr(expr)) => match word {
                "temp-path" => linked.is_on_temp_path(file, expr),
                "only-shown" => linked.is_only_shown(file, expr),
                "keeps-language" => linked.attribute_named(file, expr).is_some_and(|(_, name)| is_of_display(&name)),
                "loads-nothing" => linked.loads_nothing(file, expr),
                "ends-with-call" => linked.ends_with_call(file, expr),
                "long-pause" => {
                    let (looped, any) = linked.pause_by_callers(file, expr);
                    looped >= LONG_IN_LOOP || any >= LONG
                }
                "plain-value" => linked.looks_up_plain_values(file, expr),
                "of-constants" => linked.is_stream_of_constants(file, expr),
                "asks-of-another" => linked.asks_of_another(file, expr),
                "beside-own-address" => linked.is_beside_own_address(file, expr),
                "pool-of-server" => linked.is_pool_of_server(file, expr),
                "run-by-timer" => linked.is_run_by_timer(file, expr),
                "of-one-call" => linked.is_of_one_call(file, expr),
                "within-returned-stream" => linked.is_within_returned_stream(file, expr),
                "no-future" => linked.gives_no_future(file, expr),
                "stage-works" => linked.stage_works(file, expr),
                "stays-in-method" => linked.stays_in_method(file, expr),
                "only-collects" => linked.only_collects(file, expr),
                "short-pause" => linked.is_short_pause(file, expr, SHORT),
                _ => false,
            },
            _ => false,
        }
    }
}
