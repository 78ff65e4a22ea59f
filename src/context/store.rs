//! Where context is kept: one trait, and an engine behind it.
//!
//! A store holds JSON texts by key and knows nothing of what is in them. Its one way to write is
//! to swap: what was read is replaced only where it is still there, so that no write is lost and
//! none is torn, on whatever replica it happens.

use std::fmt;
use std::time::Duration;

use bytestring::ByteString;
use futures::future::BoxFuture;

/// Whose context it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// One phone call's, by the call's id.
    Call,
    /// A customer's, by the number as Vapi sends it.
    Customer,
    /// An assistant's, by its id.
    Assistant,
    /// Everybody's; its one id is `all`.
    Global,
    /// What Vapi's webhooks told of a call, by the call's id. It stands beside what users put,
    /// and no user can name it.
    Vapi,
}

/// What one object is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectKey {
    /// Whose it is.
    pub scope: Scope,
    /// Which one of them.
    pub id: String,
}

/// How long an object stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// As long as what it replaces would have stayed; forever, where it replaces nothing.
    AsBefore,
    /// Until it is deleted.
    Forever,
    /// So long from now.
    For(Duration),
}

/// Why a store did not do what it was asked. Names no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// What a store is asked for, under way.
pub type Pending<'s, T> = BoxFuture<'s, Result<T, StoreError>>;

/// An engine that keeps context.
pub trait Store: fmt::Debug + Send + Sync {
    /// The objects of several keys, in their order, in one round trip.
    fn read<'s>(&'s self, keys: &'s [ObjectKey]) -> Pending<'s, Vec<Option<ByteString>>>;

    /// Puts `new` (none: nothing) in the place of `old` (none: nothing), if `old` is what stands
    /// there. Says whether it did. What it acknowledged is seen by every later `read`.
    fn swap<'s>(
        &'s self,
        key: &'s ObjectKey,
        old: Option<ByteString>,
        new: Option<ByteString>,
        life: Life,
    ) -> Pending<'s, bool>;

    /// What was last seen under a key, for turns in which the store does not answer in time.
    fn last_known(&self, _key: &ObjectKey) -> Option<ByteString> {
        None
    }

    /// How many objects were dropped since the store was full.
    fn dropped(&self) -> u64 {
        0
    }
}

impl Scope {
    /// The scope that users name so.
    pub fn from_name(name: &str) -> Option<Scope> {
        [
            Scope::Call,
            Scope::Customer,
            Scope::Assistant,
            Scope::Global,
        ]
        .into_iter()
        .find(|scope| scope.name() == name)
    }

    /// Its name, in paths and in stores.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Call => "call",
            Scope::Customer => "customer",
            Scope::Assistant => "assistant",
            Scope::Global => "global",
            Scope::Vapi => "vapi",
        }
    }
}

impl ObjectKey {
    /// The key of a scope's object.
    pub fn new(scope: Scope, id: impl Into<String>) -> ObjectKey {
        ObjectKey {
            scope,
            id: id.into(),
        }
    }
}

/// As stores write it: `call:ID`.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope.name(), self.id)
    }
}
