//! Hours in a condition: `now.within("Mon-Fri 09:00-17:30", "Europe/Berlin")`, read with it.

use std::sync::LazyLock;

use cel::ExecutionError;
use cel::common::types::{CelBool, CelTimestamp, Type};
use cel::common::value::{CowVal, StaticVal, Val};

use crate::lang::hours::WeeklyHours;

/// Hours that stand in a condition, read with it.
#[derive(Debug, Clone)]
pub(super) struct LiteralHours {
    /// The name by which the expression refers to them; no text of a user can spell it.
    pub(super) name: String,
    pub(super) hours: WeeklyHours,
}

/// What the expression language takes them for: a constant.
pub(super) static HOURS_TYPE: LazyLock<Type> = LazyLock::new(|| Type::new_opaque_type("hours"));

impl Val for LiteralHours {
    fn get_type(&self) -> &Type {
        &HOURS_TYPE
    }

    fn cel_type() -> &'static Type {
        &HOURS_TYPE
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn std::any::Any> {
        Some(self)
    }
}

impl StaticVal for LiteralHours {}

/// `time.within(hours)`.
pub(super) fn within_hours<'b, 'v>(
    arguments: Vec<CowVal<'b, 'v>>,
) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let time = arguments
        .first()
        .and_then(|time| time.downcast_ref::<CelTimestamp>());
    let hours = arguments
        .get(1)
        .and_then(|hours| hours.downcast_ref::<LiteralHours>());
    match (time, hours) {
        (Some(time), Some(literal)) => {
            let second = time.inner().timestamp();
            Ok(CowVal::owned(CelBool::from(literal.hours.contain(second))))
        }
        _ => Err(ExecutionError::missing_argument_or_target()),
    }
}
