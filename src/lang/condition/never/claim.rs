//! What a part of a condition claims, as far as it is plain; whether it can be true, and beside another.

use std::fmt::Write;

use cel::{
    IdedExpr,
    common::ast::{Expr, operators},
};

use super::super::comparison::{
    Comparison, Literal, among, bounds, comparison, is_empty, may_hold_for, satisfies,
};
use super::super::opening::LiteralHours;
use super::super::subject::{Subject, text};
use crate::lang::hours::WeeklyHours;

/// A claim of something.
pub(super) enum Claim<'c> {
    /// It compares as this with what is written out.
    Compared(Comparison),
    /// It is one of these.
    Among(Subject, Vec<Literal>),
    /// Its text begins so, ends so, or has it.
    Text(Subject, TextPlace, &'c str),
    /// It is not there.
    Absent(String),
    /// A time is within hours, or is not.
    Within(Subject, &'c WeeklyHours, bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextPlace {
    Start,
    End,
    Anywhere,
}

impl<'c> Claim<'c> {
    /// The claim of a part; none: it is not plain.
    pub(super) fn of(part: &'c IdedExpr, hours: &'c [LiteralHours]) -> Option<Claim<'c>> {
        if let Some(comparison) = comparison(part) {
            return Some(Claim::Compared(comparison));
        }
        if let Some((subject, values)) = among(part) {
            return Some(Claim::Among(subject, values));
        }
        let Expr::Call(call) = &part.expr else {
            return None;
        };
        if call.func_name == operators::LOGICAL_NOT {
            let denied = call.args.first()?;
            if let Some(Claim::Within(subject, hours, true)) = Claim::of(denied, hours) {
                return Some(Claim::Within(subject, hours, false));
            }
            return asked_for(denied).map(Claim::Absent);
        }
        let subject = Subject::of(call.target.as_deref()?)?;
        let [argument] = call.args.as_slice() else {
            return None;
        };
        let place = match call.func_name.as_str() {
            "startsWith" => TextPlace::Start,
            "endsWith" => TextPlace::End,
            "contains" => TextPlace::Anywhere,
            "within" => {
                let Expr::Ident(name) = &argument.expr else {
                    return None;
                };
                let hours = hours.iter().find(|hours| hours.name == *name)?;
                return Some(Claim::Within(subject, &hours.hours, true));
            }
            _ => return None,
        };
        Some(Claim::Text(subject, place, text(argument)?))
    }

    /// Why it is never true, in words that follow a comma; none: it may be.
    pub(super) fn is_never(&self) -> Option<String> {
        match self {
            Claim::Compared(comparison) => {
                let subject = &comparison.subject;
                if let Some(why) = beyond(comparison) {
                    return Some(why);
                }
                if let (Literal::Text(text), operators::EQUALS) =
                    (&comparison.literal, comparison.operator)
                {
                    return lacking(subject, text);
                }
                let is_other =
                    matches!(comparison.literal, Literal::Number(_) | Literal::Boolean(_));
                let is_same = comparison.operator != operators::NOT_EQUALS;
                (is_other && is_same && subject.is_text())
                    .then(|| format!("since `{}` is a text", subject.key))
            }
            Claim::Among(subject, values) => {
                if values.is_empty() {
                    return Some("since the list is empty".to_owned());
                }
                let whys = values.iter().map(|value| {
                    let equal = Comparison {
                        subject: subject.clone(),
                        operator: operators::EQUALS,
                        literal: value.clone(),
                    };
                    Claim::Compared(equal).is_never()
                });
                let whys: Option<Vec<String>> = whys.collect();
                whys?.into_iter().next()
            }
            Claim::Text(subject, place, text) => match subject.lacks {
                // Blanks within it stay.
                Some(super::super::subject::Lacking::Blanks) => {
                    let is_open = match place {
                        TextPlace::Start => text.starts_with(char::is_whitespace),
                        TextPlace::End => text.ends_with(char::is_whitespace),
                        TextPlace::Anywhere => false,
                    };
                    lacking(subject, text).filter(|_| is_open)
                }
                _ => lacking(subject, text),
            },
            Claim::Absent(_) | Claim::Within(..) => None,
        }
    }

    /// Whether it is never true together with another.
    pub(super) fn excludes(&self, other: &Claim<'_>) -> bool {
        self.excludes_in_order(other) || other.excludes_in_order(self)
    }

    fn excludes_in_order(&self, other: &Claim<'_>) -> bool {
        match (self, other) {
            (Claim::Absent(path), other) => {
                let below = |key: &str| {
                    let rest = key.strip_prefix(path.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                other.subject().is_some_and(|subject| below(&subject.key))
            }
            (Claim::Compared(one), Claim::Compared(other)) => {
                one.subject == other.subject && exclude(one, other)
            }
            (Claim::Among(one, values), Claim::Compared(other)) => {
                *one == other.subject && !values.iter().any(|value| may_hold_for(value, other))
            }
            (Claim::Among(one, values), Claim::Among(other, others)) => {
                one == other && !values.iter().any(|value| others.contains(value))
            }
            (Claim::Text(one, place, text), Claim::Compared(other)) => {
                *one == other.subject
                    && other.operator == operators::EQUALS
                    && !holds_for(*place, text, &other.literal)
            }
            (Claim::Text(one, place, text), Claim::Among(other, values)) => {
                one == other && !values.iter().any(|value| holds_for(*place, text, value))
            }
            (Claim::Text(one, place, text), Claim::Text(other, other_place, other_text)) => {
                one == other
                    && place == other_place
                    && match place {
                        TextPlace::Start => {
                            !text.starts_with(other_text) && !other_text.starts_with(text)
                        }
                        TextPlace::End => {
                            !text.ends_with(other_text) && !other_text.ends_with(text)
                        }
                        TextPlace::Anywhere => false,
                    }
            }
            (Claim::Within(one, hours, true), Claim::Within(other, others, is_within)) => {
                one == other
                    && match is_within {
                        true => hours.never_meet(others),
                        false => hours.lie_within(others),
                    }
            }
            _ => false,
        }
    }

    /// What it speaks of; none: what it says may be true of nothing.
    fn subject(&self) -> Option<&Subject> {
        match self {
            Claim::Compared(comparison) => Some(&comparison.subject),
            Claim::Among(subject, _) | Claim::Text(subject, ..) => Some(subject),
            Claim::Absent(_) | Claim::Within(..) => None,
        }
    }
}

/// The path that `has` asks for.
fn asked_for(part: &IdedExpr) -> Option<String> {
    match &part.expr {
        // What `has` asks for is asked of all that is on the way to it.
        Expr::Call(call) if call.func_name == operators::LOGICAL_AND => {
            asked_for(call.args.last()?)
        }
        Expr::Select(select) if select.test => {
            let before = Subject::of(&select.operand)?;
            Some(format!("{}.{}", before.key, select.field))
        }
        _ => None,
    }
}

/// Whether a text may have this at a place.
fn holds_for(place: TextPlace, part: &str, value: &Literal) -> bool {
    match (value, place) {
        (Literal::Text(text), TextPlace::Start) => text.starts_with(part),
        (Literal::Text(text), TextPlace::End) => text.ends_with(part),
        (Literal::Text(text), TextPlace::Anywhere) => text.contains(part),
        _ => false,
    }
}

fn lacking(subject: &Subject, text: &str) -> Option<String> {
    let lacks = subject.lacks.filter(|lacks| lacks.stands_in(text))?;
    Some(format!("since `{}` has no {}", subject.key, lacks.name()))
}

/// What a number is never, by the least and the most that it can be.
fn beyond(comparison: &Comparison) -> Option<String> {
    let (least, most) = comparison.subject.whole?;
    let (low, high) = whole_bounds(comparison)?;
    if low <= high && low <= most && high >= least {
        return None;
    }
    let mut why = format!("since `{}` is a whole number", comparison.subject.key);
    // Writing to a string does not fail.
    let _ = match most.is_finite() {
        true => write!(why, " from {least} to {most}"),
        false => write!(why, " from {least} on"),
    };
    Some(why)
}

/// The least and the most whole numbers that pass.
fn whole_bounds(comparison: &Comparison) -> Option<(f64, f64)> {
    let (from, from_out, to, to_out) = match (comparison.operator, &comparison.literal) {
        (operators::EQUALS, Literal::Number(number)) => (*number, false, *number, false),
        _ => bounds(comparison)?,
    };
    let low = match from_out {
        true => from.floor() + 1.0,
        false => from.ceil(),
    };
    let high = match to_out {
        true => to.ceil() - 1.0,
        false => to.floor(),
    };
    Some((low, high))
}

fn exclude(one: &Comparison, other: &Comparison) -> bool {
    if one.subject.whole.is_some()
        && let (Some(one), Some(other)) = (whole_bounds(one), whole_bounds(other))
    {
        return one.0.max(other.0) > one.1.min(other.1);
    }
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
