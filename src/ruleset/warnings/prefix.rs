//! What makes the beginning of a call's requests another from turn to turn, so that the provider's
//! prompt cache is of no use.

use super::{Checked, Ruleset, tells_time};
use crate::files::Problem;
use crate::lang::facts::FETCH;
use crate::rule::{EarlyText, WrittenText};

impl Checked<'_> {
    /// A prefix that is another in each turn is never in the provider's cache.
    pub(super) fn prefix(&self, ruleset: &Ruleset) -> Option<Problem> {
        let does = &self.file.does;
        let written = does.writes.iter().chain(&does.sends);
        let early = written.filter_map(|written| Some((written, written.early.as_ref()?)));
        let mut changing = early.clone().filter_map(|(WrittenText { text, .. }, early)| {
            let changes = |path: &&Vec<String>| match path.as_slice() {
                [root, ..] if root == "turn" => !early.is_of_its_turn || is_forgotten(path),
                [root, ..] if root == "now" => tells_time(text.source()),
                [root, name, ..] if root == FETCH => ruleset.changes(name),
                _ => false,
            };
            let path = text.paths().iter().find(changes)?;
            let message = format!(
                "`{}` changes from turn to turn, and {}: the provider's prompt cache never has it",
                path.join("."),
                early.does
            );
            Some(self.at_field(&early.field, message, early.help))
        });
        if let Some(problem) = changing.next() {
            return Some(problem);
        }
        let written = does.writes.iter().filter_map(|it| it.early.as_ref());
        let mut all = does.reshapes.iter().chain(written);
        all.find(|early| !early.is_of_its_turn)
            .and_then(|early| self.comes_and_goes(early))
    }

    /// What changes the history in some turns alone.
    fn comes_and_goes(&self, early: &EarlyText) -> Option<Problem> {
        let when = self.file.when.as_ref();
        when.filter(|when| when.references().contains("turn"))?;
        let message = format!(
            "{} and comes and goes with `turn`: the provider's prompt cache is lost each time",
            early.does
        );
        Some(self.at_field(&early.field, message, early.help))
    }

    /// A condition that is asked of past turns, and speaks of what nobody knows of them.
    pub(super) fn forgets(&self, ruleset: &Ruleset) -> Option<Problem> {
        let when = self.file.when.as_ref();
        let when = when.filter(|_| self.file.does.looks_back)?;
        let mut paths = when.paths().iter();
        let path = paths.find(|path| match path.as_slice() {
            [root, ..] if root == "now" => true,
            [root, ..] if root == "turn" => is_forgotten(path),
            [root, name, ..] if root == FETCH => ruleset.changes(name),
            _ => false,
        })?;
        let message = format!(
            "`{}` is not known of earlier turns: where it changes, what the rule says comes or goes, and the \
             provider's prompt cache is lost",
            path.join(".")
        );
        let help = "speak of what the history tells, as `turn.user`, or of what stays as it is during a call";
        Some(self.at_top("when", &message, help))
    }
}

/// Whether the history of later turns does not tell it.
fn is_forgotten(path: &[String]) -> bool {
    path.get(1).is_none_or(|name| name == "interrupted")
}

#[cfg(test)]
mod tests {
    use crate::files::Source;
    use crate::ruleset::Ruleset;

    fn warned(top: &str, table: &str) -> Vec<String> {
        let text = format!("about = \"x\"\n{top}\n{table}\n");
        let sources = vec![Source::new("a.toml", text)];
        let (_, problems) = Ruleset::check(sources, &|_| None);
        let told = problems.iter();
        told.map(|it| format!("{}:{} {}", it.line, it.column, it.message))
            .collect()
    }

    #[test]
    fn what_is_said_once_may_speak_of_its_turn_and_of_nothing_that_is_forgotten() {
        let table = |text: &str| format!("[then.inject]\ntext = \"{text}\"\nonce = \"call\"");
        for (when, text, expected) in [
            ("", "a", ""),
            (
                "when = 'turn.number > 2'",
                "{{ turn.user }} {{ turn.number }}",
                "",
            ),
            (
                "when = 'context.call.vip == true'",
                "{{ now | date('%A') }}",
                "",
            ),
            (
                "when = 'turn.interrupted == true'",
                "a",
                "2:8 `turn.interrupted` is not known",
            ),
            (
                "when = 'now.within(\"Mon-Fri\", \"Europe/Berlin\")'",
                "a",
                "2:8 `now` is not known",
            ),
            (
                "when = 'turn.number > 2'",
                "{{ now }}",
                "5:8 `now` changes from turn to turn",
            ),
            (
                "",
                "{{ turn.interrupted }}",
                "5:8 `turn.interrupted` changes from turn to turn",
            ),
        ] {
            let warned = warned(when, &table(text));
            let is_as_expected = match expected {
                "" => warned.is_empty(),
                _ => warned.len() == 1 && warned[0].starts_with(expected),
            };
            assert!(is_as_expected, "{when} {text}: {warned:?}");
        }
    }

    #[test]
    fn what_is_written_into_the_history_is_to_stay_as_it_is() {
        for (top, table, expected) in [
            (
                "",
                "[then.rewrite]\npairs = [{ find = 'a', replace = 'b' }, { find = 'b', replace = '{{ turn.number }}' }]",
                "4:65 `turn.number` changes from turn to turn, and it is written into what was said",
            ),
            (
                "when = 'turn.number > 3'",
                "[then.rewrite]\nfind = 'a'\nreplace = 'b'",
                "5:11 it is written into what was said in earlier turns and comes and goes",
            ),
            (
                "when = 'turn.number > 3'",
                "[then.rewrite]\nfind = 'a'\nreplace = '{{ now }}'\nin = ['reply']",
                "",
            ),
            ("", "[then.inject]\ntext = 'a'\nevery = 2", ""),
            (
                "",
                "[then.inject]\ntext = 'a'\nevery = 1",
                "5:9 `every = 1` is each turn",
            ),
            (
                "",
                "[then.inject]\ntext = 'a'\nevery = 2\nplace = 'system-end'",
                "5:9 the text stands before the history",
            ),
            (
                "",
                "[then.inject]\nexamples = [{ user = 'a', assistant = '{{ turn.user }}' }]",
                "4:12 `turn.user` changes",
            ),
            (
                "",
                "[then.inject]\nexamples = [{ user = 'a', assistant = '{{ customer.name }}' }]",
                "",
            ),
        ] {
            let warned = warned(top, table);
            let is_as_expected = match expected {
                "" => warned.is_empty(),
                _ => warned.len() == 1 && warned[0].starts_with(expected),
            };
            assert!(is_as_expected, "{top} {table}: {warned:?}");
        }
    }

    const NEVER: &str = "changes from turn to turn";
    const GOES: &str = "and comes and goes with `turn`";

    /// What stands above a rule, its table, and where which warning is given; none: `""`.
    const EARLY: &[(&str, &str, (&str, &str))] = &[
        (
            "",
            "[then.trim]\nmessages = 4\nsummary = 'Turn {{ turn.number }}.'",
            ("5:11", NEVER),
        ),
        (
            "",
            "[then.trim]\ntokens = 400\nsummary = 'At {{ now }}.'",
            ("5:11", NEVER),
        ),
        (
            "",
            "[then.trim]\nmessages = 4\nsummary = '{{ turn.user }}'",
            ("5:11", NEVER),
        ),
        (
            "",
            "[then.trim]\nmessages = 4\nsummary = 'For {{ customer.name }}.'",
            ("", ""),
        ),
        (
            "",
            "[then.trim]\nmessages = 4\nsummary = \"On {{ now | date('%A') }}.\"",
            ("", ""),
        ),
        (
            "when = 'turn.number > 3'",
            "[then.trim]\nmessages = 4",
            ("4:12", GOES),
        ),
        (
            "when = 'turn.number > 3'",
            "[then.trim]\ntokens = 400\nsummary = 'Cut.'",
            ("4:10", GOES),
        ),
        (
            "when = 'call.id == \"a\"'",
            "[then.trim]\nmessages = 4",
            ("", ""),
        ),
        (
            "",
            "[then.tools]\ndescribe = { a = 'turn {{ turn.number }}' }",
            ("4:18", NEVER),
        ),
        (
            "",
            "[then.tools]\ndescribe = { a = 'A.', b = '{{ now }}' }",
            ("4:28", NEVER),
        ),
        (
            "",
            "[then.tools]\ndescribe = { a = 'For {{ customer.name }}.' }",
            ("", ""),
        ),
        (
            "when = 'turn.number % 2 == 0'",
            "[then.tools]\nremove = ['a']",
            ("4:10", GOES),
        ),
        (
            "when = 'turn.user == \"a\"'",
            "[then.tools]\nonly = ['a']",
            ("4:8", GOES),
        ),
        (
            "when = 'turn.number > 1'",
            "[then.tools]\ndescribe = { a = 'A.' }",
            ("4:12", GOES),
        ),
        (
            "when = 'context.global.is_open == false'",
            "[then.tools]\nremove = ['a']",
            ("", ""),
        ),
        (
            "",
            "[then.set]\nmodel = 'm-{{ turn.number }}'",
            ("4:9", NEVER),
        ),
        (
            "",
            "[then.set]\nprompt_cache_key = '{{ now }}'",
            ("4:20", NEVER),
        ),
        ("", "[then.set]\nuser = '{{ turn.number }}'", ("", "")),
        (
            "when = 'turn.number > 1'",
            "[then.set]\nresponse_format = { type = 'json_object' }",
            ("4:19", GOES),
        ),
        (
            "when = 'turn.user.contains(\"refund\")'",
            "[then.set]\nmodel = 'large'",
            ("", ""),
        ),
    ];

    #[test]
    fn what_stands_before_all_that_is_said_is_to_stay_as_it_is() {
        for (top, table, expected) in EARLY {
            let warned = warned(top, table);
            let is_as_expected = match *expected {
                ("", _) => warned.is_empty(),
                (place, told) => {
                    warned.len() == 1 && warned[0].starts_with(place) && warned[0].contains(told)
                }
            };
            assert!(is_as_expected, "{top} {table}: {warned:?}");
        }
    }
}
