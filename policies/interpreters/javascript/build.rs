//! Gives the interpreter a stack that is larger than other policies': each
//! call of a script's function is one of the interpreter's.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
}
