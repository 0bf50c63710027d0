//! To be filled: see ARCHITECTURE.md.
fn main() {}
