//! Values that are known before the program runs.

use super::Linked;
use crate::facts::code::{Annotation, ExprIx, ExprKind, Literal, Mods, Target};
use crate::facts::settings::canonical_key;
use crate::source::FileIx;

/// How far constants are followed through names.
const DEPTH: u8 = 12;

impl Linked<'_> {
    /// The constant value of an expression as text: literals, concatenations, arithmetic on
    /// numbers, `static final` fields, enum constants and class literals by their name, a Rust
    /// `Duration` in seconds.
    pub fn constant(&self, file: FileIx, expr: ExprIx) -> Option<String> {
        self.fold(file, expr, 0)
    }

    /// The default of what a setting may change, where no setting of the tree does: `getLong("orders.pause", 0)`, a
    /// field with `@Value("${orders.pause:0}")`, a local that holds one.
    pub fn configured_default(&self, file: FileIx, expr: ExprIx) -> Option<String> {
        let facts = self.facts(file).filter(|_| self.is_java(file))?;
        let mut expr = expr;
        for _ in 0..DEPTH {
            match &facts[expr].kind {
                ExprKind::Local(local) if !facts[*local].param => expr = facts[*local].init?,
                ExprKind::Cast { base, .. } => expr = *base,
                ExprKind::Call { name, args, .. } if name.starts_with("get") => {
                    let [key, default] = &args[..] else { return None };
                    let default = self.constant(file, *default)?;
                    return (!self.is_set(&self.constant(file, *key)?)).then_some(default);
                }
                ExprKind::Name(_) | ExprKind::Select { .. } => {
                    let (owner, field) = self.field_of(file, expr)?;
                    let facts = self.facts(owner)?;
                    let on_it = |a: &&Annotation| a.target == Target::Field(field) && a.name.last_segment() == "Value";
                    let (_, value) = facts.annotations.iter().find(on_it)?.args.first()?;
                    let text = self.constant(owner, *value)?;
                    let (key, default) = text.strip_prefix("${")?.strip_suffix('}')?.split_once(':')?;
                    return (!default.contains("${") && !self.is_set(key)).then(|| default.trim().to_owned());
                }
                _ => return None,
            }
        }
        None
    }

    /// What is known of a Java text that is put together: `"file:" + folder` is `file:…`.
    pub fn known_parts(&self, file: FileIx, expr: ExprIx) -> Option<String> {
        let facts = self.facts(file).filter(|_| self.is_java(file))?;
        let mut expr = expr;
        for _ in 0..DEPTH {
            match &facts[expr].kind {
                ExprKind::Local(local) if !facts[*local].param => expr = facts[*local].init?,
                ExprKind::Concat(parts) => {
                    let known: Vec<Option<String>> = parts.iter().map(|part| self.constant(file, *part)).collect();
                    let any = known.iter().flatten().any(|part| !part.is_empty());
                    return any.then(|| known.into_iter().map(|part| part.unwrap_or_else(|| "…".to_owned())).collect());
                }
                ExprKind::Call { name, args, .. } if name.as_str() == "format" => {
                    return self.constant(file, *args.first()?);
                }
                _ => return None,
            }
        }
        None
    }

    /// The most that a Java number can be: of constants, sums and products of them, and `Math.min`.
    pub fn upper_bound(&self, file: FileIx, expr: ExprIx) -> Option<f64> {
        self.bound(file, expr, 0)
    }

    fn bound(&self, file: FileIx, expr: ExprIx, depth: u8) -> Option<f64> {
        let facts = self.facts(file).filter(|_| depth < DEPTH && self.is_java(file))?;
        if let Some(value) =
            self.constant(file, expr).and_then(|v| v.trim_end_matches(['L', 'l', 'f', 'd']).parse().ok())
        {
            return Some(value);
        }
        match &facts[expr].kind {
            ExprKind::Call { name, args, .. } if name.as_str() == "min" && args.len() == 2 => {
                let bounds = args.iter().filter_map(|a| self.bound(file, *a, depth + 1));
                bounds.min_by(f64::total_cmp)
            }
            ExprKind::Binary { op, left, right } if matches!(op.as_str(), "+" | "*") => {
                let (left, right) = (self.bound(file, *left, depth + 1)?, self.bound(file, *right, depth + 1)?);
                (left >= 0.0 && right >= 0.0).then(|| if op.as_str() == "+" { left + right } else { left * right })
            }
            ExprKind::Cast { base, .. } => self.bound(file, *base, depth + 1),
            ExprKind::Local(local) if !facts[*local].param => self.bound(file, facts[*local].init?, depth + 1),
            _ => None,
        }
    }

    /// Does any unit have a setting of this key?
    fn is_set(&self, key: &str) -> bool {
        let key = canonical_key(key);
        self.units.all.iter().flat_map(|unit| &unit.settings).any(|s| s.key.as_str() == key)
    }

    fn fold(&self, file: FileIx, expr: ExprIx, depth: u8) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let facts = self.facts(file)?;
        match &facts[expr].kind {
            ExprKind::Literal(literal) => Some(match literal {
                Literal::Text(text) => text.as_str().to_owned(),
                Literal::Int(n) => n.to_string(),
                Literal::Float(x) => x.to_string(),
                Literal::Bool(b) => b.to_string(),
                Literal::Null => "null".to_owned(),
            }),
            ExprKind::Concat(parts) => {
                let mut out = String::new();
                for part in parts {
                    out.push_str(&self.fold(file, *part, depth + 1)?);
                }
                Some(out)
            }
            ExprKind::Binary { op, left, right } => {
                let left: i64 = self.fold(file, *left, depth + 1)?.parse().ok()?;
                let right: i64 = self.fold(file, *right, depth + 1)?.parse().ok()?;
                let value = match op.as_str() {
                    "+" => left.checked_add(right),
                    "-" => left.checked_sub(right),
                    "*" => left.checked_mul(right),
                    "/" => left.checked_div(right),
                    "%" => left.checked_rem(right),
                    "<<" => u32::try_from(right).ok().and_then(|r| left.checked_shl(r)),
                    _ => None,
                };
                value.map(|v| v.to_string())
            }
            ExprKind::Unary { op, base } if op.as_str() == "-" => {
                let value: i64 = self.fold(file, *base, depth + 1)?.parse().ok()?;
                value.checked_neg().map(|v| v.to_string())
            }
            ExprKind::Cast { base, .. } => self.fold(file, *base, depth + 1),
            ExprKind::ClassLiteral(ty) => {
                let around = self.type_of_callable(file, facts[expr].callable);
                Some(
                    self.resolve_name(file, around, ty.name)
                        .map_or(ty.name, |s| self.types.name(s))
                        .as_str()
                        .to_owned(),
                )
            }
            ExprKind::Name(name) | ExprKind::Select { name, .. } => {
                if let Some((owner_file, field)) = self.field_of(file, expr) {
                    let field = &self.facts(owner_file)?[field];
                    // `static NAME: &str = "…"` of Rust changes only where it says so.
                    let fixed = field.mods.has(Mods::STATIC) && !field.mods.has(Mods::MUTABLE);
                    let constant = field.mods.has(Mods::FINAL) || fixed && !self.is_java(owner_file);
                    return match field.init {
                        Some(init) if constant => self.fold(owner_file, init, depth + 1),
                        _ => None,
                    };
                }
                // Enum constants and constants of types outside the tree: their own name.
                name.starts_with(char::is_uppercase).then(|| name.as_str().to_owned())
            }
            ExprKind::Call { args, .. } if !self.is_java(file) => {
                let path = self.rust_callee(file, expr);
                let (owner, unit) = path.as_str().rsplit_once("::")?;
                let [amount] = &args[..] else { return None };
                let seconds = match owner.ends_with("Duration").then_some(unit)? {
                    "from_nanos" => 1e-9,
                    "from_micros" | "microseconds" => 1e-6,
                    "from_millis" | "milliseconds" => 1e-3,
                    "from_secs" | "from_secs_f64" | "from_secs_f32" | "seconds" => 1.0,
                    "from_mins" | "minutes" => 60.0,
                    "from_hours" | "hours" => 3_600.0,
                    "from_days" | "days" => 86_400.0,
                    "from_weeks" | "weeks" => 604_800.0,
                    _ => return None,
                };
                let amount: f64 = self.fold(file, *amount, depth + 1)?.parse().ok()?;
                Some((amount * seconds).to_string())
            }
            ExprKind::Local(local) => {
                // An effectively final local with a constant initialiser.
                let init = facts[*local].init?;
                (!facts[*local].param).then(|| self.fold(file, init, depth + 1)).flatten()
            }
            _ => None,
        }
    }
}
