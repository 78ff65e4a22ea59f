//! The servers that aside asks: who they may be, by whom they must be vouched for,
//! how they are asked, and when they are left in peace.

pub mod address;
pub mod breaker;
pub mod coding;
pub mod host;
pub mod http;
pub mod own_header;
pub mod port;
pub mod tls;
pub mod trace_context;
