//! Facts of source code, shared by all languages.
//!
//! Names stand as written; the link stage resolves them. Everything that refers to something else
//! of the same file does so by index into the vectors of [`CodeFacts`], in source order.

use serde::{Deserialize, Serialize};

use crate::text::{Name, Span};

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident => $field:ident: $target:ty),* $(,)?) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            pub struct $name(pub u32);
            impl std::ops::Index<$name> for CodeFacts {
                type Output = $target;
                fn index(&self, ix: $name) -> &$target { &self.$field[ix.0 as usize] }
            }
            impl std::ops::IndexMut<$name> for CodeFacts {
                fn index_mut(&mut self, ix: $name) -> &mut $target { &mut self.$field[ix.0 as usize] }
            }
        )*
    };
}

index_types! {
    /// A type declared in the file.
    TypeIx => types: TypeDecl,
    /// A method, function, lambda, initialiser: anything that runs.
    CallableIx => callables: Callable,
    /// A field, static or thread-local.
    FieldIx => fields: FieldDecl,
    /// A local variable or parameter.
    LocalIx => locals: Local,
    /// An expression that is worth knowing.
    ExprIx => exprs: Expr,
}

/// Expressions of one block, see [`CodeFacts::exprs_within`].
const BLOCK: usize = 32;

/// The facts of one source file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeFacts {
    /// Java package (`org.shop.orders`); empty in Rust, where the path of the file gives the module.
    pub package: Name,
    /// `import`, `use`.
    pub imports: Vec<Import>,
    /// Rust `mod name;` and inline modules; empty in Java.
    pub modules: Vec<Module>,
    /// Declared types, outer before inner; anonymous classes too.
    pub types: Vec<TypeDecl>,
    /// Everything that runs, outer before inner.
    pub callables: Vec<Callable>,
    /// Fields, statics, thread-locals.
    pub fields: Vec<FieldDecl>,
    /// Locals and parameters.
    pub locals: Vec<Local>,
    /// Annotations and attributes.
    pub annotations: Vec<Annotation>,
    /// Expressions, inner before outer.
    pub exprs: Vec<Expr>,
    /// The last start and the first end of each block of them, in bytes; see [`CodeFacts::exprs_within`].
    pub blocks: Box<[(u32, u32)]>,
    /// Loops.
    pub loops: Vec<Loop>,
    /// Assignments whose target is not a plain local.
    pub assigns: Vec<Assign>,
    /// Calls under a check of a field, within its class; sorted by call. Java only.
    pub guarded: Vec<Guarded>,
    /// Rust: what runs only for one command of an operator, or only where the program is developed.
    pub asides: Vec<Span>,
    /// The arms of each `if`, `match` and `switch`, Rust: inner before outer; Java: also what is caught.
    pub branches: Vec<Box<[Span]>>,
    /// Java: the condition and the arm of each `if` without `else` that holds nothing but statements of one expression.
    pub plain: Vec<[Span; 2]>,
    /// Rust: the arm of an `if` or `let` that leaves its block, and what runs in the block where it does not.
    pub leaves: Vec<[Span; 2]>,
    /// Rust: the values of struct literals, and the fields that they go to; sorted by value.
    pub filled: Vec<(ExprIx, Name)>,
    /// Rust: values thrown away on purpose, `let _ = …;`.
    pub ignored: Vec<ExprIx>,
    /// Rust: names in macros that are not read as expressions, and in the texts of attributes; sorted.
    pub mentions: Vec<Name>,
    /// The file says that it is generated: a header marker or a structural sign (protobuf, thrift).
    pub generated: bool,
}

impl CodeFacts {
    /// Does the file hold tests beside what they test, or name a module of them? Rust only.
    pub fn has_tests(&self) -> bool {
        self.modules.iter().any(|m| m.test) || self.callables.iter().any(|c| c.mods.has(Mods::TEST))
    }

    /// The expressions within a stretch, in their order. Those far from it are passed over block by block, which
    /// [`CodeFacts::shrink`] has noted.
    pub fn exprs_within(&self, span: Span) -> impl Iterator<Item = (ExprIx, &Expr)> {
        let holds = move |(last_start, first_end): &(u32, u32)| *last_start >= span.start && *first_end <= span.end;
        let blocks = self.exprs.chunks(BLOCK).zip(&self.blocks).enumerate();
        let near = blocks.filter(move |(_, (_, block))| holds(block));
        near.flat_map(move |(at, (exprs, _))| {
            let inside = exprs.iter().enumerate().filter(move |(_, e)| span.contains(e.span));
            inside.map(move |(i, e)| (ExprIx((at * BLOCK + i) as u32), e))
        })
    }

    /// Notes where blocks of expressions lie, and gives back what the vectors hold in reserve: facts stay until the end of the run.
    pub fn shrink(&mut self) {
        let bounds = |block: &[Expr]| {
            let last_start = block.iter().map(|e| e.span.start).max().unwrap_or_default();
            (last_start, block.iter().map(|e| e.span.end).min().unwrap_or_default())
        };
        self.blocks = self.exprs.chunks(BLOCK).map(bounds).collect();
        self.imports.shrink_to_fit();
        self.types.shrink_to_fit();
        self.callables.shrink_to_fit();
        self.fields.shrink_to_fit();
        self.locals.shrink_to_fit();
        self.annotations.shrink_to_fit();
        self.exprs.shrink_to_fit();
        self.loops.shrink_to_fit();
        self.assigns.shrink_to_fit();
        self.branches.shrink_to_fit();
        self.leaves.shrink_to_fit();
        self.plain.shrink_to_fit();
    }
}

bitflags_lite! {
    /// Modifiers of types, callables, fields. Rust: `STATIC` for statics, `MUTABLE` for `static mut`,
    /// `TEST` for anything under `#[cfg(test)]` or `#[test]`.
    pub struct Mods: u16 {
        STATIC = 1; FINAL = 2; PUBLIC = 4; PRIVATE = 8; PROTECTED = 16; ABSTRACT = 32; NATIVE = 64;
        SYNCHRONIZED = 128; VOLATILE = 256; ASYNC = 512; UNSAFE = 1024; MUTABLE = 2048; TEST = 4096;
        DEFAULT = 8192; THREAD_LOCAL = 16384;
    }
}

/// `import java.util.*;`, `use tokio::{spawn as go};` (one entry per leaf).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Import {
    /// The path, without a trailing wildcard: `java.util`, `tokio::spawn`.
    pub path: Name,
    /// `use x as y`: the name it gets here.
    pub alias: Option<Name>,
    /// `import java.util.*`, `use tokio::*`.
    pub wildcard: bool,
    /// Java `import static`.
    pub is_static: bool,
    /// Rust `pub use`: others reach the target through this module.
    pub reexport: bool,
    /// Rust: the inline module of this file it stands in, `a::b`; empty at file level and in Java.
    pub module: Name,
    /// The whole statement.
    pub span: Span,
}

/// A Rust `mod`: `mod name;` points to a file, `mod name { … }` does not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Module {
    /// Its name.
    pub name: Name,
    /// The inline module of this file it stands in; empty at file level.
    pub within: Name,
    /// `mod name;`: the body is another file.
    pub external: bool,
    /// `#[path = "…"]`.
    pub path: Option<String>,
    /// Under `#[cfg(test)]` or the like.
    pub test: bool,
    /// `#[cfg(feature = "x")]` on it.
    pub feature: Option<Name>,
}

/// A type as written: `Map<String, Foo[]>`, `Arc<Mutex<State>>`, `&'a T` (references are peeled).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TypeRef {
    /// Dotted (Java) or `::` (Rust) name as written, without arguments; `var`, `_` and primitives as they are.
    pub name: Name,
    /// Type arguments as written; wildcards by their bound.
    pub args: Box<[TypeRef]>,
    /// Array dimensions; Rust slices and arrays count as one.
    pub dims: u8,
    /// Where the name stands.
    pub span: Span,
}

/// What kind of type a declaration makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeKind {
    Class,
    Interface,
    Enum,
    Record,
    AnnotationType,
    /// `new T() { … }`; its `supers` holds `T`.
    Anonymous,
    Struct,
    Trait,
    Union,
    /// Rust `type X = …;`: its `supers` holds the target.
    Alias,
}

/// A declared type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeDecl {
    /// Simple name; empty for anonymous classes.
    pub name: Name,
    pub kind: TypeKind,
    /// The type it is nested in.
    pub outer: Option<TypeIx>,
    /// The callable it is local to (local and anonymous classes).
    pub callable: Option<CallableIx>,
    /// Rust: inline module of this file, `a::b`; empty otherwise.
    pub module: Name,
    /// `extends` first, then `implements`; Rust: traits come through `impl` blocks as callables' `of_trait`, derives are annotations.
    pub supers: Vec<TypeRef>,
    /// Names of type parameters: never looked up as types.
    pub type_params: Vec<Name>,
    /// Enum constants' names.
    pub constants: Vec<Name>,
    pub mods: Mods,
    /// The name (the `new T` for anonymous classes).
    pub span: Span,
    /// From the first modifier or annotation to the closing brace.
    pub body: Span,
}

/// What a callable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallableKind {
    Method,
    Constructor,
    /// `static { … }`.
    StaticInit,
    /// `{ … }` in a class body.
    InstanceInit,
    /// The initialiser of a field, static or enum constant; `mods` tells whether it is static.
    FieldInit,
    /// Java lambda.
    Lambda,
    /// Rust free function.
    Function,
    /// Rust closure.
    Closure,
    /// Rust `async { … }`.
    AsyncBlock,
}

/// Something that runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Callable {
    pub kind: CallableKind,
    /// Method or function name; `<init>` for constructors, the field's name for field initialisers, else empty.
    pub name: Name,
    /// The declared type it belongs to, when that type is in this file.
    pub owner: Option<TypeIx>,
    /// Rust `impl Type`: the type as written (also when it is declared elsewhere).
    pub self_type: Option<TypeRef>,
    /// Rust `impl Trait for Type`: the trait as written.
    pub of_trait: Option<TypeRef>,
    /// The callable it is written in (lambdas, closures, async blocks, methods of local classes).
    pub outer: Option<CallableIx>,
    /// Rust: inline module of this file; empty otherwise.
    pub module: Name,
    /// Parameters, `self` left out.
    pub params: Vec<LocalIx>,
    /// Declared return type; none for `void`, `()` and lambdas.
    pub returns: Option<TypeRef>,
    /// Generic parameters: never looked up as types.
    pub type_params: Vec<Name>,
    /// Rust: those of them that are bound to be read, written or shown, and not to run.
    pub data_params: Vec<Name>,
    pub mods: Mods,
    /// The name; the arrow or `|…|` for lambdas and closures.
    pub span: Span,
    /// Header and body.
    pub body: Span,
}

/// A field, a Rust static, or a `lazy_static!`/`thread_local!` item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FieldDecl {
    pub name: Name,
    /// The type it belongs to; none for Rust statics.
    pub owner: Option<TypeIx>,
    /// Rust: inline module of this file.
    pub module: Name,
    pub ty: TypeRef,
    /// `= …`.
    pub init: Option<ExprIx>,
    pub mods: Mods,
    /// The name.
    pub span: Span,
    /// The whole declaration.
    pub decl: Span,
}

/// A local variable or parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    pub name: Name,
    /// As declared; none for `var`, `let` without a type, and untyped lambda parameters.
    pub ty: Option<TypeRef>,
    /// `= …`; for `for (X x : xs)` the `xs`.
    pub init: Option<ExprIx>,
    /// Rust: the field that a pattern takes it from, `Command::Serve::0`, `Pair::left`, as written.
    pub part: Option<Name>,
    pub callable: CallableIx,
    pub param: bool,
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
    /// Where people look for it: the method's name of a call, the type's name of a construction, else the whole.
    pub at: Span,
    /// What runs it.
    pub callable: CallableIx,
    /// What becomes of its value.
    pub usage: Usage,
}

/// The shape of an expression; anything else is `Other` or has no entry at all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ExprKind {
    /// A plain name that is no local: a field, a type, a package, a static import. Rust: a path, `a::b`.
    Name(Name),
    Local(LocalIx),
    /// `base.name` without a call.
    Select {
        base: ExprIx,
        name: Name,
    },
    /// `base.name(args)`, `name(args)`. Rust free calls: no base, `name` is the whole path as written.
    Call {
        base: Option<ExprIx>,
        name: Name,
        args: Box<[ExprIx]>,
    },
    /// `new T(args) { body }`; Rust struct literals: `args` are the field values.
    New {
        ty: Box<TypeRef>,
        args: Box<[ExprIx]>,
        body: Option<TypeIx>,
    },
    /// `base::name` (Java method reference).
    MethodRef {
        base: ExprIx,
        name: Name,
    },
    /// Lambda, closure or async block.
    Lambda(CallableIx),
    /// Rust macro call; `args` where its tokens are expressions.
    Macro {
        name: Name,
        args: Box<[ExprIx]>,
    },
    Literal(Literal),
    /// `a + b + c` where one part may be a string.
    Concat(Box<[ExprIx]>),
    /// `x ? a : b`, `switch`/`match`/`if` used for its value: the possible values.
    Choice(Box<[ExprIx]>),
    /// `T.class`.
    ClassLiteral(Box<TypeRef>),
    /// `(T) e`, `e as T`.
    Cast {
        ty: Box<TypeRef>,
        base: ExprIx,
    },
    /// `{ a, b }`, `new T[] { … }`, `vec![…]`.
    List(Box<[ExprIx]>),
    /// `a * b`, `1 << 4`: kept for constant folding.
    Binary {
        op: Name,
        left: ExprIx,
        right: ExprIx,
    },
    /// `-a`, `!a`.
    Unary {
        op: Name,
        base: ExprIx,
    },
    This,
    Super,
    Other,
}

/// A literal's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Literal {
    /// Unescaped text.
    Text(Name),
    /// Also chars and durations' numbers; suffixes and `_` dropped.
    Int(i64),
    Float(f64),
    Bool(bool),
    Null,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Usage {
    /// The statement ends here: the value is dropped.
    Dropped,
    /// It is the base of this call or select.
    Base(ExprIx),
    /// It is an argument of this call or construction, counted from 0.
    Argument(ExprIx, u8),
    /// It initialises or is assigned to this local.
    ToLocal(LocalIx),
    /// It initialises or is assigned to a field.
    ToField,
    /// `return`, an expression-bodied lambda, a tail expression.
    Returned,
    /// Rust `.await` on it.
    Awaited,
    /// try-with-resources.
    Resource,
    /// A condition, an operand, an annotation's value, anything else.
    Other,
}

/// What an annotation stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    Type(TypeIx),
    Callable(CallableIx),
    Field(FieldIx),
    /// A parameter or local.
    Local(LocalIx),
    /// Inside another annotation (`@Caching(evict = @CacheEvict)`): index into `annotations`.
    Annotation(u32),
    /// Package, file, module, crate, enum constant.
    File,
}

/// An annotation (Java) or attribute (Rust: `tokio::main`, `derive` gives one entry per derived trait).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Annotation {
    /// As written, without `@`.
    pub name: Name,
    pub target: Target,
    /// Named arguments; a sole unnamed one is `value`; a list gives one entry per element.
    pub args: Vec<(Name, ExprIx)>,
    pub span: Span,
}

/// How a loop is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopForm {
    While,
    DoWhile,
    For,
    ForEach,
    /// Rust `loop`.
    Loop,
    /// Rust `while let`.
    WhileLet,
}

/// What ends a loop from inside its body. Bodies of lambdas, nested classes and inner loops' own
/// `break`s do not count. An exit that only asks whether the thread goes on, or that the loop catches
/// itself, does not make a daemon a bounded loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LoopExit {
    /// Nothing.
    Never,
    /// Only on interruption, cancellation or a lifecycle flag (`if (isShutdown()) break;`).
    OnlyLifecycle,
    /// Only by an exception (or Rust `?`, panic) that the loop does not catch itself.
    OnlyThrow,
    /// Java: a `break` or `return` in a `catch`, after a failure.
    OnFailure,
    /// A `break` or `return` that depends on the work's result.
    Conditional,
}

/// A loop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Loop {
    pub form: LoopForm,
    /// The condition is absent or constantly true.
    pub endless: bool,
    /// The condition asks only for names or calls without locals (`running`, `!stopped.get()`,
    /// `!Thread.currentThread().isInterrupted()`): those expressions. Empty when a local takes part.
    pub flags: Vec<ExprIx>,
    /// Rust `while let PATTERN = e`, Java `for (x : e)`: the `e`.
    pub source: Option<ExprIx>,
    pub exit: LoopExit,
    /// The body does nothing but wait (`while (!done) lock.wait();`), or yields to who reads a stream.
    pub guarded_wait: bool,
    pub callable: CallableIx,
    /// The loop's header: keyword to closing parenthesis.
    pub span: Span,
    /// The body: what lies within belongs to the loop.
    pub body: Span,
}

/// How an assignment changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AssignOp {
    /// `=`.
    Set,
    /// `+=`, `++` and the like.
    Update,
}

/// An assignment to something that is not a plain local: `x = …`, `this.x = …`, `Other.X = …`, `map[k] = …`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Assign {
    /// The target; for `a[i] = …` the array expression.
    pub target: ExprIx,
    pub value: Option<ExprIx>,
    pub op: AssignOp,
    /// Guarded by a null or emptiness check of the same target: `if (x == null) x = …`, or by a flag that
    /// is turned with it: `if (!made) { x = …; made = true; }`.
    pub lazy: bool,
    pub callable: CallableIx,
    pub span: Span,
}

/// A call under a check of a field: `if (x == null) load();`, `if (!made) make();`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarded {
    pub call: ExprIx,
    /// The field, as written without `this` or its type.
    pub place: Name,
}
