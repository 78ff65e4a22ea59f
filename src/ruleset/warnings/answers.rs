//! What is doubtful in a rule that answers in the model's place.

use super::{Checked, Ruleset};
use crate::files::Problem;

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
}
