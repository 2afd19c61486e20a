//! The `casetrack` program: parse, call `cli`, print the error chain.
fn main() {}
