//! The words of the guard `task`: what is known of a task, a pool or a helper over the whole workspace (Java).
//!
//! - `rearms`: the task puts itself on the timer again, and was started elsewhere.
//! - `tidies`: the task or method measures, logs or tidies the process, and nothing else that counts.
//! - `pool-tidies`, `pool-loops`, `pool-joined`: so do all tasks of the pool; they are loops told themselves, and no timer is
//!   needed; they are all waited for.
//! - `on-nothing`: the pool comes from a method that never gives one.
//! - `uncalled`: a factory or helper that nobody calls.
//! - `made-by-handlers`: the constructor is called by request handlers alone.
//! - `no-delay`, `delayed`: what a timer gets is due at once, or later.
//! - `answers`: the loop hands its answer to a sender that waits for it.

use super::guards::Context;
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
        if word == "made-by-handlers" {
            return site.callable.is_some_and(|c| linked.is_made_by_handlers(file, c));
        }
        let Some(expr) = self.expr(site) else { return false };
        match word {
            "rearms" => linked.rearms(file, expr),
            "pool-tidies" => linked.pool_only_tidies(file, expr),
            "pool-loops" => linked.pool_only_loops(file, expr),
            "pool-joined" => linked.pool_is_joined(file, expr),
            "on-nothing" => linked.is_on_nothing(file, expr),
            "uncalled" => linked.is_uncalled_helper(file, expr),
            "no-delay" => linked.delay(file, expr) == Delay::None,
            "delayed" => match linked.delay(file, expr) {
                Delay::Some => true,
                // Its callers say how long, where they are found.
                Delay::Parameter(_) => !self.hits.is_helper(site),
                Delay::None | Delay::NoTimer => false,
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
