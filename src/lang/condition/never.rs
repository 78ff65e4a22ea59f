//! Whether a condition can hold at all, as far as its text tells, and which part of it can't.
//!
//! Nothing is guessed: what depends on a call in a way that is not plain may hold.

mod claim;

use std::ops::Range;

use cel::{
    IdedExpr,
    common::ast::{Expr, operators},
};

use super::comparison::{Literal, among, comparison, literal};
use super::place::range_of;
use super::{Condition, partial::Part};
use crate::lang::facts::{Facts, ROOTS};
use claim::Claim;

/// A part of a condition that never holds, or always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdlePart {
    /// Where it stands, in bytes of the source.
    pub range: Option<Range<usize>>,
    /// What that makes of the condition.
    pub kind: IdleKind,
    /// Why, in words that follow a comma.
    pub why: Option<String>,
}

/// What an idle part makes of its condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleKind {
    /// The condition never holds.
    Never,
    /// It holds by its other parts alone.
    PartNever,
    /// The part holds whatever there is.
    PartAlways,
}

/// A part that never holds, and why.
struct NeverTrue<'e> {
    part: &'e IdedExpr,
    why: Option<String>,
}

impl Condition {
    /// Whether it holds for no call whatever.
    pub fn never_holds(&self) -> bool {
        self.never(&self.0.expression).is_some()
    }

    /// The parts of it that never hold, or always.
    pub fn idle_parts(&self) -> Vec<IdlePart> {
        let mut parts = Vec::new();
        match self.never(&self.0.expression) {
            Some(never) => parts.push(self.told(never, IdleKind::Never)),
            None => self.look_for_idle(&self.0.expression, &mut parts),
        }
        parts
    }

    /// The regular expressions in it.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        let patterns = self.0.names.patterns.iter();
        patterns.map(|pattern| pattern.regex.as_str())
    }

    /// The texts that a path is compared with by `==`, `!=` and `in`, wherever in it, with their places.
    pub fn compared_with(&self, path: &str) -> Vec<(String, Option<Range<usize>>)> {
        let mut texts = Vec::new();
        super::partial::each_part(&self.0.expression, &mut |part| {
            let compared = comparison(part).filter(|found| found.subject.key == path);
            let listed = among(part).filter(|(subject, _)| subject.key == path);
            let values = compared.map(|found| vec![found.literal]);
            let values = values.or(listed.map(|(_, values)| values));
            for value in values.into_iter().flatten() {
                if let Literal::Text(text) = value {
                    texts.push((text, self.range_of(part)));
                }
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

    fn range_of(&self, part: &IdedExpr) -> Option<Range<usize>> {
        range_of(part, &self.0.info, &self.0.source)
    }

    fn told(&self, never: NeverTrue<'_>, kind: IdleKind) -> IdlePart {
        IdlePart {
            range: self.range_of(never.part),
            kind,
            why: never.why,
        }
    }

    /// Looks for parts of a condition that may hold by others.
    fn look_for_idle(&self, expression: &IdedExpr, found: &mut Vec<IdlePart>) {
        let Expr::Call(call) = &expression.expr else {
            return;
        };
        match call.func_name.as_str() {
            operators::LOGICAL_OR => {
                if let Some(always) = always(expression) {
                    found.push(IdlePart {
                        range: self.range_of(expression),
                        kind: IdleKind::PartAlways,
                        why: Some(always),
                    });
                }
                for part in &call.args {
                    match self.never(part) {
                        Some(never) => found.push(self.told(never, IdleKind::PartNever)),
                        None => self.look_for_idle(part, found),
                    }
                }
            }
            operators::LOGICAL_AND => {
                for part in &call.args {
                    self.look_for_idle(part, found);
                }
            }
            _ => {}
        }
    }

    /// The part for which an expression never holds; none: it may hold.
    fn never<'e>(&'e self, expression: &'e IdedExpr) -> Option<NeverTrue<'e>> {
        let whole = |why| {
            Some(NeverTrue {
                part: expression,
                why,
            })
        };
        if !super::partial::speaks_of(expression, &|name| ROOTS.contains(&name)) {
            let known = self.known(expression, &Facts::default());
            return match known {
                Part::False | Part::Absent => whole(None),
                _ => None,
            };
        }
        let Expr::Call(call) = &expression.expr else {
            return None;
        };
        match call.func_name.as_str() {
            operators::LOGICAL_OR => {
                match call.args.iter().all(|part| self.never(part).is_some()) {
                    true => whole(None),
                    false => None,
                }
            }
            operators::LOGICAL_AND => {
                let mut all = Vec::new();
                conjuncts(expression, &mut all);
                let alone = all.iter().find_map(|part| self.never(part));
                alone
                    .or_else(|| self.contradiction(&all))
                    .or_else(|| self.denial(&all))
            }
            name => {
                let is_itself =
                    |call: &[IdedExpr]| matches!(call, [one, other] if self.is_same(one, other));
                let differs = [operators::NOT_EQUALS, operators::LESS, operators::GREATER];
                if differs.contains(&name) && is_itself(&call.args) {
                    return whole(Some("since both sides are the same".to_owned()));
                }
                let claim = Claim::of(expression, &self.0.names.hours)?;
                claim.is_never().and_then(|why| whole(Some(why)))
            }
        }
    }

    /// A part that is never true together with one before it.
    fn contradiction<'e>(&'e self, parts: &[&'e IdedExpr]) -> Option<NeverTrue<'e>> {
        let hours = &self.0.names.hours;
        let claims = parts
            .iter()
            .filter_map(|part| Some((*part, Claim::of(part, hours)?)));
        let claims: Vec<(&IdedExpr, Claim<'_>)> = claims.collect();
        for (at, (part, claim)) in claims.iter().enumerate() {
            let before = claims[..at].iter();
            let mut excluded = before.filter(|(_, other)| claim.excludes(other));
            if let Some((other, _)) = excluded.next() {
                return Some(NeverTrue {
                    part,
                    why: self.beside(other),
                });
            }
        }
        // All values of a list, each excluded by another part.
        let lists = claims.iter().filter_map(|(part, claim)| match claim {
            Claim::Among(subject, values) => Some((*part, subject, values)),
            _ => None,
        });
        for (part, subject, values) in lists {
            let may_be = |value: &Literal| {
                let equal = Claim::Among(subject.clone(), vec![value.clone()]);
                !claims.iter().any(|(_, other)| equal.excludes(other))
            };
            if !values.iter().any(may_be) {
                let why = "since the other parts exclude all of the list".to_owned();
                return Some(NeverTrue {
                    part,
                    why: Some(why),
                });
            }
        }
        None
    }

    /// A part that says that others do not hold, as in `a && !a`.
    fn denial<'e>(&'e self, parts: &[&'e IdedExpr]) -> Option<NeverTrue<'e>> {
        parts.iter().find_map(|part| {
            let Expr::Call(call) = &part.expr else {
                return None;
            };
            let (operators::LOGICAL_NOT, [denied]) = (&*call.func_name, call.args.as_slice())
            else {
                return None;
            };
            let mut all = Vec::new();
            conjuncts(denied, &mut all);
            let is_said = |denied: &&IdedExpr| parts.iter().any(|part| self.is_same(part, denied));
            all.iter().all(is_said).then(|| NeverTrue {
                part,
                why: Some("since the rest says just that".to_owned()),
            })
        })
    }

    fn beside(&self, other: &IdedExpr) -> Option<String> {
        let text = self
            .range_of(other)
            .and_then(|range| self.0.source.get(range));
        text.map(|text| format!("beside `{text}`"))
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

/// What holds whatever there is: `a != "x" || a != "y"`.
fn always(expression: &IdedExpr) -> Option<String> {
    let mut parts = Vec::new();
    disjuncts(expression, &mut parts);
    let differs = parts.iter().filter_map(|part| comparison(part));
    let differs = differs.filter(|it| it.operator == operators::NOT_EQUALS);
    let differs: Vec<_> = differs.collect();
    let (one, _) = differs.iter().enumerate().find_map(|(at, one)| {
        let before = differs[..at].iter();
        let mut others = before.filter(|it| it.subject == one.subject && it.literal != one.literal);
        Some((one, others.next()?))
    })?;
    Some(format!("since `{}` is never both", one.subject.key))
}

/// The parts of a chain of `||`.
fn disjuncts<'e>(expression: &'e IdedExpr, found: &mut Vec<&'e IdedExpr>) {
    match &expression.expr {
        Expr::Call(call) if call.func_name == operators::LOGICAL_OR => {
            call.args.iter().for_each(|part| disjuncts(part, found));
        }
        _ => found.push(expression),
    }
}

#[cfg(test)]
mod tests;
