//! The tierline program.
fn main() {}
