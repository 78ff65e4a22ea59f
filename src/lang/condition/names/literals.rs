//! What is written out in a condition and read with it: regular expressions, word lists, hours.
//!
//! Each is put under a name that no text of a user can spell, and read once.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue};
use regex::Regex;

use super::{ConditionError, ConditionReader};
use crate::lang::condition::opening::LiteralHours;
use crate::lang::condition::pattern::LiteralPattern;
use crate::lang::condition::wording::any_of;
use crate::lang::hours::{HoursError, WeeklyHours};

/// How a word list is written.
const WORDS: &str = "write the words out, as in `says(turn.user, [\"goodbye\", \"call me back\"])`";
/// How hours are written.
const HOURS: &str =
    "write hours and a zone out, as in `now.within(\"Mon-Fri 09:00-17:30\", \"Europe/Berlin\")`";

impl ConditionReader<'_> {
    /// Compiles what a call has written out.
    pub(super) fn compile_literals(
        &mut self,
        call: &mut CallExpr,
        id: u64,
    ) -> Result<(), ConditionError> {
        match (call.func_name.as_str(), call.args.last_mut()) {
            ("matches", Some(pattern)) => self.compile_pattern(pattern),
            ("says", Some(words)) => self.compile_words(words),
            ("within", _) => self.compile_hours(call, id),
            _ => Ok(()),
        }
    }

    fn compile_pattern(&mut self, argument: &mut IdedExpr) -> Result<(), ConditionError> {
        let Some(text) = text_of(argument) else {
            return Ok(());
        };
        let regex = Regex::new(text).map_err(|error| {
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ");
            let message = format!("this is no regular expression: {reason}");
            self.error(message, argument.id, None)
        })?;
        self.put_pattern(argument, regex);
        Ok(())
    }

    fn compile_words(&mut self, argument: &mut IdedExpr) -> Result<(), ConditionError> {
        let wrong =
            |message: &str| self.error(message.to_owned(), argument.id, Some(WORDS.to_owned()));
        let words: Option<Vec<&str>> = match &argument.expr {
            Expr::List(list) => list.elements.iter().map(text_of).collect(),
            _ => text_of(argument).map(|word| vec![word]),
        };
        let words = words.ok_or_else(|| wrong("`says` needs a list of words"))?;
        if words.is_empty() {
            return Err(wrong("`says` needs at least one word"));
        }
        let regex = any_of(&words).map_err(|error| wrong(&error.to_string()))?;
        self.put_pattern(argument, regex);
        Ok(())
    }

    fn compile_hours(&mut self, call: &mut CallExpr, id: u64) -> Result<(), ConditionError> {
        let help = || Some(HOURS.to_owned());
        let [hours, zone] = call.args.as_slice() else {
            let message = "`within` needs hours and a time zone".to_owned();
            return Err(self.error(message, id, help()));
        };
        let (Some(text), Some(name)) = (text_of(hours), text_of(zone)) else {
            let message = "`within` needs hours and a time zone that are written out".to_owned();
            return Err(self.error(message, id, help()));
        };
        let read = WeeklyHours::read(text, name).map_err(|error| {
            let place = match error {
                HoursError::Zone(_) => zone.id,
                _ => hours.id,
            };
            self.error(error.to_string(), place, Some(error.help().to_owned()))
        })?;
        let name = format!("@hours{}", self.names.hours.len());
        let expr = Expr::Ident(name.clone());
        let id = hours.id;
        call.args = vec![IdedExpr { id, expr }];
        self.names.hours.push(LiteralHours { name, hours: read });
        Ok(())
    }

    fn put_pattern(&mut self, argument: &mut IdedExpr, regex: Regex) {
        let name = format!("@pattern{}", self.names.patterns.len());
        argument.expr = Expr::Ident(name.clone());
        self.names.patterns.push(LiteralPattern { name, regex });
    }
}

fn text_of(part: &IdedExpr) -> Option<&str> {
    match &part.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::lang::condition::{Condition, Verdict};
    use crate::lang::facts::Facts;

    fn verdict(source: &str, facts: &[(&'static str, Value)]) -> Verdict {
        let condition =
            Condition::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let mut known = Facts::default();
        for (root, value) in facts {
            known.set(root, value.clone());
        }
        condition.evaluate(&known)
    }

    #[test]
    fn words_are_found_in_what_was_said() {
        let said = |user: Value| [("turn", json!({ "user": user, "steps": 7 }))];
        for (source, user, expected) in [
            (
                "says(turn.user, [\"goodbye\", \"call me back\"])",
                "Goodbye!",
                true,
            ),
            ("turn.user.says([\"goodbye\"])", "goodbyes", false),
            ("says(turn.user, \"bye\") && turn.steps > 6", "BYE", true),
            (
                "!says(turn.user, ['a', 'b']) || says(turn.user, ['c'])",
                "c b",
                true,
            ),
            ("['bye', 'hi'].exists(word, says(word, ['hi']))", "", true),
        ] {
            let expected = match expected {
                true => Verdict::Holds,
                false => Verdict::Fails { note: None },
            };
            assert_eq!(
                verdict(source, &said(user.into())),
                expected,
                "{source} {user}"
            );
        }
        let Verdict::Fails { note } = verdict("says(turn.user, ['a'])", &said(Value::Null)) else {
            panic!("nobody said anything");
        };
        assert_eq!(note.as_deref(), Some("`turn.user` is null"));
        let absent = verdict("says(customer.name, ['a'])", &[]);
        let note = Some("`customer.name` is absent".to_owned());
        assert_eq!(absent, Verdict::Fails { note });
    }

    #[test]
    fn hours_are_those_of_now_or_of_another_time() {
        let source = "!now.within(\"Mon-Fri 09:00-17:30\", \"Europe/Berlin\")";
        let at = |now: Value| verdict(source, &[("now", now)]);
        assert_eq!(at("2026-11-23T16:30:00Z".into()), Verdict::Holds);
        assert_eq!(
            at("2026-11-23T16:29:00Z".into()),
            Verdict::Fails { note: None }
        );
        let note = Some("`now` is null".to_owned());
        assert_eq!(at(Value::Null), Verdict::Fails { note });
        let call = [("call", json!({ "startedAt": "2026-11-23T05:00:00Z" }))];
        let other = "timestamp(call.startedAt).within('Sun 22:00-06:00', 'UTC')";
        assert_eq!(verdict(other, &call), Verdict::Holds);
    }

    #[test]
    fn what_can_not_be_read_is_told_where_it_stands() {
        for (source, place, message) in [
            ("says(turn.user, [])", "[", "at least one word"),
            ("says(turn.user, ['a', '!'])", "[", "`!` has no letter"),
            (
                "says(turn.user, [customer.name])",
                "[",
                "needs a list of words",
            ),
            (
                "says(turn.user, context.global.words)",
                ".",
                "needs a list of words",
            ),
            ("says(turn.number, ['a'])", "turn.number", "needs a text"),
            (
                "now.within('Mon-Fri', 'Mars')",
                "'Mars'",
                "no time zone `Mars`",
            ),
            (
                "now.within('Mon-Fri 9am-5pm', 'UTC')",
                "'Mon-Fri 9am-5pm'",
                "neither a day nor a time",
            ),
            ("now.within('Mon-Fri')", "(", "needs hours and a time zone"),
            (
                "now.within(context.global.hours, 'UTC')",
                "(",
                "written out",
            ),
            (
                "call.startedAt.within('Mon', 'UTC')",
                "call.startedAt",
                "needs a time",
            ),
            ("sayz(turn.user, ['a'])", "sayz", "no function `sayz`"),
        ] {
            let error = Condition::parse(source).expect_err(source);
            assert!(error.message.contains(message), "{source}: {error}");
            assert!(error.help.is_some(), "{source}");
            let range = error.range.clone().expect("a place");
            let shown = source.get(range).unwrap_or_default();
            assert!(shown.starts_with(&place[..1]), "{source}: `{shown}`");
        }
    }
}
