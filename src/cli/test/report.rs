//! What people read of tests: each on a line, and of a failure both texts in full with the words
//! marked that differ.

use std::path::{Path, PathBuf};

use crate::cli::show;
use crate::files::Problem;
use crate::ruleset::case_run::{TestFailure, Tried};
use crate::ruleset::diff::{WordPiece, words};

const RED: &str = "31";
const GREEN: &str = "32";

/// Counts what it prints.
#[derive(Debug)]
pub(super) struct TestReport {
    passed: usize,
    failed: usize,
    has_colours: bool,
    /// Only what is wrong is shown.
    is_quiet: bool,
    /// The folder whose tests follow, where there are several.
    folder: Option<PathBuf>,
}

impl Default for TestReport {
    fn default() -> TestReport {
        TestReport {
            passed: 0,
            failed: 0,
            has_colours: crate::cli::has_colours(),
            is_quiet: false,
            folder: None,
        }
    }
}

impl TestReport {
    /// One that shows only what is wrong.
    pub(super) fn quiet() -> TestReport {
        TestReport {
            is_quiet: true,
            ..TestReport::default()
        }
    }

    /// The tests of a folder follow, which is told with each; none: there is only one.
    pub(super) fn of_folder(&mut self, folder: Option<&Path>) {
        self.folder = folder.map(Path::to_owned);
    }

    /// Shows what is wrong with the files.
    pub(super) fn tell(&self, problems: &[Problem]) {
        let shown = problems
            .iter()
            .filter(|problem| !self.is_quiet || problem.is_error());
        show(&shown.cloned().collect::<Vec<_>>());
    }

    /// Shows one test.
    pub(super) fn add(&mut self, test: &Tried) {
        let (word, colour) = if test.failures.is_empty() {
            self.passed += 1;
            ("pass", GREEN)
        } else {
            self.failed += 1;
            ("FAIL", RED)
        };
        if self.is_quiet && test.failures.is_empty() {
            return;
        }
        let note = test.note.iter();
        let note = note.map(|why| format!(" (the rule was skipped: {})", plain(why)));
        println!(
            "{} {}: {}{}",
            self.colour(word, colour),
            self.folder
                .as_deref()
                .unwrap_or(Path::new(""))
                .join(&test.rule)
                .display(),
            test.name,
            note.collect::<String>()
        );
        for failure in &test.failures {
            print!("{}", shown(failure, self.has_colours));
        }
    }

    /// Shows the last line; gives how many failed.
    pub(super) fn finish(self) -> usize {
        if !self.is_quiet || self.failed > 0 {
            println!("{} passed, {} failed", self.passed, self.failed);
        }
        self.failed
    }

    fn colour(&self, text: &str, colour: &str) -> String {
        match self.has_colours {
            true => paint(text, colour),
            false => text.to_owned(),
        }
    }
}

fn paint(text: &str, colour: &str) -> String {
    format!("\u{1b}[{colour}m{text}\u{1b}[0m")
}

/// Both texts, a line each. Without colours a line of carets says what differs.
fn shown(failure: &TestFailure, has_colours: bool) -> String {
    let (expected, actual) = (plain(&failure.expected), plain(&failure.actual));
    let pieces = words(&expected, &actual);
    let old = pieces.iter().filter_map(|piece| match piece {
        WordPiece::Same(text) => Some((*text, false)),
        WordPiece::Old(text) => Some((*text, true)),
        WordPiece::New(_) => None,
    });
    let new = pieces.iter().filter_map(|piece| match piece {
        WordPiece::Same(text) => Some((*text, false)),
        WordPiece::New(text) => Some((*text, true)),
        WordPiece::Old(_) => None,
    });
    let case = failure
        .case
        .iter()
        .map(|case| format!(", where {}", plain(case)));
    let mut out = format!("  {}{}\n", failure.field, case.collect::<String>());
    out += &line(
        "expected: ",
        &old.collect::<Vec<_>>(),
        has_colours.then_some(GREEN),
    );
    out += &line(
        "came:     ",
        &new.collect::<Vec<_>>(),
        has_colours.then_some(RED),
    );
    out
}

/// A text with the parts marked that differ.
fn line(label: &str, parts: &[(&str, bool)], colour: Option<&str>) -> String {
    let (mut text, mut carets) = (String::new(), String::new());
    for (part, differs) in parts {
        let word = part.trim_end();
        let blanks = &part[word.len()..];
        match colour.filter(|_| *differs) {
            Some(colour) => text += &paint(part, colour),
            None => text += part,
        }
        let mark = if *differs { "^" } else { " " };
        carets += &mark.repeat(word.chars().count());
        carets += &" ".repeat(blanks.chars().count());
    }
    let text = format!("    {label}{text}");
    let carets = format!("    {}{carets}", " ".repeat(label.len()));
    match carets.trim().is_empty() || colour.is_some() {
        true => format!("{}\n", text.trim_end()),
        false => format!("{text}\n{}\n", carets.trim_end()),
    }
}

/// In one line: line breaks and control signs as escapes.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter.is_control() {
            true => out.extend(letter.escape_default()),
            false => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(expected: &str, actual: &str) -> TestFailure {
        TestFailure {
            field: "caller_hears".to_owned(),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
            case: None,
        }
    }

    #[test]
    fn the_words_that_differ_are_marked() {
        let failure = failure("Charging 4111 now.\nBye.", "Charging [CARD_1] now.\nBye.");
        insta::assert_snapshot!(shown(&failure, false), @r"
          caller_hears
            expected: Charging 4111 now.\nBye.
                               ^^^^
            came:     Charging [CARD_1] now.\nBye.
                               ^^^^^^^^
        ");
        let coloured = shown(&failure, true);
        assert!(
            coloured.contains("Charging \u{1b}[32m4111\u{1b}[0m now."),
            "{coloured:?}"
        );
        assert!(!coloured.contains('^'));
    }

    #[test]
    fn what_is_nothing_has_no_marks() {
        let shown = shown(&failure("Hi.", ""), false);
        assert_eq!(
            shown,
            "  caller_hears\n    expected: Hi.\n              ^^^\n    came:\n"
        );
    }
}
