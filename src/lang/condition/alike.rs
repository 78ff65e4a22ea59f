//! What the parts of a condition are, as far as its text tells: a time, a text, a number.
//!
//! A comparison of two that are never alike can't work, and is told before any call. Nothing is
//! guessed: what Vapi sends and what is stored may be anything that JSON has, which is never a time.

mod fitting;
mod kind;

use std::sync::Arc;

use cel::{
    Context, IdedExpr, Value,
    common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, SourceInfo, operators},
};

use super::{ConditionError, ENV, place::range_of};
use crate::lang::facts::ROOTS;
use kind::{Type, are_comparable, can_be_added};

/// What works on texts only.
const OF_TEXT: &[&str] = &[
    "charAt",
    "endsWith",
    "lastIndexOf",
    "lowerAscii",
    "matches",
    "replace",
    "says",
    "split",
    "startsWith",
    "substring",
    "trim",
    "upperAscii",
];
/// What works on times; the last four work on durations too.
const OF_TIME: &[&str] = &[
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getMonth",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getSeconds",
];
const COMPARISONS: &[&str] = &[
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::LESS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::GREATER_EQUALS,
];

/// What can't work in an expression, if anything.
pub(super) fn check(
    expression: &IdedExpr,
    info: &SourceInfo,
    source: &str,
) -> Result<(), ConditionError> {
    let mut checker = Checker {
        info,
        source,
        local: Vec::new(),
    };
    checker.check(expression)?;
    checker.check_decides(expression)
}

struct Checker<'a> {
    info: &'a SourceInfo,
    source: &'a str,
    /// The variables of the macros around.
    local: Vec<&'a str>,
}

impl<'a> Checker<'a> {
    fn check(&mut self, expression: &'a IdedExpr) -> Result<(), ConditionError> {
        match &expression.expr {
            Expr::Select(select) => self.check(&select.operand),
            Expr::List(list) => list.elements.iter().try_for_each(|item| self.check(item)),
            Expr::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => {
                    self.check(&entry.key)?;
                    self.check(&entry.value)
                }
                EntryExpr::StructField(field) => self.check(&field.value),
            }),
            Expr::Comprehension(each) => {
                self.check(&each.iter_range)?;
                let before = self.local.len();
                self.local.extend([&*each.iter_var, &*each.accu_var]);
                self.local.extend(each.iter_var2.as_deref());
                let parts = [
                    &each.accu_init,
                    &each.loop_cond,
                    &each.loop_step,
                    &each.result,
                ];
                let checked = parts.into_iter().try_for_each(|part| self.check(part));
                self.local.truncate(before);
                checked
            }
            Expr::Call(call) => {
                let parts = call.target.as_deref().into_iter().chain(&call.args);
                parts.into_iter().try_for_each(|part| self.check(part))?;
                self.check_call(expression, call)
            }
            _ => Ok(()),
        }
    }

    fn check_call(&self, whole: &IdedExpr, call: &CallExpr) -> Result<(), ConditionError> {
        let name = call.func_name.as_str();
        if let ([left, right], None) = (call.args.as_slice(), &call.target) {
            let types = (self.type_of(left), self.type_of(right));
            if COMPARISONS.contains(&name) && !are_comparable(types.0, types.1) {
                return Err(self.unlike(whole, left, right, "compared"));
            }
            let adds = name == operators::ADD || name == operators::SUBSTRACT;
            if adds && !can_be_added(types.0, types.1) {
                return Err(self.unlike(whole, left, right, "added or subtracted"));
            }
        }
        let subject = call.target.as_deref().or(call.args.first());
        if let Some(subject) = subject {
            let of = self.type_of(subject);
            let is_time = match name {
                "within" => matches!(of, Type::Time | Type::Any),
                _ => matches!(of, Type::Time | Type::Duration | Type::Any),
            };
            if (OF_TIME.contains(&name) || name == "within") && !is_time {
                let text = self.text_of(subject);
                let message = format!("`{name}` needs a time, and `{text}` is {}", of.name());
                return Err(self.error(
                    subject,
                    message,
                    Some(format!("write `timestamp({text}).{name}()`")),
                ));
            }
            let is_other = matches!(
                of,
                Type::Time | Type::Duration | Type::Number | Type::Boolean
            );
            let is_asked = call.target.is_some() || name == "says";
            if OF_TEXT.contains(&name) && is_asked && is_other {
                let text = self.text_of(subject);
                let message = format!("`{name}` needs a text, and `{text}` is {}", of.name());
                return Err(self.error(
                    subject,
                    message,
                    Some(format!("write `string({text}).{name}(…)`")),
                ));
            }
        }
        self.check_fits(whole, call)?;
        self.check_literals(call)
    }

    /// A zone, a time or a duration that is written out must be one.
    fn check_literals(&self, call: &CallExpr) -> Result<(), ConditionError> {
        let name = call.func_name.as_str();
        let Some((last, text)) = call
            .args
            .last()
            .and_then(|last| Some((last, literal_text(last)?)))
        else {
            return Ok(());
        };
        let asked = match name {
            "timestamp" | "duration" if call.target.is_none() && call.args.len() == 1 => {
                called(name, None, vec![last.clone()])
            }
            _ if OF_TIME.contains(&name) && call.target.is_some() => {
                let some_time = Expr::Literal(LiteralValue::String(
                    "2026-01-01T00:00:00Z".to_owned().into(),
                ));
                let some_time = called(
                    "timestamp",
                    None,
                    vec![IdedExpr {
                        id: 0,
                        expr: some_time,
                    }],
                );
                called(name, Some(some_time), vec![last.clone()])
            }
            _ => return Ok(()),
        };
        if Value::resolve_val(&asked, &Context::with_env(Arc::clone(&ENV))).is_ok() {
            return Ok(());
        }
        let (message, help) = match name {
            "timestamp" => (
                format!("`{text}` is no time"),
                "write it with its zone, as in `2026-11-22T15:30:00Z`",
            ),
            "duration" => (
                format!("`{text}` is no duration"),
                "write hours, minutes and seconds, as in `36h` or `1h30m`",
            ),
            _ => (
                format!("there is no time zone `{text}`"),
                "write a name such as `America/New_York` or `UTC`, or an offset such as `+02:00`",
            ),
        };
        Err(self.error(last, message, Some(help.to_owned())))
    }

    fn type_of(&self, part: &IdedExpr) -> Type {
        match &part.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::String(_) => Type::Text,
                LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => {
                    Type::Number
                }
                LiteralValue::Boolean(_) => Type::Boolean,
                LiteralValue::Null => Type::Null,
                LiteralValue::Bytes(_) => Type::Any,
            },
            Expr::List(_) => Type::List,
            Expr::Map(_) => Type::Map,
            Expr::Ident(_) | Expr::Select(_) => self.type_of_path(part),
            Expr::Call(call) => self.type_of_call(call, part),
            _ => Type::Any,
        }
    }

    fn type_of_path(&self, part: &IdedExpr) -> Type {
        let mut keys = Vec::new();
        let mut at = part;
        let root = loop {
            match &at.expr {
                Expr::Ident(name) => break name.as_str(),
                Expr::Select(select) if select.test => return Type::Boolean,
                Expr::Select(select) => {
                    keys.push(select.field.as_str());
                    at = &select.operand;
                }
                Expr::Call(call) if call.func_name == operators::INDEX => {
                    keys.push("");
                    match call.args.first() {
                        Some(operand) => at = operand,
                        None => return Type::Any,
                    }
                }
                _ => return Type::Any,
            }
        };
        if !ROOTS.contains(&root) || self.local.contains(&root) {
            return Type::Any;
        }
        match (root, keys.as_slice()) {
            ("now", []) => Type::Time,
            ("turn", ["number" | "steps"]) => Type::Number,
            ("turn", ["interrupted"]) => Type::Boolean,
            ("route", []) | ("turn", ["user" | "assistant"]) | ("request", ["model"]) => Type::Text,
            (_, []) => Type::Map,
            _ => Type::Json,
        }
    }

    fn type_of_call(&self, call: &CallExpr, whole: &IdedExpr) -> Type {
        let operand = |at: usize| {
            call.args
                .get(at)
                .map_or(Type::Any, |part| self.type_of(part))
        };
        match call.func_name.as_str() {
            "timestamp" => Type::Time,
            "duration" => Type::Duration,
            "int" | "uint" | "double" | "size" | "indexOf" | "lastIndexOf" => Type::Number,
            name if OF_TIME.contains(&name) => Type::Number,
            "string" | "charAt" | "join" | "lowerAscii" | "replace" | "substring" | "trim"
            | "upperAscii" => Type::Text,
            "split" => Type::List,
            "bool" | "contains" | "endsWith" | "matches" | "says" | "startsWith" | "within" => {
                Type::Boolean
            }
            operators::LOGICAL_AND
            | operators::LOGICAL_OR
            | operators::LOGICAL_NOT
            | operators::IN => Type::Boolean,
            name if COMPARISONS.contains(&name) => Type::Boolean,
            operators::NEGATE => operand(0),
            operators::INDEX => self.type_of_path(whole),
            operators::CONDITIONAL if operand(1) == operand(2) => operand(1),
            operators::ADD => match (operand(0), operand(1)) {
                (Type::Time, _) | (_, Type::Time) => Type::Time,
                (one, other) if one == other && one != Type::Json => one,
                _ => Type::Any,
            },
            operators::SUBSTRACT => match (operand(0), operand(1)) {
                (Type::Time, Type::Time) => Type::Duration,
                (Type::Time, Type::Duration) => Type::Time,
                (one, other) if one == other && one != Type::Json => one,
                _ => Type::Any,
            },
            _ => Type::Any,
        }
    }

    fn unlike(
        &self,
        whole: &IdedExpr,
        left: &IdedExpr,
        right: &IdedExpr,
        verb: &str,
    ) -> ConditionError {
        let (one, other) = (self.type_of(left), self.type_of(right));
        let (left_text, right_text) = (self.text_of(left), self.text_of(right));
        let message = format!(
            "`{left_text}` is {} and `{right_text}` {}: they can't be {verb}",
            one.name(),
            other.name()
        );
        // What to make of the side that is none.
        let made = |wanted: Type, text: &str, is: Type| match (wanted, is) {
            (Type::Time, _) if verb != "compared" => Some(format!(
                "write `duration(\"60s\")` for a minute, instead of `{text}`"
            )),
            (Type::Time, Type::Text | Type::Json | Type::Number) => {
                Some(format!("write `timestamp({text})`"))
            }
            (Type::Duration, Type::Text) => Some(format!("write `duration({text})`")),
            (Type::Duration, _) => Some("write `duration(\"60s\")` for a minute".to_owned()),
            (Type::Number, Type::Text) if text.starts_with(['"', '\'']) => Some(format!(
                "write {} without quotes",
                text.trim_matches(['"', '\''])
            )),
            (Type::Number, Type::Text) => Some(format!("write `int({text})`")),
            _ => None,
        };
        let help = made(one, right_text, other).or_else(|| made(other, left_text, one));
        self.error(whole, message, help)
    }

    fn error(&self, part: &IdedExpr, message: String, help: Option<String>) -> ConditionError {
        ConditionError {
            message,
            range: range_of(part, self.info, self.source),
            help,
        }
    }

    fn text_of(&self, part: &IdedExpr) -> &'a str {
        let range = range_of(part, self.info, self.source);
        range
            .and_then(|range| self.source.get(range))
            .unwrap_or("this")
    }
}

fn literal_text(part: &IdedExpr) -> Option<&str> {
    match &part.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

fn called(name: &str, target: Option<IdedExpr>, args: Vec<IdedExpr>) -> IdedExpr {
    let call = CallExpr {
        func_name: name.to_owned(),
        target: target.map(Box::new),
        args,
    };
    IdedExpr {
        id: 0,
        expr: Expr::Call(call),
    }
}

#[cfg(test)]
mod tests;
