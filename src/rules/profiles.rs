//! Beans and settings of Spring profiles that nothing turns on.

use super::site::{Fact, Site};
use crate::facts::code::{ExprKind, Literal, Target};
use crate::link::Linked;
use crate::units::Unit;

/// Databases that run within the program.
const EMBEDDED: &[&str] = &["h2", "hsql", "derby", "embedded"];

const PROFILE: &str = "org.springframework.context.annotation.Profile";

/// Is the site a setting of a profile that is off, or does a `@Profile` around it name nothing but profiles that are off?
pub(super) fn is_off(linked: &Linked<'_>, site: &Site) -> bool {
    if let Fact::Setting(unit, ix) = site.fact {
        let unit = &linked.units[unit];
        let setting = &unit.settings[ix as usize];
        return !setting.active && is_profile_off(unit, &setting.profile);
    }
    let (Some(facts), Some(unit)) = (linked.facts(site.file), site.unit.map(|unit| &linked.units[unit])) else {
        return false;
    };
    let method = site.callable.map(|c| Target::Callable(linked.named_callable(site.file, c)));
    let types = linked.enclosing_types(site.file, site.ty).into_iter().map(Target::Type);
    method.into_iter().chain(types).any(|target| {
        if !linked.annotations_on(site.file, target).iter().any(|a| a.as_str() == PROFILE) {
            return false;
        }
        let on_it = facts.annotations.iter().filter(|a| a.target == target && a.name.last_segment() == "Profile");
        let mut named = on_it.flat_map(|a| &a.args).map(|(_, value)| linked.constant(site.file, *value)).peekable();
        named.peek().is_some() && named.all(|name| name.is_some_and(|name| is_profile_off(unit, &name)))
    })
}

/// Does the method around the site ask, before it, for a profile that is named like an embedded database?
pub(super) fn asks_embedded(linked: &Linked<'_>, site: &Site) -> bool {
    let (Some(facts), Some(callable)) = (linked.facts(site.file), site.callable) else { return false };
    let body = facts[linked.named_callable(site.file, callable)].body;
    facts.exprs.iter().any(|e| {
        let ExprKind::Call { name, args, .. } = &e.kind else { return false };
        let asks = name.as_str() == "acceptsProfiles" && body.contains(e.span) && e.span.end <= site.at.start;
        asks && args.iter().any(|arg| {
            let within = facts[*arg].span;
            let texts = facts.exprs_within(within).map(|(_, e)| e).filter_map(|e| match &e.kind {
                ExprKind::Literal(Literal::Text(text)) => Some(text.to_lowercase()),
                _ => None,
            });
            texts.into_iter().any(|text| EMBEDDED.iter().any(|word| text.contains(word)))
        })
    })
}

/// Off for sure: the tree turns on others, and has no setting under this one that holds. Expressions are not judged.
fn is_profile_off(unit: &Unit, profile: &str) -> bool {
    if profile.is_empty() || profile.contains(['!', '&', '|', '(', '$']) {
        return false;
    }
    let turned_on =
        |s: &&crate::units::EffectiveSetting| s.key.starts_with("spring.profiles.") && s.active && !s.overridden;
    let mut on = unit.settings.iter().filter(turned_on).flat_map(|s| s.value.split(',')).map(str::trim).peekable();
    on.peek().is_some()
        && on.all(|name| name != profile && !name.contains("${"))
        && !unit.settings.iter().any(|s| s.profile.as_str() == profile && s.active)
}
