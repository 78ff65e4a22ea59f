//! What a part of a condition is, and what goes together.

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Time,
    Duration,
    Text,
    Number,
    Boolean,
    List,
    Map,
    Null,
    /// What JSON may hold: anything but a time and a duration.
    Json,
    /// Nothing is known of it.
    Any,
}

impl Type {
    pub(super) fn name(self) -> &'static str {
        match self {
            Type::Time => "a time",
            Type::Duration => "a duration",
            Type::Text => "a text",
            Type::Number => "a number",
            Type::Boolean => "true or false",
            Type::List => "a list",
            Type::Map => "an object",
            Type::Null => "null",
            Type::Json => "never a time",
            Type::Any => "something",
        }
    }
}

/// Whether a comparison of two can work.
pub(super) fn are_comparable(one: Type, other: Type) -> bool {
    let is_open = |kind: Type| matches!(kind, Type::Any | Type::Null);
    let is_timely = |kind: Type| matches!(kind, Type::Time | Type::Duration);
    if one == other || is_open(one) || is_open(other) {
        return true;
    }
    // What JSON holds may be anything else.
    (one == Type::Json && !is_timely(other)) || (other == Type::Json && !is_timely(one))
}

/// Whether two can be added, or subtracted.
pub(super) fn can_be_added(one: Type, other: Type) -> bool {
    let fits = |one: Type, other: Type| match one {
        Type::Time => matches!(other, Type::Time | Type::Duration | Type::Any),
        Type::Text => !matches!(other, Type::Number | Type::Boolean | Type::List),
        _ => true,
    };
    fits(one, other) && fits(other, one)
}
