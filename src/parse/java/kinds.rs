//! tree-sitter's kinds and fields as plain enums: resolved once, matched as numbers ever after.

use std::sync::LazyLock;

use tree_sitter::Language;

macro_rules! kinds {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $enum {
            $($variant,)*
            /// Not one that the visitor asks for by name.
            Other,
        }
        impl $enum {
            fn named(text: &str) -> Self {
                match text { $($text => Self::$variant,)* _ => Self::Other }
            }
        }
    };
}

kinds! {
    /// The kind of a node. Tokens are the last group.
    Kind {
        Program = "program", Package = "package_declaration", Import = "import_declaration", Module = "module_declaration",
        Identifier = "identifier", ScopedIdentifier = "scoped_identifier", Asterisk = "asterisk",
        Class = "class_declaration", Interface = "interface_declaration", Enum = "enum_declaration",
        Record = "record_declaration", AnnotationType = "annotation_type_declaration",
        ClassBody = "class_body", InterfaceBody = "interface_body", EnumBody = "enum_body",
        EnumMembers = "enum_body_declarations", AnnotationBody = "annotation_type_body", EnumConstant = "enum_constant",
        ExtendsInterfaces = "extends_interfaces", TypeList = "type_list", TypeParameter = "type_parameter",
        Field = "field_declaration", Constant = "constant_declaration", Method = "method_declaration",
        AnnotationElement = "annotation_type_element_declaration", Constructor = "constructor_declaration",
        CompactConstructor = "compact_constructor_declaration", StaticInit = "static_initializer",
        ConstructorBody = "constructor_body", ConstructorCall = "explicit_constructor_invocation",
        Parameters = "formal_parameters", Parameter = "formal_parameter", Spread = "spread_parameter",
        InferredParameters = "inferred_parameters", Declarator = "variable_declarator", Dimensions = "dimensions",
        Modifiers = "modifiers", Annotation = "annotation", MarkerAnnotation = "marker_annotation",
        AnnotationArguments = "annotation_argument_list", ElementPair = "element_value_pair",
        ElementArray = "element_value_array_initializer",
        TypeIdentifier = "type_identifier", ScopedType = "scoped_type_identifier", GenericType = "generic_type",
        ArrayType = "array_type", AnnotatedType = "annotated_type", Integral = "integral_type",
        Floating = "floating_point_type", Boolean = "boolean_type", Void = "void_type",
        TypeArguments = "type_arguments", Wildcard = "wildcard",
        Block = "block", LocalVariable = "local_variable_declaration", ExpressionStatement = "expression_statement",
        If = "if_statement", While = "while_statement", Do = "do_statement", For = "for_statement",
        ForEach = "enhanced_for_statement", Labeled = "labeled_statement", Synchronized = "synchronized_statement",
        Try = "try_statement", TryResources = "try_with_resources_statement", Resource = "resource",
        Catch = "catch_clause", CatchParameter = "catch_formal_parameter", CatchType = "catch_type",
        Finally = "finally_clause", Return = "return_statement", Throw = "throw_statement", Yield = "yield_statement",
        Break = "break_statement", Continue = "continue_statement", Assert = "assert_statement",
        Switch = "switch_expression", SwitchGroup = "switch_block_statement_group", SwitchRule = "switch_rule",
        SwitchLabel = "switch_label", Pattern = "pattern", TypePattern = "type_pattern",
        RecordPattern = "record_pattern", RecordPatternBody = "record_pattern_body",
        RecordComponent = "record_pattern_component", Underscore = "underscore_pattern", Guard = "guard",
        Call = "method_invocation", Arguments = "argument_list", New = "object_creation_expression",
        FieldAccess = "field_access", ArrayAccess = "array_access", MethodRef = "method_reference",
        Lambda = "lambda_expression", Ternary = "ternary_expression", Assignment = "assignment_expression",
        Binary = "binary_expression", Unary = "unary_expression", Update = "update_expression",
        InstanceOf = "instanceof_expression", Cast = "cast_expression", ClassLiteral = "class_literal",
        ArrayCreation = "array_creation_expression", ArrayInit = "array_initializer",
        Template = "template_expression", Parens = "parenthesized_expression", This = "this", Super = "super",
        String = "string_literal", Char = "character_literal", True = "true", False = "false", Null = "null_literal",
        Decimal = "decimal_integer_literal", Hex = "hex_integer_literal", Octal = "octal_integer_literal",
        Binaries = "binary_integer_literal", Float = "decimal_floating_point_literal",
        HexFloat = "hex_floating_point_literal", LineComment = "line_comment", BlockComment = "block_comment",
        Modifier = "modifier keyword", Operator = "operator", Arrow = "->", NewKeyword = "new", Close = ")", Semicolon = ";",
        // What the parser could not place; what is left out of the flat tree.
        Error = "ERROR", Skip = "(",
    }
}

kinds! {
    /// The role of a node in its parent.
    Role {
        Name = "name", Type = "type", Body = "body", Value = "value", Object = "object", Arguments = "arguments",
        Parameters = "parameters", Dimensions = "dimensions", Operator = "operator", Left = "left", Right = "right",
        Operand = "operand", Condition = "condition", Consequence = "consequence", Alternative = "alternative",
        Array = "array", Index = "index", Superclass = "superclass", Interfaces = "interfaces",
        TypeParameters = "type_parameters", Init = "init", Update = "update", Pattern = "pattern",
        Constructor = "constructor", Key = "key", Declarator = "declarator", Element = "element", Field = "field",
        Resources = "resources",
    }
}

/// How the pass over tree-sitter's tree treats a kind.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Its children are wanted.
    pub(super) descend: bool,
    /// Its children's roles are wanted.
    pub(super) roles: bool,
}

/// Kinds and fields by tree-sitter's numbers.
pub(super) struct Table {
    kinds: Vec<Entry>,
    roles: Vec<Role>,
}

impl Table {
    /// What a node of this kind is.
    #[inline]
    pub(super) fn kind(&self, id: u16) -> Entry {
        const ERROR: Entry = Entry { kind: Kind::Error, descend: true, roles: false };
        self.kinds.get(usize::from(id)).copied().unwrap_or(ERROR)
    }

    /// The role of this field.
    #[inline]
    pub(super) fn role(&self, id: u16) -> Role {
        self.roles.get(usize::from(id)).copied().unwrap_or(Role::Other)
    }
}

/// The one table.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let language: Language = tree_sitter_java::LANGUAGE.into();
    let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    let fields = u16::try_from(language.field_count()).unwrap_or(0);
    let role = |id| language.field_name_for_id(id).map_or(Role::Other, Role::named);
    let kind = |id| {
        let text = language.node_kind_for_id(id).unwrap_or("");
        let kind = if language.node_kind_is_named(id) { Kind::named(text) } else { token(text) };
        Entry { kind, descend: descends(kind), roles: has_roles(kind) }
    };
    Table { kinds: (0..count).map(kind).collect(), roles: (0..=fields).map(role).collect() }
});

fn token(text: &str) -> Kind {
    match text {
        "public" | "protected" | "private" | "abstract" | "static" | "final" | "default" | "synchronized"
        | "native" | "volatile" => Kind::Modifier,
        "->" => Kind::Arrow,
        "new" => Kind::NewKeyword,
        ")" => Kind::Close,
        ";" => Kind::Semicolon,
        "@interface" | "(" | "{" | "}" | "[" | "]" | "," | "." | "..." | "@" | "::" | ":" => Kind::Skip,
        _ if text.starts_with(|c: char| c.is_ascii_punctuation()) => Kind::Operator,
        _ => Kind::Skip,
    }
}

fn descends(kind: Kind) -> bool {
    use Kind::*;
    !matches!(
        kind,
        Identifier
            | ScopedIdentifier
            | Asterisk
            | Dimensions
            | TypeIdentifier
            | ScopedType
            | Integral
            | Floating
            | Boolean
            | Void
            | Underscore
            | This
            | Super
            | String
            | Char
            | True
            | False
            | Null
            | Decimal
            | Hex
            | Octal
            | Binaries
            | Float
            | HexFloat
            | LineComment
            | BlockComment
            | Modifier
            | Operator
            | Arrow
            | NewKeyword
            | Close
            | Semicolon
            | Module
            | Skip
    )
}

fn has_roles(kind: Kind) -> bool {
    use Kind::*;
    !matches!(
        kind,
        Program
            | Package
            | Import
            | ClassBody
            | InterfaceBody
            | EnumBody
            | EnumMembers
            | AnnotationBody
            | Modifiers
            | ExtendsInterfaces
            | TypeList
            | TypeParameter
            | StaticInit
            | ConstructorBody
            | Parameters
            | InferredParameters
            | AnnotationArguments
            | ElementArray
            | GenericType
            | AnnotatedType
            | TypeArguments
            | Wildcard
            | Block
            | ExpressionStatement
            | Labeled
            | CatchType
            | Finally
            | Return
            | Throw
            | Yield
            | Break
            | Continue
            | Assert
            | SwitchGroup
            | SwitchRule
            | SwitchLabel
            | Pattern
            | TypePattern
            | RecordPattern
            | RecordPatternBody
            | RecordComponent
            | Guard
            | Arguments
            | MethodRef
            | Update
            | ClassLiteral
            | ArrayInit
            | Parens
            | Error
            | Other
    )
}

/// Is a token of this kind kept under a parent of that kind?
#[inline]
pub(super) fn keeps(parent: Kind, token: Kind) -> bool {
    use Kind::*;
    match token {
        Skip | LineComment | BlockComment => false,
        Operator => matches!(parent, Binary | Unary | Update | Assignment),
        Modifier => matches!(parent, Modifiers | Import | StaticInit),
        Arrow => parent == Lambda,
        NewKeyword => parent == MethodRef,
        Close => matches!(parent, For | ForEach),
        Semicolon => matches!(parent, While | Do | For | ForEach | If | Labeled),
        _ => true,
    }
}
