//! ELF extracts in few words: what a case leaves out is that of an ordinary
//! 64-bit program for x86-64. `docs/cases.md` says what may be left out.

use casefile_snapshot::extract::elf::Extract;
use toml::{Table, Value};

use crate::CaseError;
use crate::error::{OrWrong as _, bail};

/// The header where a case gives none: 64 bits, little endian, System V,
/// a shared object or a position-independent program, for x86-64.
pub(crate) const HEADER: [(&str, i64); 7] = [
    ("class", 2),
    ("data", 1),
    ("os_abi", 0),
    ("abi_version", 0),
    ("object_type", 3),
    ("machine", 62),
    ("flags", 0),
];

/// An extract from a case's words.
///
/// # Errors
/// They are not those of an extract.
pub(crate) fn extract(mut table: Table) -> Result<Extract, CaseError> {
    let is = table
        .entry("is")
        .or_insert_with(|| Value::from("elf"))
        .clone();
    if is.as_str() == Some("elf") {
        for (name, number) in HEADER {
            table.entry(name).or_insert_with(|| Value::from(number));
        }
        if let Some(dynamic) = table.get_mut("dynamic") {
            let dynamic = dynamic.as_table_mut().or_wrong("dynamic is no table")?;
            if let Some(needs) = dynamic.get_mut("version_needs") {
                for need in list(needs)? {
                    let need = need.as_table_mut().or_wrong("a version need is no table")?;
                    spell(need.get_mut("versions").or_wrong("it needs no versions")?)?;
                }
            }
            if let Some(definitions) = dynamic.get_mut("version_definitions") {
                spell(definitions)?;
            }
        }
    }
    Ok(table.try_into::<Extract>()?)
}

/// Gives versions the shape that extracts have.
fn spell(versions: &mut Value) -> Result<(), CaseError> {
    for version in list(versions)? {
        if let Value::String(name) = version {
            let name = Value::from(std::mem::take(name));
            *version = Value::Table(crate::table::of([("name", name)]));
        }
        let table = version.as_table_mut().or_wrong("a version is no table")?;
        let Some(name) = table.get("name").and_then(Value::as_str) else {
            bail!("a version without a name");
        };
        let hash = Value::from(i64::from(hash(name)));
        table.entry("hash").or_insert(hash);
    }
    Ok(())
}

fn list(value: &mut Value) -> Result<&mut Vec<Value>, CaseError> {
    value.as_array_mut().or_wrong("no list of versions")
}

/// The hash of a name: System V ABI, Dynamic Linking, Hash Table.
pub(crate) fn hash(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, byte| {
        let sum = (hash << 4).wrapping_add(u32::from(byte));
        let top = sum & 0xf000_0000;
        (sum ^ (top >> 24)) & !top
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn names_are_hashed_as_linkers_do() {
        // vna_hash in a program that binutils linked.
        assert_eq!(hash("GLIBC_2.2.5"), 0x0969_1a75);
        assert_eq!(hash("GLIBC_2.34"), 0x0696_91b4);
        assert_eq!(hash("LIBSELINUX_1.0"), 0x0edb_87f0);
        assert_eq!(hash(""), 0);
    }
}
