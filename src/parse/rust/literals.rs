//! Literals' values.

use syn::Lit;

use crate::facts::code::{ExprKind, Literal};
use crate::text::Name;

/// The entry of a literal; numbers beyond 64 bits become floats, byte strings text where they are.
pub(super) fn kind_of(lit: &Lit) -> ExprKind {
    let literal = match lit {
        Lit::Str(text) => Literal::Text(Name::new(&text.value())),
        Lit::ByteStr(bytes) => match String::from_utf8(bytes.value()) {
            Ok(text) => Literal::Text(Name::new(&text)),
            Err(_) => return ExprKind::Other,
        },
        Lit::CStr(text) => Literal::Text(Name::new(&text.value().to_string_lossy())),
        Lit::Char(char) => Literal::Int(i64::from(u32::from(char.value()))),
        Lit::Byte(byte) => Literal::Int(i64::from(byte.value())),
        Lit::Int(int) => match (int.base10_parse::<i64>(), int.base10_digits().parse::<f64>()) {
            (Ok(value), _) => Literal::Int(value),
            (Err(_), Ok(value)) => Literal::Float(value),
            _ => return ExprKind::Other,
        },
        Lit::Float(float) => match float.base10_parse::<f64>() {
            Ok(value) => Literal::Float(value),
            Err(_) => return ExprKind::Other,
        },
        Lit::Bool(bool) => Literal::Bool(bool.value),
        _ => return ExprKind::Other,
    };
    ExprKind::Literal(literal)
}
