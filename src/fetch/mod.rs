//! `[fetch.NAME]` of rule files: facts over HTTP, which are `fetch.NAME` for every rule.
//!
//! `section`, `defined` and `needed` are functions of their input, and all that rulesets name.
//! `fetcher` alone asks, and knows the clock.

pub mod defined;
pub mod fetcher;
pub mod manual;
pub mod needed;
pub mod section;
