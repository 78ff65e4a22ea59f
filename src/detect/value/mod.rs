//! Finders, one file a kind of value, that look for something else than a number's digits.
//!
//! Each claims what is its own and asks no other what that would claim; `scan.rs` has their order.

pub(super) mod address;
pub(super) mod answer;
pub(super) mod bic;
pub(super) mod birthdate;
pub(super) mod code;
pub(super) mod email;
pub(super) mod iban;
pub(super) mod ip;
pub(super) mod mac;
pub(super) mod name;
pub(super) mod national;
pub(super) mod secret;
pub(super) mod url;
