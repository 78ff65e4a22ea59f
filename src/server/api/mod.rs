//! What requests ask for beside turns, who may ask, and errors as clients know them.

pub(super) mod auth;
pub(super) mod body;
pub(super) mod context;
pub(super) mod error;
pub(super) mod events;
pub(super) mod origin;
pub(super) mod path;
pub(super) mod signature;
