//! What tells one private value from another, and nothing else of it.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::RandomState;

/// What is the same for all spellings of one value, and tells nothing of it: 128 bits of hash
/// under random seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity(u64, u64);

/// The seeds of identities. Only identities of the same seeds can be compared.
#[derive(Debug, Clone, Default)]
pub struct Seeds(RandomState, RandomState);

impl Seeds {
    /// The identity of a value.
    pub fn identity<V: Hash + ?Sized>(&self, value: &V) -> Identity {
        Identity(self.0.hash_one(value), self.1.hash_one(value))
    }

    /// A hash of four bytes.
    pub fn short(&self, bytes: u32) -> u64 {
        self.0.hash_one(bytes)
    }
}
