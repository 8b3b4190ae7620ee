//! Sites: the places that conditions select.

use rustc_hash::FxHashMap;

use super::compile::LeafIx;
use crate::facts::code::{CallableIx, ExprIx, FieldIx, TypeIx};
use crate::source::FileIx;
use crate::text::{Name, Span};
use crate::units::UnitIx;

/// What kind of fact a site is, with its index in the facts of its file or unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// A call, construction, method reference, macro or literal.
    Expr(ExprIx),
    Annotation(u32),
    Type(TypeIx),
    Field(FieldIx),
    /// A declared type of a field, parameter, local or return value.
    TypeUse,
    Method(CallableIx),
    Loop(u32),
    Import(u32),
    /// Index in the unit's dependencies.
    Dependency(UnitIx, u32),
    /// Index in the unit's settings.
    Setting(UnitIx, u32),
    /// Index in the settings of a file that is no unit's application settings (logging, XML).
    FileSetting(u32),
    /// Stage and instruction of a Dockerfile.
    Instruction(u32, u32),
    /// Object of a file and entry within it.
    Object(u32, u32),
}

/// A place that a condition selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    pub file: FileIx,
    /// Where a finding points.
    pub at: Span,
    pub fact: Fact,
    /// The unit that has it: the file's, or the one whose dependency or setting it is.
    pub unit: Option<UnitIx>,
    /// What runs it.
    pub callable: Option<CallableIx>,
    /// The innermost type around it.
    pub ty: Option<TypeIx>,
    /// What was matched, for people: `java.util.concurrent.Executors.newFixedThreadPool`.
    pub symbol: Name,
}

/// A condition met at a site.
pub(super) type Hit = (LeafIx, Site);

/// Of a script that images start, in place of the index.
pub(super) const WHOLE: u32 = u32::MAX;

/// The units that each deployment object (file and index within it) belongs to, and that start each script.
pub(super) type Owners = FxHashMap<(FileIx, u32), Vec<UnitIx>>;
