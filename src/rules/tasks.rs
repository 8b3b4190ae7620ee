//! The words of the guard `task`: what is known of a task, a pool or a helper over the whole workspace (Java).
//!
//! - `rearms`: the task puts itself on the timer again, and was started elsewhere.
//! - `tidies`: the task or method measures, logs or tidies the process, and nothing else that counts.
//! - `pool-tidies`, `pool-loops`, `pool-joined`: so do all tasks of the pool; they are loops told themselves, and no timer is
//!   needed; they are all waited for.
//! - `pool-untimed`: it has a clock, and all its tasks are due at once.
//! - `pool-idle`: it is kept, and nobody puts a task on it; `no-async`: nobody calls a method with `@Async` of the unit;
//!   `clock-off`: nothing switches the clock of `@Scheduled` on; `no-timer`: nothing makes a class with `@Scheduled`; `never-made`: nothing makes an object of the class;
//!   `no-own-async`, `no-own-timer`: the same, what only programs beside it have left out.
//! - `pool-detached`: a task of the pool is seen that nobody waits for, or a method with `@Async` runs on it.
//! - `lasts`: the task is a loop that runs for as long as a flag or an interruption lets it.
//! - `left-alone`: what comes of it is thrown away, but for steps that hang on it.
//! - `drains`: it reads what a child process writes, whose end the method sees to; `never-started`: a program only prepared.
//! - `begins`: the task only starts something outside the tree; `serves`: it binds a server, or waits for its end; `renews-cache`: the method only renews or empties a cache.
//! - `never-awaited`: its future is kept, and waited for only where nobody calls.
//! - `other-branch`: the local that the pool goes to has got another one before; the arm before hands over a task of the same class.
//! - `unmentioned`: main code names the class around the place nowhere else; `unstarted`: no code starts the application.
//! - `uncalled`: a factory or helper that nobody calls.
//! - `made-by-handlers`: the constructor is called by request handlers alone.
//! - `no-delay`, `delayed`: what a timer gets is due at once, or later.
//! - `asks-embedded`: the method asks first for a profile that is named like an embedded database.
//! - `aborted`: the function that starts the task ends it too (Rust).
//! - `drained`: what the task writes to a channel is read to its end by a function that ends then (Rust).
//! - `answers`: the loop hands its answer to a sender that waits for it.

use super::guards::Context;
use super::profiles;
use super::site::{Fact, Site};
use crate::facts::code::CallableIx;
use crate::link::Delay;
use crate::source::FileIx;

impl Context<'_, '_> {
    pub(super) fn task_is(&self, word: &str, site: &Site) -> bool {
        let (linked, file) = (self.linked, site.file);
        if let (Fact::Loop(ix), "answers") = (site.fact, word) {
            return linked.loop_answers_waiters(file, ix);
        }
        if word == "tidies" {
            let bodies = self.task_bodies(site);
            return !bodies.is_empty() && bodies.iter().all(|(f, c)| linked.only_tidies(*f, *c));
        }
        if word == "renews-cache" {
            return site.callable.is_some_and(|c| linked.renews_cache(file, linked.named_callable(file, c)));
        }
        if let (Fact::Type(ty), "drains") = (site.fact, word)
            && linked.facts(file).is_some_and(|facts| !facts[ty].name.is_empty())
        {
            return linked.all_drain(file, ty);
        }
        if word == "made-by-handlers" {
            return site.callable.is_some_and(|c| linked.is_made_by_handlers(file, c));
        }
        if matches!(word, "unmentioned" | "unstarted" | "never-made") {
            let around = linked.enclosing_types(file, site.ty);
            return match word {
                "never-made" => around.first().is_some_and(|ty| linked.is_never_made(file, *ty)),
                "unstarted" => around.last().is_some_and(|ty| !linked.is_started_by_code(file, *ty)),
                _ => {
                    around.last().is_some_and(|ty| linked.is_unmentioned(file, *ty))
                        || around.first().is_some_and(|ty| linked.is_unmentioned(file, *ty))
                }
            };
        }
        if word == "asks-embedded" {
            return profiles::asks_embedded(linked, site);
        }
        if let ("clock-off", Some(unit)) = (word, site.unit) {
            return linked.is_clock_off(unit);
        }
        if let ("no-async" | "no-timer" | "no-own-async" | "no-own-timer", Some(unit)) = (word, site.unit) {
            let own = word.starts_with("no-own");
            let timer = word.ends_with("timer");
            return if timer { !linked.has_live_timer(unit, own) } else { !linked.has_live_async(unit, own) };
        }
        let Some(expr) = self.expr(site) else { return false };
        match word {
            "pool-idle" => linked.pool_is_idle(file, expr),
            "drains" => linked.drains_child(file, expr),
            "never-started" => linked.is_never_started(file, expr),
            "serves" => linked.task_serves(file, expr),
            "begins" => linked.only_begins(file, expr),
            "lasts" => linked.hands_lasting_over(file, expr),
            "pool-detached" => linked.pool_is_detached(file, expr),
            "left-alone" => linked.is_left_alone(file, expr),
            "rearms" => linked.rearms(file, expr),
            "pool-tidies" => linked.pool_only_tidies(file, expr),
            "pool-untimed" => linked.pool_is_untimed(file, expr),
            "pool-loops" => linked.pool_only_loops(file, expr),
            "pool-joined" => linked.pool_is_joined(file, expr),
            "never-awaited" => linked.is_never_awaited(file, expr),
            "other-branch" => linked.is_other_branch(file, expr) || linked.is_other_arm(file, expr),
            "drained" => linked.is_drained(file, expr),
            "aborted" => linked.is_aborted_here(file, expr),
            "uncalled" => linked.is_uncalled_helper(file, expr),
            "no-delay" => linked.delay(file, expr) == Delay::None,
            "delayed" => match linked.delay(file, expr) {
                Delay::Some => true,
                // Its callers say how long, where they are found.
                Delay::Parameter(_) => !self.hits.is_helper(site),
                Delay::None => false,
                // An overload without a timer that is not told from the one with it.
                Delay::NoTimer => self.hits.within_helper(site).is_some_and(|origin| {
                    self.expr(origin).is_some_and(|expr| linked.delay(origin.file, expr) != Delay::NoTimer)
                }),
            },
            _ => false,
        }
    }

    /// What runs: the tasks that a call hands over, the lambdas of a class that sets timers up, the method itself.
    pub(super) fn task_bodies(&self, site: &Site) -> Vec<(FileIx, CallableIx)> {
        match (site.fact, site.callable) {
            (Fact::Expr(expr), _) => self.linked.task_bodies(site.file, expr),
            (Fact::Type(ty), _) => self.linked.lambdas_of(site.file, ty),
            (_, Some(callable)) => vec![(site.file, callable)],
            _ => Vec::new(),
        }
    }
}
