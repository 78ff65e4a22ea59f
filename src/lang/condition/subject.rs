//! What a condition makes a claim of: a path, what a function makes of it, a part of the time.
//!
//! Two parts that speak of the same thing have the same key, whatever they say of it.

use cel::{
    IdedExpr,
    common::ast::{CallExpr, Expr, LiteralValue},
};

use crate::lang::facts::ROOTS;

/// What is spoken of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subject {
    /// As it is written: `call.type`, `size(turn.user)`, `now.getHours("UTC")`.
    pub(super) key: String,
    /// The least and the most that it can be, where it is a whole number.
    pub(super) whole: Option<(f64, f64)>,
    /// What it never has, where it is a text.
    pub(super) lacks: Option<Lacking>,
}

/// What a text never has, by the function that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacking {
    /// Capital letters.
    Capitals,
    /// Small letters.
    SmallLetters,
    /// Blanks around it.
    Blanks,
}

/// What is counted from zero: turns, where the assistant speaks first, and the steps of one.
const COUNTS: [&str; 2] = ["turn.number", "turn.steps"];
/// The texts that are never anything else.
const TEXTS: [&str; 6] = [
    "call.id",
    "call.type",
    "customer.number",
    "phoneNumber.number",
    "request.model",
    "route",
];
/// The parts of a time, each with the least and the most that it can be.
const PARTS_OF_TIME: [(&str, f64, f64); 9] = [
    ("getDate", 1.0, 31.0),
    ("getDayOfMonth", 0.0, 30.0),
    ("getDayOfWeek", 0.0, 6.0),
    ("getDayOfYear", 0.0, 365.0),
    ("getHours", 0.0, 23.0),
    ("getMilliseconds", 0.0, 999.0),
    ("getMinutes", 0.0, 59.0),
    ("getMonth", 0.0, 11.0),
    ("getSeconds", 0.0, 60.0),
];

impl Subject {
    /// What a part of a condition is, if it is any.
    pub(super) fn of(part: &IdedExpr) -> Option<Subject> {
        match &part.expr {
            Expr::Ident(name) if ROOTS.contains(&name.as_str()) => {
                Some(Subject::path(name.clone()))
            }
            Expr::Select(select) if !select.test => {
                let before = Subject::of(&select.operand)?;
                Some(Subject::path(format!("{}.{}", before.key, select.field)))
            }
            Expr::Call(call) => Subject::of_call(call),
            _ => None,
        }
    }

    fn path(key: String) -> Subject {
        let is_count = COUNTS.contains(&key.as_str());
        Subject {
            whole: is_count.then_some((0.0, f64::INFINITY)),
            lacks: None,
            key,
        }
    }

    fn of_call(call: &CallExpr) -> Option<Subject> {
        let name = call.func_name.as_str();
        let inner = Subject::of(call.target.as_deref().or(call.args.first())?)?;
        let whole = Some((0.0, f64::INFINITY));
        if name == "size" && call.args.len() + usize::from(call.target.is_some()) == 1 {
            let key = format!("size({})", inner.key);
            return Some(Subject {
                key,
                whole,
                lacks: None,
            });
        }
        let zone = match (call.target.is_some(), call.args.as_slice()) {
            (true, []) => String::new(),
            (true, [zone]) => format!("{:?}", text(zone)?),
            _ => return None,
        };
        let key = format!("{}.{name}({zone})", inner.key);
        if inner.key == "now"
            && let Some((_, least, most)) = PARTS_OF_TIME.iter().find(|(known, ..)| *known == name)
        {
            return Some(Subject {
                key,
                whole: Some((*least, *most)),
                lacks: None,
            });
        }
        let lacks = match (name, zone.is_empty()) {
            ("lowerAscii", true) => Lacking::Capitals,
            ("upperAscii", true) => Lacking::SmallLetters,
            ("trim", true) => Lacking::Blanks,
            _ => return None,
        };
        Some(Subject {
            key,
            whole: None,
            lacks: Some(lacks),
        })
    }

    /// Whether it is a text whatever is sent.
    pub(super) fn is_text(&self) -> bool {
        self.lacks.is_some() || TEXTS.contains(&self.key.as_str())
    }
}

impl Lacking {
    /// Whether a text has what is lacking.
    pub(super) fn stands_in(self, text: &str) -> bool {
        match self {
            Lacking::Capitals => text.bytes().any(|byte| byte.is_ascii_uppercase()),
            Lacking::SmallLetters => text.bytes().any(|byte| byte.is_ascii_lowercase()),
            Lacking::Blanks => text.trim() != text,
        }
    }

    /// What it is, for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Lacking::Capitals => "capital letters",
            Lacking::SmallLetters => "small letters",
            Lacking::Blanks => "blanks around it",
        }
    }
}

/// A text that is written out.
pub(super) fn text(part: &IdedExpr) -> Option<&str> {
    match &part.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}
