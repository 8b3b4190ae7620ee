//! `told-at:` of a rule: one cause that shows at several places. `build.rs` includes this file as it does the schema.

use serde::{Deserialize, Serialize};

use super::model::OneOrMany;

/// `told-at:` of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ToldAt {
    /// Ids of rules, met with a severity above `info`.
    pub rules: OneOrMany,
    /// How the place and what tells it belong together.
    pub by: Tie,
    /// Only for calls of these functions, by the last name (`create_dir*`).
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub calls: OneOrMany,
    /// Calls of these functions tell nothing.
    #[serde(default, skip_serializing_if = "OneOrMany::is_none")]
    pub besides: OneOrMany,
    /// Replaces the title in the message.
    pub title: String,
}

/// How a place belongs to what is told elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// It lies in the loop or task, or in a function that is called there.
    Work,
    /// The loop or task waits for a value that is made there.
    Source,
    /// The loop does little but call, again and again, a function in which it lies.
    Restart,
    /// The place itself lies in the loop that is told, or in one over what a listener gives.
    Around,
    /// The loop accepts connections, and a task that it starts for one holds it.
    Accepted,
    /// An actor's message to itself, which the handler of the message sends again.
    Resent,
    /// The task is an actor, and all that it is told comes from its own timers, which are told.
    OwnTimer,
    /// The path of the call, or one under it, is what a later call is given, which is none of `calls`.
    Place,
    /// The same, in the function itself.
    Next,
    /// An earlier call of the function, which is none of `calls`, was given the path of the call, or one under it.
    Before,
    /// The same, also in the tree's own functions that are called before, and in each caller that hands the path over.
    Undone,
    /// Another call in the file, which is none of `calls`, works on a path that grows out of the same field, or is
    /// given by the same method.
    SamePlace,
    /// A call of `calls`, if there are any, before it in the function works on a path that grows out of the same field or
    /// method, or starts what this one starts.
    Again,
    /// Another call anywhere in the unit, which is none of `calls` and no less grave.
    Unit,
    /// Such a call stands few lines before it in the function.
    Beside,
    /// What the call is given was made, or made ready, by a call before it; of `calls`, if there are any.
    Given,
    /// Each caller of the function around the call.
    Callers,
    /// An arm before its own of the same `match` or `if` makes the call in which it is told.
    Sibling,
    /// An arm before its own works on the same path.
    Arms,
    /// What the call makes goes into a field.
    Fills,
    /// Java: it lies in the method in which the other is told.
    Method,
    /// Java: its value is handed to a method of the tree in which the other is told.
    Handed,
}

impl Tie {
    /// Does it look at what runs in the loop or task?
    pub fn is_of_stretches(self) -> bool {
        matches!(self, Self::Work | Self::Source | Self::Restart | Self::Accepted)
    }
}
