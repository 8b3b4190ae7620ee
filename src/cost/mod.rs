//! Is it worth it: what services cost where they are and where they may go, and what their traffic asks of limits.

pub mod model;
