//! Test classes by what they hold, for files whose path does not say so.

use crate::facts::CodeFacts;
use crate::facts::code::{Mods, Target};

const FRAMEWORKS: [&str; 2] = ["org.junit", "org.testng"];
const MARKS: [&str; 5] = ["Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate"];

/// Sets `TEST` on every type that has test methods, and on what is nested in it.
pub(super) fn mark(facts: &mut CodeFacts) {
    let ours = |name: &str| FRAMEWORKS.iter().any(|f| name.starts_with(f));
    let imported = facts.imports.iter().any(|import| ours(&import.path));
    let mut tests = vec![false; facts.types.len()];
    let mut found = false;
    for annotation in &facts.annotations {
        if MARKS.contains(&annotation.name.last_segment())
            && (ours(&annotation.name) || (imported && !annotation.name.contains('.')))
            && let Target::Callable(method) = annotation.target
            && let Some(owner) = facts[method].owner
        {
            tests[owner.0 as usize] = true;
            found = true;
        }
    }
    if !found {
        return;
    }
    // Types stand outer before inner: one pass hands the mark down.
    for i in 0..tests.len() {
        tests[i] |= facts.types[i].outer.is_some_and(|outer| tests[outer.0 as usize]);
        if tests[i] {
            facts.types[i].mods.insert(Mods::TEST);
        }
    }
    for callable in &mut facts.callables {
        if callable.owner.is_some_and(|owner| tests[owner.0 as usize]) {
            callable.mods.insert(Mods::TEST);
        }
    }
    for field in &mut facts.fields {
        if field.owner.is_some_and(|owner| tests[owner.0 as usize]) {
            field.mods.insert(Mods::TEST);
        }
    }
}
