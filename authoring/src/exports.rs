//! What a component exports, once it is clear that it imports nothing but the
//! contract.

use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{WorldItem, WorldKey};

use crate::contract;
use crate::error::ComponentError;

/// What a component exports.
///
/// # Errors
/// It imports more than the contract.
pub(crate) fn of(component: &[u8]) -> Result<Vec<String>, ComponentError> {
    let decoded = decode(component).map_err(|error| ComponentError::Encode(error.to_string()))?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        return Err(ComponentError::Encode(
            "it is a package of interfaces".to_owned(),
        ));
    };
    let world = &resolve.worlds[world];
    let name = |(key, item): (&WorldKey, &WorldItem)| match item {
        // Types are no permissions: they come with the interface of the types.
        WorldItem::Type { .. } => None,
        WorldItem::Interface { .. } | WorldItem::Function(_) => Some(resolve.name_world_key(key)),
    };
    let of_contract = |name: &String| {
        name.strip_prefix(contract::PACKAGE)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    if let Some(other) = world
        .imports
        .iter()
        .filter_map(name)
        .find(|import| !of_contract(import))
    {
        return Err(ComponentError::Import(other));
    }
    Ok(world.exports.iter().filter_map(name).collect())
}
