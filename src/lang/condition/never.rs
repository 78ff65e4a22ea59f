//! Whether a condition can hold at all, as far as its text tells.
//!
//! Nothing is guessed: what depends on a call in a way that is not plain may hold.

use cel::{
    IdedExpr,
    common::ast::{Expr, operators},
};

use super::comparison::{
    Comparison, Literal, among, bounds, comparison, is_empty, literal, may_hold_for, satisfies,
};
use super::{Condition, partial::Part};
use crate::lang::facts::{Facts, ROOTS};

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
                all.iter().any(|part| self.never(part, facts))
                    || contradict(&all)
                    || self.denies_itself(&all)
            }
            _ => contradict(&[expression]),
        }
    }

    /// Whether one of the parts says that the others do not hold, as in `a && !a`.
    fn denies_itself(&self, parts: &[&IdedExpr]) -> bool {
        parts.iter().any(|part| {
            let Expr::Call(call) = &part.expr else {
                return false;
            };
            let (operators::LOGICAL_NOT, [denied]) = (&*call.func_name, call.args.as_slice())
            else {
                return false;
            };
            let mut all = Vec::new();
            conjuncts(denied, &mut all);
            all.iter()
                .all(|denied| parts.iter().any(|part| self.is_same(part, denied)))
        })
    }

    /// Whether two expressions say the same in the same words. Where that is not plain they do not.
    fn is_same(&self, one: &IdedExpr, other: &IdedExpr) -> bool {
        let all = |ones: &[IdedExpr], others: &[IdedExpr]| {
            let mut pairs = ones.iter().zip(others);
            ones.len() == others.len() && pairs.all(|(one, other)| self.is_same(one, other))
        };
        match (&one.expr, &other.expr) {
            (Expr::Ident(one), Expr::Ident(other)) => {
                one == other || self.is_same_constant(one, other)
            }
            (Expr::Select(one), Expr::Select(other)) => {
                one.field == other.field
                    && one.test == other.test
                    && self.is_same(&one.operand, &other.operand)
            }
            (Expr::Call(one), Expr::Call(other)) => {
                let targets = match (&one.target, &other.target) {
                    (Some(one), Some(other)) => self.is_same(one, other),
                    (None, None) => true,
                    _ => false,
                };
                one.func_name == other.func_name && targets && all(&one.args, &other.args)
            }
            (Expr::List(one), Expr::List(other)) => all(&one.elements, &other.elements),
            _ => literal(one).is_some_and(|one| literal(other) == Some(one)),
        }
    }

    /// Whether two names stand for the same that was written out.
    fn is_same_constant(&self, one: &str, other: &str) -> bool {
        let names = &self.0.names;
        let pattern = |name: &str| {
            let found = names.patterns.iter().find(|pattern| pattern.name == name);
            found.map(|pattern| pattern.regex.as_str())
        };
        let hours = |name: &str| {
            let found = names.hours.iter().find(|hours| hours.name == name);
            found.map(|hours| &hours.hours)
        };
        (pattern(one).is_some() && pattern(one) == pattern(other))
            || (hours(one).is_some() && hours(one) == hours(other))
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
    let counted = COUNTS.iter().any(|path| {
        let of_path = all.iter().filter(|one| one.path == *path);
        has_no_count(of_path)
    });
    let lists: Vec<(String, Vec<Literal>)> = parts.iter().filter_map(|part| among(part)).collect();
    let listed = lists.iter().any(|(path, values)| {
        let own = all.iter().filter(|one| one.path == *path);
        let own: Vec<&Comparison> = own.collect();
        let may_be = |value: &Literal| {
            let others = lists.iter().filter(|(other, _)| other == path);
            own.iter().all(|one| may_hold_for(value, one))
                && others.into_iter().all(|(_, values)| values.contains(value))
        };
        !values.iter().any(may_be)
    });
    counted
        || listed
        || all.iter().enumerate().any(|(at, one)| {
            all[at + 1..]
                .iter()
                .any(|other| one.path == other.path && exclude(one, other))
        })
}

/// What is counted from zero: turns, where the assistant speaks first, and the steps of one.
const COUNTS: [&str; 2] = ["turn.number", "turn.steps"];

/// Whether no count passes all of these comparisons.
fn has_no_count<'c>(all: impl Iterator<Item = &'c Comparison>) -> bool {
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    for one in all {
        let bounds = match (one.operator, &one.literal) {
            (operators::EQUALS, Literal::Number(number)) => Some((*number, false, *number, false)),
            _ => bounds(one),
        };
        let Some((from, from_out, to, to_out)) = bounds else {
            continue;
        };
        // Counts are whole numbers.
        low = low.max(if from_out {
            from.floor() + 1.0
        } else {
            from.ceil()
        });
        high = high.min(if to_out { to.ceil() - 1.0 } else { to.floor() });
    }
    low > high
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

#[cfg(test)]
mod tests;
