//! Libraries in whose place musl's loader puts itself: it is the libc
//! (`load_library` in ldso/dynlink.c).

use casefile_snapshot::extract::elf::Extract;

use super::host::Opened;

/// Libraries that musl's loader is itself.
const OWN: [&str; 7] = [
    "libc.",
    "libpthread.",
    "librt.",
    "libm.",
    "libdl.",
    "libutil.",
    "libxnet.",
];

/// Whether the loader itself is what a name stands for.
pub(super) fn is_own(name: &str) -> bool {
    OWN.iter().any(|own| name.starts_with(own))
}

/// Whether a library is a libc: musl puts itself in its place. It goes by two
/// symbols; those who have both are told by DT_SONAME here.
pub(super) fn is_libc(opened: &Opened) -> bool {
    let Extract::Elf(elf) = &*opened.extract else {
        return false;
    };
    let soname = elf.dynamic.as_ref().and_then(|one| one.soname.as_deref());
    soname.is_some_and(|name| {
        name == "libc.so" || name == "libc.so.6" || name.starts_with("libc.musl-")
    })
}
