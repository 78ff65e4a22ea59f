//! Comparisons of a path with what is written out: `call.type == "a"`, `turn.number > 3`,
//! `call.type in ["a", "b"]`, `now > timestamp("2026-11-22T15:30:00Z")`.

use cel::{
    IdedExpr,
    common::ast::{Expr, LiteralValue, operators},
};

use super::subject::{Subject, text};

/// What one side of a comparison is held against.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Number(f64),
    Text(String),
    Boolean(bool),
    Null,
    /// A time, in seconds since 1970.
    Time(f64),
}

/// `path OPERATOR literal`.
pub(super) struct Comparison {
    pub(super) subject: Subject,
    pub(super) operator: &'static str,
    pub(super) literal: Literal,
}

/// `path in [literals]`.
pub(super) fn among(expression: &IdedExpr) -> Option<(Subject, Vec<Literal>)> {
    let Expr::Call(call) = &expression.expr else {
        return None;
    };
    let (operators::IN, [item, list]) = (&*call.func_name, call.args.as_slice()) else {
        return None;
    };
    let Expr::List(list) = &list.expr else {
        return None;
    };
    let values = list.elements.iter().map(literal);
    Some((Subject::of(item)?, values.collect::<Option<_>>()?))
}

/// Whether a comparison may hold where the path has this value.
pub(super) fn may_hold_for(value: &Literal, comparison: &Comparison) -> bool {
    match comparison.operator {
        operators::EQUALS => *value == comparison.literal,
        _ => satisfies(value, comparison),
    }
}

/// Whether a value may pass a comparison that is none of equality.
pub(super) fn satisfies(value: &Literal, comparison: &Comparison) -> bool {
    if comparison.operator == operators::NOT_EQUALS {
        return *value != comparison.literal;
    }
    match (number(value), bounds(comparison)) {
        (Some(number), Some(bounds)) => !is_empty((number, false, number, false), bounds),
        _ => true,
    }
}

/// Lower bound, whether it is excluded, upper bound, whether it is excluded.
pub(super) type Bounds = (f64, bool, f64, bool);

pub(super) fn bounds(comparison: &Comparison) -> Option<Bounds> {
    let number = number(&comparison.literal)?;
    Some(match comparison.operator {
        operators::LESS => (f64::NEG_INFINITY, false, number, true),
        operators::LESS_EQUALS => (f64::NEG_INFINITY, false, number, false),
        operators::GREATER => (number, true, f64::INFINITY, false),
        operators::GREATER_EQUALS => (number, false, f64::INFINITY, false),
        _ => return None,
    })
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Number(number) | Literal::Time(number) => Some(*number),
        _ => None,
    }
}

pub(super) fn is_empty(one: Bounds, other: Bounds) -> bool {
    let (low, low_out) = match one.0.total_cmp(&other.0) {
        std::cmp::Ordering::Greater => (one.0, one.1),
        std::cmp::Ordering::Less => (other.0, other.1),
        std::cmp::Ordering::Equal => (one.0, one.1 || other.1),
    };
    let (high, high_out) = match one.2.total_cmp(&other.2) {
        std::cmp::Ordering::Less => (one.2, one.3),
        std::cmp::Ordering::Greater => (other.2, other.3),
        std::cmp::Ordering::Equal => (one.2, one.3 || other.3),
    };
    low > high || (low == high && (low_out || high_out))
}

pub(super) fn comparison(expression: &IdedExpr) -> Option<Comparison> {
    const OPERATORS: [(&str, &str); 6] = [
        (operators::EQUALS, operators::EQUALS),
        (operators::NOT_EQUALS, operators::NOT_EQUALS),
        (operators::LESS, operators::GREATER),
        (operators::LESS_EQUALS, operators::GREATER_EQUALS),
        (operators::GREATER, operators::LESS),
        (operators::GREATER_EQUALS, operators::LESS_EQUALS),
    ];
    let Expr::Call(call) = &expression.expr else {
        return None;
    };
    let (operator, turned) = OPERATORS
        .into_iter()
        .find(|(operator, _)| *operator == call.func_name)?;
    let [left, right] = call.args.as_slice() else {
        return None;
    };
    let (subject, literal, operator) = match (Subject::of(left), literal(right)) {
        (Some(subject), Some(literal)) => (subject, literal, operator),
        _ => (Subject::of(right)?, literal(left)?, turned),
    };
    Some(Comparison {
        subject,
        operator,
        literal,
    })
}

pub(super) fn literal(expression: &IdedExpr) -> Option<Literal> {
    if let Expr::Call(call) = &expression.expr {
        let [only] = call.args.as_slice() else {
            return None;
        };
        return match (call.func_name.as_str(), &call.target) {
            (operators::NEGATE, _) => match literal(only) {
                Some(Literal::Number(number)) => Some(Literal::Number(-number)),
                _ => None,
            },
            ("timestamp", None) => {
                let time: jiff::Timestamp = text(only)?.parse().ok()?;
                // Only compared: a part of a second more or less is no hour of a rule.
                Some(Literal::Time(time.as_second() as f64))
            }
            _ => None,
        };
    }
    let Expr::Literal(literal) = &expression.expr else {
        return None;
    };
    Some(match literal {
        // Only compared: what is beyond 2^53 is no number of a rule.
        LiteralValue::Int(number) => Literal::Number(*number.inner() as f64),
        LiteralValue::UInt(number) => Literal::Number(*number.inner() as f64),
        LiteralValue::Double(number) => Literal::Number(*number.inner()),
        LiteralValue::String(text) => Literal::Text(text.inner().to_owned()),
        LiteralValue::Boolean(value) => Literal::Boolean(*value.inner()),
        LiteralValue::Null => Literal::Null,
        LiteralValue::Bytes(_) => return None,
    })
}
