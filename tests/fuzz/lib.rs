//! The programs that libFuzzer drives, each for one reader of
//! `casefile_tests::fuzz`. `cargo xtask fuzz` builds and runs them.

pub use casefile_tests::fuzz::{Target, target};
pub use libfuzzer_sys::fuzz_target;

/// The program of a reader, by its name.
#[macro_export]
macro_rules! reader {
    ($name:literal) => {
        static TARGET: std::sync::LazyLock<Option<$crate::Target>> =
            std::sync::LazyLock::new(|| $crate::target($name));

        $crate::fuzz_target!(|bytes: &[u8]| {
            match *TARGET {
                Some(target) => target(bytes),
                None => panic!("there is no reader {}", $name),
            }
        });
    };
}
