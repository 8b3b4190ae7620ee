//! Named bits in an integer, without a dependency.

/// Declares a bit set with named constants, `has`, and `|`.
macro_rules! bitflags_lite {
    ($(#[$doc:meta])* pub struct $name:ident: $int:ty { $($flag:ident = $value:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub $int);
        #[allow(missing_docs)]
        impl $name {
            $(pub const $flag: Self = Self($value);)*
            /// Are all bits of `other` set?
            pub fn has(self, other: Self) -> bool { self.0 & other.0 == other.0 }
            /// Sets the bits of `other`.
            pub fn insert(&mut self, other: Self) { self.0 |= other.0; }
        }
        impl std::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self { Self(self.0 | other.0) }
        }
    };
}
