//! What requests ask for beside turns, who may ask, and errors as clients know them. A turn uses
//! what it needs of it; nothing here knows of turns.

pub(super) mod auth;
pub(super) mod body;
pub(super) mod caller;
pub(super) mod context;
pub(super) mod error;
pub(super) mod events;
pub(super) mod inspect;
pub(super) mod metrics;
pub(super) mod models;
pub(super) mod origin;
pub(super) mod path;
mod signature;
