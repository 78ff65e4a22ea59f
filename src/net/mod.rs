//! The servers that aside asks: who they may be, and by whom they must be vouched for.

pub mod address;
pub mod host;
pub mod http;
pub mod tls;
