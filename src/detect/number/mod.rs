//! Numbers: what governs one, what kind it is, and where one ends and the next begins.
//!
//! A row of `kinds.rs` is a kind of number. Codes with letters and dates are in `value/`.

mod bank;
mod business;
mod card;
mod claim;
mod claimer;
mod edges;
mod identity;
mod judge;
mod key;
mod kinds;
mod phone;
mod place;
mod reach;
mod split;
mod ssn;

pub(super) use bank::claim_bank;
pub(super) use card::is_valid as is_valid_card;
pub(super) use claim::claim;
pub(super) use kinds::{NUMBERS_ONLY, NumberKind, is_whole};
pub(super) use phone::canonical as canonical_phone;
pub use phone::region_of;
pub(super) use place::{NumberPlace, Tie};
pub(super) use reach::REACH;

#[cfg(test)]
mod tests;
