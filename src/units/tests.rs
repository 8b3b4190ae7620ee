//! Mimics of shapes of real repositories.
