//! A problem in a file, shown with its place: file, line, column and a caret.
//!
//! Nothing here reads files or prints.

mod place;
mod secret;

use std::fmt;
use std::ops::Range;

use serde::Serialize;
use toml::Spanned;

pub use secret::FieldSecrecy;

/// The name and text of a file that people write.
#[derive(Clone)]
pub struct Source {
    /// The path as the person gave it.
    pub name: String,
    /// The whole text; lines end in LF.
    pub text: String,
    /// Which fields may hold keys, which are hidden when a line is shown; none: it has no keys.
    pub secrecy: Option<&'static FieldSecrecy>,
    /// The files that it names, as they were read.
    pub beside: Vec<Beside>,
}

/// A file that another names.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Its name, as the other file writes it.
    pub name: String,
    /// The file, or why it can't be read.
    pub read: Result<Source, String>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file can't be used.
    Error,
    /// The file works, but not as somebody might think.
    Warning,
}

/// One problem: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The file's name.
    pub file: String,
    /// Line, counted from 1; 0 where it is of no file.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The last line that the caret underlines: the same.
    pub end_line: usize,
    /// The column behind the last character that it underlines.
    pub end_column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do, where we can tell.
    pub help: Option<String>,
    /// The line itself, as it is shown.
    #[serde(skip)]
    shown: String,
    /// How many characters of it stand before the caret.
    #[serde(skip)]
    indent: usize,
}

impl Source {
    /// A file of rules: its lines may be shown as they are.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let mut text: String = text.into();
        // What a text says does not depend on the editor that wrote it.
        if text.contains('\r') {
            text = text.replace("\r\n", "\n");
        }
        if text.starts_with('\u{FEFF}') {
            text.remove(0);
        }
        Source {
            name: name.into(),
            text,
            secrecy: None,
            beside: Vec::new(),
        }
    }

    /// A file that may hold keys: strings that look like one are never shown.
    pub fn secret(
        name: impl Into<String>,
        text: impl Into<String>,
        fields: &'static FieldSecrecy,
    ) -> Source {
        Source {
            secrecy: Some(fields),
            ..Source::new(name, text)
        }
    }

    /// An error at `span` (bytes of the text; beyond its end means the end).
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        self.problem(Severity::Error, span, message.into())
    }

    /// The place of a part of a string of the file; the whole string, where it can't be told.
    pub fn place_in(&self, string: &Spanned<String>, part: Option<Range<usize>>) -> Range<usize> {
        let span = string.span();
        let written = self.text.get(span.clone()).unwrap_or_default();
        match part.and_then(|part| place::within(written, string.get_ref(), part)) {
            Some(within) => span.start + within.start..span.start + within.end,
            None => span,
        }
    }

    /// A warning at `span`.
    pub fn warning(&self, span: Range<usize>, message: impl Into<String>) -> Problem {
        self.problem(Severity::Warning, span, message.into())
    }

    fn problem(&self, severity: Severity, span: Range<usize>, message: String) -> Problem {
        let start = floor_boundary(&self.text, span.start);
        let end = floor_boundary(&self.text, span.end.max(start));
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |at| start + at);
        let line_text = &self.text[line_start..line_end];
        let mut width = self.text[start..end.min(line_end)].chars().count().max(1);
        let column = before[line_start..].chars().count() + 1;
        let (mut shown, mut indent) = (line_text.to_owned(), column - 1);
        if let Some(fields) = self.secrecy {
            // The caret must not tell how long a hidden value is.
            let hidden = secret::hide(&self.text[..line_end], line_start, fields);
            if let Some(caret) = hidden.caret(start) {
                (indent, width) = (caret.start, width.min(caret.len()).max(1));
            }
            shown = hidden.shown();
        }
        let line = before.matches('\n').count() + 1;
        Problem {
            severity,
            file: self.name.clone(),
            line,
            column,
            end_line: line,
            end_column: column + width,
            message,
            help: None,
            shown,
            indent,
        }
    }
}

impl Problem {
    /// The same problem with a line of help.
    pub fn with_help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// The same problem with a line of help, where there is one.
    pub fn with_help_if(mut self, help: Option<String>) -> Problem {
        self.help = help.or(self.help);
        self
    }

    /// A problem of a whole file or folder, which no line shows.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem {
            severity: Severity::Error,
            file: file.into(),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            message: message.into(),
            help: None,
            shown: String::new(),
            indent: 0,
        }
    }

    /// The same as a warning.
    pub fn as_warning(mut self) -> Problem {
        self.severity = Severity::Warning;
        self
    }

    /// A problem of something on the command line.
    pub fn of_flag(flag: &str, message: impl Into<String>) -> Problem {
        Problem {
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
            ..Problem::of_file(flag, message)
        }
    }

    /// Place, message and help in one line, for a log.
    pub fn in_one_line(&self) -> String {
        let place = match self.line {
            0 => self.file.clone(),
            line => format!("{}:{line}:{}", self.file, self.column),
        };
        let help = self.help.iter().map(|help| format!("; {help}"));
        let text = format!("{place}: {}{}", self.message, help.collect::<String>());
        text.lines().collect::<Vec<_>>().join(" ")
    }

    /// Whether it stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        match self.line {
            0 => writeln!(f, "{word}: {}: {}", self.file, self.message)?,
            line => writeln!(
                f,
                "{word}: {}:{line}:{}: {}",
                self.file, self.column, self.message
            )?,
        }
        let width = self.end_column.saturating_sub(self.column);
        if width > 0 {
            let number = self.line.to_string();
            let gutter = " ".repeat(number.len());
            // A tab before the caret is repeated, so that both lines move alike.
            let indent: String = self
                .shown
                .chars()
                .take(self.indent)
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            writeln!(f, "{gutter} |\n{number} | {}", self.shown)?;
            writeln!(f, "{gutter} | {indent}{}", "^".repeat(width))?;
        }
        if let Some(help) = &self.help {
            writeln!(f, "help: {help}")?;
        }
        Ok(())
    }
}

/// The known word that is nearest to a misspelt one, if any is near enough: it shares some of its
/// letters.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 1 + candidate.chars().count() / 4 && *distance < word.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_shows_its_line_with_a_caret() {
        let source = Source::new("rules/a.toml", "about = \"x\"\nwhen = \"é call\"\n");
        let at = source.text.find("call").expect("the word is there");
        let problem = source
            .error(at..at + 4, "unknown name `call`")
            .with_help("look again");
        assert_eq!(
            problem.to_string(),
            "error: rules/a.toml:2:11: unknown name `call`\n  |\n2 | when = \"é call\"\n  |           ^^^^\nhelp: look again\n"
        );
    }

    #[test]
    fn a_key_is_never_shown() {
        let text = "kee = \"sk-live-0123456789\"\n";
        let source = crate::config::source("aside.toml", text);
        let shown = source.error(0..3, "unknown field `kee`").to_string();
        assert!(!shown.contains("sk-live"), "{shown}");
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("abuot", ["when", "about"]), Some("about"));
        assert_eq!(nearest("zebra", ["when", "about"]), None);
        assert_eq!(nearest("in", ["find", "replace"]), None);
        assert_eq!(nearest("fnd", ["find", "replace"]), Some("find"));
    }
}
