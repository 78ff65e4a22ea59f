//! What is doubtful in a rule that answers in the model's place.

use super::{Checked, Ruleset, tells_time};
use crate::files::Problem;
use crate::rule::WrittenText;

impl Checked<'_> {
    /// A rule that answers every turn: no model is asked, and no rule behind it runs.
    pub(super) fn always_answers(&self, ruleset: &Ruleset) -> Option<Problem> {
        let file = self.file;
        let field = file.does.answers?;
        if file.when.is_some() || file.percent.is_some() || !file.acts() {
            return None;
        }
        let behind = ruleset.rules.get(self.at + 1..).unwrap_or_default();
        let count = behind.iter().filter(|file| file.acts()).count();
        let message = match count {
            0 => "the rule answers every turn, so no model is ever asked".to_owned(),
            1 => {
                "the rule answers every turn: no model is asked, and the rule behind it never runs"
                    .to_owned()
            }
            _ => format!(
                "the rule answers every turn: no model is asked, and the {count} rules behind it never run"
            ),
        };
        let help = "say when it answers, as in `when = 'turn.user.contains(\"goodbye\")'`";
        Some(self.at_field(field, message, help))
    }

    /// Where a rule writes the time, no request is the same as another.
    pub(super) fn never_repeats(&self, ruleset: &Ruleset) -> Option<Problem> {
        let field = self.file.does.repeats.filter(|_| self.file.is_enabled)?;
        let mut acting = ruleset.rules.iter().filter(|file| file.acts());
        let timely = acting.find(|file| {
            let tells = |writes: &WrittenText| {
                let is_now = writes.text.references().contains("now");
                is_now && tells_time(writes.text.source())
            };
            file.when.is_none() && file.does.writes.iter().any(tells)
        })?;
        let message = format!(
            "`{}` writes the time into each request, so that hardly any is the same as another",
            timely.name
        );
        let help =
            "write a day instead, as in `{{ now | date(\"%A, %-d %B\") }}`, or leave `repeat` out";
        Some(self.at_field(field, message, help))
    }
}

#[cfg(test)]
mod tests {
    use crate::files::Source;
    use crate::ruleset::Ruleset;

    const ANSWER: &str = "[then.answer]\ncall = { name = \"endCall\" }\n";
    const OTHER: &str = "[then.inject]\ntext = \"a\"\n";

    fn warnings(rules: &[String]) -> Vec<String> {
        let sources = rules.iter().enumerate();
        let source = |(at, rule): (usize, &String)| {
            Source::new(format!("{at}.toml"), format!("about = \"x\"\n{rule}"))
        };
        let (_, problems) = Ruleset::check(sources.map(source).collect(), &|_| None);
        let told = problems
            .iter()
            .map(|it| format!("{}:{} {}", it.file, it.line, it.message));
        told.collect()
    }

    #[test]
    fn a_rule_that_answers_every_turn_is_a_warning() {
        let rule = |head: &str| format!("{head}{ANSWER}");
        let never = "0.toml:3 the rule answers every turn";
        for (rules, expected) in [
            (
                vec![rule("")],
                Some(format!("{never}, so no model is ever asked")),
            ),
            (
                vec![rule(""), OTHER.to_owned()],
                Some(format!(
                    "{never}: no model is asked, and the rule behind it never runs"
                )),
            ),
            (
                vec![rule(""), OTHER.to_owned(), OTHER.to_owned()],
                Some(format!(
                    "{never}: no model is asked, and the 2 rules behind it never run"
                )),
            ),
            (
                vec![rule("when = 'turn.number > 1'\n"), OTHER.to_owned()],
                None,
            ),
            (vec![rule("percent = 10\n")], None),
            (vec![rule("shadow = true\n")], None),
            (vec![rule("enabled = false\n")], None),
            (vec!["[then.answer]\nrepeat = \"1m\"\n".to_owned()], None),
        ] {
            assert_eq!(warnings(&rules), Vec::from_iter(expected), "{rules:?}");
        }
    }
    #[test]
    fn a_repeat_beside_a_rule_that_writes_the_time_is_a_warning() {
        let repeat = || "[then.answer]\nrepeat = \"1m\"\n".to_owned();
        let inject = |head: &str, text: &str| format!("{head}[then.inject]\ntext = '{text}'\n");
        for (other, is_told) in [
            (inject("", "{{ now }}"), true),
            (inject("", "{{ now | date(\"%H:%M\") }}"), true),
            (inject("", "{{ now | date(\"%A\") }}"), false),
            (inject("", "Do it now, {{ turn.user }}."), false),
            (inject("", "The time."), false),
            (inject("shadow = true\n", "{{ now }}"), false),
            (inject("when = 'turn.number == 9'\n", "{{ now }}"), false),
        ] {
            let found = warnings(&[repeat(), other.clone()]);
            let told = "0.toml:3 `1` writes the time into each request, so that hardly any is the same as another";
            assert_eq!(
                found,
                Vec::from_iter(is_told.then(|| told.to_owned())),
                "{other}"
            );
        }
    }
}
