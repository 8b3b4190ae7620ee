//! Tokens of Java.

/// A token and its place.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: T,
    pub(super) start: u32,
    pub(super) end: u32,
}

macro_rules! tokens {
    ($($keyword:ident = $text:literal),* ; $($other:ident),* $(,)?) => {
        /// The kind of a token; `End` stands after the last one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum T { $($keyword,)* $($other,)* }

        /// The keyword that a word is; words that are keywords in some places only are names.
        pub(super) fn keyword(word: &[u8]) -> T {
            if word.len() > 12 || !word[0].is_ascii_lowercase() {
                return T::Name;
            }
            $(const _: () = assert!($text.len() <= 12);)*
            match std::str::from_utf8(word).unwrap_or_default() {
                $($text => T::$keyword,)*
                _ => T::Name,
            }
        }
    };
}

tokens! {
    Abstract = "abstract", Assert = "assert", Boolean = "boolean", Break = "break", Byte = "byte", Case = "case",
    Catch = "catch", CharType = "char", Class = "class", Continue = "continue", Default = "default", Do = "do",
    Double = "double", Else = "else", Enum = "enum", Extends = "extends", False = "false", Final = "final",
    Finally = "finally", FloatType = "float", For = "for", If = "if", Implements = "implements", Import = "import",
    InstanceOf = "instanceof", Int = "int", Interface = "interface", Long = "long", Native = "native", New = "new",
    Null = "null", Package = "package", Private = "private", Protected = "protected", Public = "public",
    Return = "return", Short = "short", Static = "static", Strictfp = "strictfp", Super = "super", Switch = "switch",
    Synchronized = "synchronized", This = "this", Throw = "throw", Throws = "throws", Transient = "transient",
    True = "true", Try = "try", Void = "void", Volatile = "volatile", While = "while",
    Goto = "goto", Const = "const";
    Name, String, Char, Decimal, Hex, Octal, Float,
    LeftParen, RightParen, LeftBrace, RightBrace, LeftBracket, RightBracket, Semicolon, Comma, Dot, Ellipsis, At,
    Colon, ColonColon, Arrow, Question, Assign, Update, Less, Greater, LessEqual, Equal, NotEqual, AndAnd, OrOr, Plus,
    Minus, Star, Slash, Percent, And, Or, Xor, ShiftLeft, Bang, Tilde, PlusPlus, MinusMinus,
    End,
}

impl T {
    /// `int`, `void` and the like.
    pub(super) fn is_primitive(self) -> bool {
        use T::*;
        matches!(self, Boolean | Byte | CharType | Double | FloatType | Int | Long | Short | Void)
    }
}
