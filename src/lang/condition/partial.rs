//! A condition before the fetched facts are there: what can be said already, and what it asks for.
//!
//! What speaks of `fetch` is unknown. Nothing is guessed: where the rest does not decide, the
//! condition may hold.

use std::collections::BTreeSet;

use cel::{
    Context, IdedExpr, Value,
    common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, operators},
    common::types::CelBool,
};

use super::{Condition, ENV, EvaluationScope, Verdict};
use crate::lang::facts::{FETCH, Facts};

/// What is known of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    True,
    False,
    /// It speaks of something that is absent or null.
    Absent,
    Unknown,
}

impl Condition {
    /// Whether it may hold once the fetched facts are there.
    pub fn may_hold(&self, facts: &Facts) -> bool {
        let part = self.part(&self.0.expression, facts);
        matches!(part, Part::True | Part::Unknown)
    }

    /// The names of the fetches that it speaks of.
    pub fn fetches(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        each(&self.0.expression, &mut |expression| {
            names.extend(fetch_name(expression).map(str::to_owned));
        });
        names
    }

    fn part(&self, expression: &IdedExpr, facts: &Facts) -> Part {
        if !speaks_of(expression, &|name| name == FETCH) {
            return self.known(expression, facts);
        }
        let Expr::Call(CallExpr {
            func_name, args, ..
        }) = &expression.expr
        else {
            return Part::Unknown;
        };
        let parts: Vec<Part> = match func_name.as_str() {
            operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT => {
                args.iter().map(|part| self.part(part, facts)).collect()
            }
            _ => return Part::Unknown,
        };
        let decides = match func_name.as_str() {
            operators::LOGICAL_NOT => {
                return match parts.as_slice() {
                    [Part::True] => Part::False,
                    [Part::False] => Part::True,
                    [Part::Absent] => Part::Absent,
                    _ => Part::Unknown,
                };
            }
            // What is absent makes `&&` fail, and leaves `||` to its other side.
            operators::LOGICAL_AND => [Part::False, Part::Absent, Part::Unknown],
            _ => [Part::True, Part::Unknown, Part::Absent],
        };
        let decided = decides.into_iter().find(|part| parts.contains(part));
        decided.unwrap_or(match func_name.as_str() {
            operators::LOGICAL_AND => Part::True,
            _ => Part::False,
        })
    }

    pub(super) fn known(&self, expression: &IdedExpr, facts: &Facts) -> Part {
        let scope = EvaluationScope::new(&self.0.names, facts);
        let mut context = Context::with_env(std::sync::Arc::clone(&ENV));
        context.set_variable_resolver(&scope);
        let verdict = match Value::resolve_val(expression, &context) {
            Ok(value) => match value.downcast_ref::<CelBool>() {
                Some(answer) if *answer.inner() => return Part::True,
                Some(_) => return Part::False,
                None => self.judge(&value, facts),
            },
            Err(error) => self.explain(&error, facts),
        };
        match verdict {
            Verdict::Holds => Part::True,
            Verdict::Fails { .. } => Part::Absent,
            Verdict::Undecided { .. } => Part::Unknown,
        }
    }
}

/// Whether it has a name of which `is_it` holds.
pub(super) fn speaks_of(expression: &IdedExpr, is_it: &dyn Fn(&str) -> bool) -> bool {
    let mut speaks = false;
    each(expression, &mut |part| {
        speaks |= matches!(part, Expr::Ident(name) if is_it(name.trim_start_matches('.')));
    });
    speaks
}

/// `crm`, of `fetch.crm` and `fetch["crm"]`.
fn fetch_name(expression: &Expr) -> Option<&str> {
    let is_fetch = |expression: &IdedExpr| matches!(&expression.expr, Expr::Ident(name) if name.trim_start_matches('.') == FETCH);
    match expression {
        Expr::Select(select) if is_fetch(&select.operand) => Some(&select.field),
        Expr::Call(call) if call.func_name == operators::INDEX => match call.args.as_slice() {
            [operand, index] if is_fetch(operand) => match &index.expr {
                Expr::Literal(LiteralValue::String(key)) => Some(key.inner()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Shows an expression and everything in it.
fn each<'e>(expression: &'e IdedExpr, show: &mut dyn FnMut(&'e Expr)) {
    each_part(expression, &mut |part| show(&part.expr));
}

/// As `each`, with their places.
pub(super) fn each_part<'e>(expression: &'e IdedExpr, show: &mut dyn FnMut(&'e IdedExpr)) {
    show(expression);
    match &expression.expr {
        Expr::Select(select) => each_part(&select.operand, show),
        Expr::Call(call) => {
            let target = call.target.as_deref();
            target
                .into_iter()
                .chain(&call.args)
                .for_each(|part| each_part(part, show));
        }
        Expr::Comprehension(loops) => {
            let parts = [
                &loops.iter_range,
                &loops.accu_init,
                &loops.loop_cond,
                &loops.loop_step,
                &loops.result,
            ];
            parts.into_iter().for_each(|part| each_part(part, show));
        }
        Expr::List(list) => list.elements.iter().for_each(|item| each_part(item, show)),
        Expr::Map(map) => map.entries.iter().for_each(|entry| match &entry.expr {
            EntryExpr::MapEntry(entry) => {
                each_part(&entry.key, show);
                each_part(&entry.value, show);
            }
            EntryExpr::StructField(field) => each_part(&field.value, show),
        }),
        Expr::Struct(_) | Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.set(
            "call",
            serde_json::json!({"type": "inbound", "note": null, "tags": ["vip"]}),
        );
        facts
    }

    #[test]
    fn what_does_not_speak_of_fetch_decides_where_it_can() {
        let (yes, no) = ("call.type == 'inbound'", "call.type == 'web'");
        let (unknown, absent, null) = (
            "fetch.crm.vip == true",
            "call.x == 1",
            "call.note.size() > 1",
        );
        for (source, may_hold) in [
            (yes.to_owned(), true),
            (no.to_owned(), false),
            (absent.to_owned(), false),
            (null.to_owned(), false),
            (unknown.to_owned(), true),
            (format!("{unknown} && {yes}"), true),
            (format!("{yes} && {unknown}"), true),
            (format!("{unknown} && {no}"), false),
            (format!("{no} && {unknown}"), false),
            (format!("{unknown} && {absent}"), false),
            (format!("{unknown} && {null}"), false),
            (format!("{unknown} && call.type > 3"), true),
            (format!("{unknown} || {no}"), true),
            (format!("{unknown} || {absent}"), true),
            (format!("{unknown} || {yes}"), true),
            (format!("({unknown} || {no}) && {no}"), false),
            (format!("({unknown} || {yes}) && {yes}"), true),
            (format!("({unknown} && {no}) || {no}"), false),
            (format!("({unknown} && {no}) || {unknown}"), true),
            (format!("!({unknown} || {yes})"), false),
            (format!("!({unknown} && {no})"), true),
            (format!("!({unknown} && {absent})"), false),
            (format!("!({unknown})"), true),
            (format!("({unknown} ? {no} : {no})"), true),
            (format!("{yes} ? {unknown} : false"), true),
            ("has(fetch.crm.a.b) && call.type == 'web'".to_owned(), false),
            ("!has(fetch.crm.a.b)".to_owned(), true),
            (
                "call.tags.exists(tag, tag == fetch.crm.tag)".to_owned(),
                true,
            ),
            ("size(fetch) > 0 && size(call) == 0".to_owned(), false),
            (
                "call.tags.exists(tag, tag == 'x') && fetch.a.b".to_owned(),
                false,
            ),
            (
                format!("{yes} && {yes} && {unknown} && {yes} && {no}"),
                false,
            ),
        ] {
            let condition = Condition::parse(&source).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert_eq!(condition.may_hold(&facts()), may_hold, "{source}");
        }
    }

    #[test]
    fn every_fetch_that_is_spoken_of_is_known() {
        for (source, expected) in [
            ("true", ""),
            ("call.fetch.crm == 1", ""),
            ("size(fetch) == 0", ""),
            ("fetch.crm.tier == 'gold'", "crm"),
            ("has(fetch.crm.tier.name)", "crm"),
            ("has(fetch.crm)", "crm"),
            ("fetch['my crm'].tier == fetch.b", "b my crm"),
            (
                "call.tags.exists(tag, tag in fetch.crm.tags) ? {'a': [fetch.x]} == {} : !fetch.y",
                "crm x y",
            ),
            ("fetch.a.b.startsWith(fetch.c)", "a c"),
        ] {
            let condition = Condition::parse(source).expect(source);
            let names: Vec<String> = condition.fetches().into_iter().collect();
            assert_eq!(names.join(" "), expected, "{source}");
        }
    }
}
