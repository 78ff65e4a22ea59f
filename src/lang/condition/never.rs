//! Whether a condition can hold at all, as far as its text tells.
//!
//! Nothing is guessed: what depends on a call in a way that is not plain may hold.

use cel::{
    IdedExpr,
    common::ast::{Expr, LiteralValue, operators},
};

use super::{Condition, partial::Part};
use crate::lang::facts::{Facts, ROOTS};

/// What one side of a comparison is held against.
#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Number(f64),
    Text(String),
    Boolean(bool),
    Null,
}

/// `path OPERATOR literal`.
struct Comparison {
    path: String,
    operator: &'static str,
    literal: Literal,
}

impl Condition {
    /// Whether it holds for no call whatever.
    pub fn never_holds(&self) -> bool {
        self.never(&self.0.expression, &Facts::default())
    }

    /// The regular expressions in it.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        let patterns = self.0.names.patterns.iter();
        patterns.map(|pattern| pattern.regex.as_str())
    }

    /// The texts that a path is compared with by `==` and `!=`, wherever in it.
    pub fn compared_with(&self, path: &str) -> Vec<String> {
        let mut texts = Vec::new();
        super::partial::each_part(&self.0.expression, &mut |part| {
            let found = comparison(part).filter(|found| found.path == path);
            if let Some(Literal::Text(text)) = found.map(|found| found.literal) {
                texts.push(text);
            }
        });
        texts
    }

    /// A path that it looks up, for messages; else a root that it speaks of.
    pub fn first_path(&self) -> String {
        let names = &self.0.names;
        let first = names.paths.first().map(|path| path.join("."));
        first
            .or_else(|| names.roots.first().cloned())
            .unwrap_or_default()
    }

    fn never(&self, expression: &IdedExpr, facts: &Facts) -> bool {
        if !super::partial::speaks_of(expression, &|name| ROOTS.contains(&name)) {
            return matches!(self.known(expression, facts), Part::False | Part::Absent);
        }
        let Expr::Call(call) = &expression.expr else {
            return false;
        };
        match call.func_name.as_str() {
            operators::LOGICAL_OR => call.args.iter().all(|part| self.never(part, facts)),
            operators::LOGICAL_AND => {
                let mut all = Vec::new();
                conjuncts(expression, &mut all);
                all.iter().any(|part| self.never(part, facts)) || contradict(&all)
            }
            _ => contradict(&[expression]),
        }
    }
}

/// The parts of a chain of `&&`.
fn conjuncts<'e>(expression: &'e IdedExpr, found: &mut Vec<&'e IdedExpr>) {
    match &expression.expr {
        Expr::Call(call) if call.func_name == operators::LOGICAL_AND => {
            call.args.iter().for_each(|part| conjuncts(part, found));
        }
        _ => found.push(expression),
    }
}

/// Whether no value of some path satisfies all comparisons with it.
fn contradict(parts: &[&IdedExpr]) -> bool {
    let all: Vec<Comparison> = parts.iter().filter_map(|part| comparison(part)).collect();
    all.iter().enumerate().any(|(at, one)| {
        let below_zero = one.path == "turn.number" && is_below_zero(one);
        below_zero
            || all[at + 1..]
                .iter()
                .any(|other| one.path == other.path && exclude(one, other))
    })
}

/// Turns are counted from zero, where the assistant speaks first.
fn is_below_zero(one: &Comparison) -> bool {
    match (one.operator, &one.literal) {
        (operators::LESS, Literal::Number(number)) => *number <= 0.0,
        (operators::LESS_EQUALS | operators::EQUALS, Literal::Number(number)) => *number < 0.0,
        _ => false,
    }
}

fn exclude(one: &Comparison, other: &Comparison) -> bool {
    let is_equal = |comparison: &Comparison| comparison.operator == operators::EQUALS;
    match (is_equal(one), is_equal(other)) {
        (true, true) => one.literal != other.literal,
        (true, false) => !satisfies(&one.literal, other),
        (false, true) => !satisfies(&other.literal, one),
        (false, false) => match (bounds(one), bounds(other)) {
            (Some(one), Some(other)) => is_empty(one, other),
            _ => false,
        },
    }
}

/// Whether a value may pass a comparison that is none of equality.
fn satisfies(value: &Literal, comparison: &Comparison) -> bool {
    if comparison.operator == operators::NOT_EQUALS {
        return *value != comparison.literal;
    }
    match (value, bounds(comparison)) {
        (Literal::Number(number), Some(bounds)) => {
            !is_empty((*number, false, *number, false), bounds)
        }
        _ => true,
    }
}

/// Lower bound, whether it is excluded, upper bound, whether it is excluded.
type Bounds = (f64, bool, f64, bool);

fn bounds(comparison: &Comparison) -> Option<Bounds> {
    let Literal::Number(number) = comparison.literal else {
        return None;
    };
    Some(match comparison.operator {
        operators::LESS => (f64::NEG_INFINITY, false, number, true),
        operators::LESS_EQUALS => (f64::NEG_INFINITY, false, number, false),
        operators::GREATER => (number, true, f64::INFINITY, false),
        operators::GREATER_EQUALS => (number, false, f64::INFINITY, false),
        _ => return None,
    })
}

fn is_empty(one: Bounds, other: Bounds) -> bool {
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

fn comparison(expression: &IdedExpr) -> Option<Comparison> {
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
    let (path, literal, operator) = match (path(left), literal(right)) {
        (Some(path), Some(literal)) => (path, literal, operator),
        _ => (path(right)?, literal(left)?, turned),
    };
    Some(Comparison {
        path,
        operator,
        literal,
    })
}

/// `call.type`.
fn path(expression: &IdedExpr) -> Option<String> {
    match &expression.expr {
        Expr::Ident(name) if ROOTS.contains(&name.as_str()) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand)?, select.field))
        }
        _ => None,
    }
}

fn literal(expression: &IdedExpr) -> Option<Literal> {
    if let Expr::Call(call) = &expression.expr
        && call.func_name == operators::NEGATE
        && let [number] = call.args.as_slice()
        && let Some(Literal::Number(number)) = literal(number)
    {
        return Some(Literal::Number(-number));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_path_is_compared_with_is_known() {
        let source = "route == 'a' || !('b' != route && call.id == 'c') && route in ['d']";
        let condition = Condition::parse(source).expect(source);
        assert_eq!(condition.compared_with("route"), ["a", "b"]);
    }

    #[test]
    fn what_can_never_hold_is_known_and_nothing_else() {
        for (source, expected) in [
            ("false", true),
            ("1 > 2", true),
            ("'a' == 'b' && call.id == 'x'", true),
            ("call.type == 'a' && call.type == 'b'", true),
            (
                "call.type == 'a' && (turn.number > 1 && call.type == 'b')",
                true,
            ),
            ("call.type == 'a' && call.type != 'a'", true),
            ("'a' == call.type && 'b' == call.type", true),
            ("turn.number < 0", true),
            ("turn.number < -1", true),
            ("turn.number == -1", true),
            ("0 > turn.number", true),
            ("turn.number > 5 && turn.number < 3", true),
            ("turn.number > 3 && turn.number <= 3", true),
            ("turn.number == 2 && turn.number > 2", true),
            ("false || (1 == 2)", true),
            ("call.a == 1 && call.a == 1.5", true),
            ("true", false),
            ("turn.number < 1", false),
            ("turn.number >= 3 && turn.number <= 3", false),
            ("turn.number > 2 && turn.number < 4", false),
            ("call.type == 'a' || call.type == 'b'", false),
            ("call.type == 'a' && call.type == 'a'", false),
            ("call.type == 'a' && call.id == 'b'", false),
            ("call.type == 'a' && call.type != 'b'", false),
            ("call.a == 1 && call.a == 1.0", false),
            ("!(turn.number < 0)", false),
            ("false || fetch.crm.vip", false),
            ("has(customer.name) && customer.name != ''", false),
            ("call.tags.exists(tag, tag == 'x' && tag == 'y')", false),
            ("'a'.matches('b+') || turn.user.matches('(?i)help')", false),
        ] {
            let condition = Condition::parse(source).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert_eq!(condition.never_holds(), expected, "{source}");
        }
    }
}
