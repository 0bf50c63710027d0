//! A stack on which scripts may nest: the policies' 64 KiB are too few for an
//! interpreter that calls itself for each level of an expression.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("TARGET").is_ok_and(|target| target.starts_with("wasm32")) {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=2097152");
    }
}
