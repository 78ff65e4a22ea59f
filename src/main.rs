//! aside.
fn main() {}
