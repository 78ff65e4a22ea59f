//! The text of a script, and where it stands: in the rule's file, or in one beside it.

use std::ops::Range;

use rhai::Position;
use toml::Spanned;

use crate::files::Source;

/// The text of a script.
#[derive(Debug)]
pub(super) struct ScriptText {
    /// The file that it stands in.
    file: Source,
    /// The string of the file that it is; none: it is the whole file.
    string: Option<Spanned<String>>,
}

impl ScriptText {
    /// A string of a file.
    pub(super) fn within(file: &Source, string: Spanned<String>) -> ScriptText {
        ScriptText {
            file: alone(file),
            string: Some(string),
        }
    }

    /// A whole file.
    pub(super) fn of_file(file: &Source) -> ScriptText {
        ScriptText {
            file: alone(file),
            string: None,
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        match &self.string {
            Some(string) => string.get_ref(),
            None => &self.file.text,
        }
    }

    /// The file, where all of it is the script.
    pub(super) fn own_file(&self) -> Option<&Source> {
        self.string.is_none().then_some(&self.file)
    }

    /// What stands at a position of the text, in bytes: a word, or a sign. Where no place is told it
    /// is the end.
    pub(super) fn range(&self, position: Position) -> Range<usize> {
        let text = self.text();
        let Some(line) = position.line() else {
            return text.len()..text.len();
        };
        let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
        let begin: usize = lines.map(str::len).sum();
        let rest = text.get(begin..).unwrap_or_default();
        let column = position.position().map_or(0, |column| column - 1);
        let start = rest.char_indices().nth(column);
        let start = begin + start.map_or(rest.len(), |(at, _)| at);
        let rest = text.get(start..).unwrap_or_default();
        let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let word = rest.find(|letter| !is_of_word(letter));
        let sign = rest.chars().next().map_or(0, char::len_utf8);
        let length = word.unwrap_or(rest.len()).max(sign);
        start..start + length
    }

    /// A position for people: `10-x.toml:7:12`.
    pub(super) fn place(&self, position: Position) -> String {
        let range = self.range(position);
        let place = match &self.string {
            Some(string) => self.file.place_in(string, Some(range)),
            None => range,
        };
        let problem = self.file.error(place, "");
        let name = problem.file.rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{name}:{}:{}", problem.line, problem.column)
    }
}

/// A file without those beside it.
fn alone(file: &Source) -> Source {
    Source {
        name: file.name.clone(),
        text: file.text.clone(),
        secrecy: file.secrecy,
        beside: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Document;

    #[test]
    fn a_position_is_one_of_the_file_whatever_the_quotes() {
        let toml = "a = '''\nlet x = 1;\n  foo(x);\n'''\nb = \"\\tü(x);\\nfoo()\"\n";
        let file = Source::new("rules/7.toml", toml);
        let document = Document::parse(&file).expect("toml");
        let of = |key: &str| ScriptText::within(&file, document.string(key).expect(key));
        for (key, line, column, place, word) in [
            ("a", 1, 5, "7.toml:2:5", "x"),
            ("a", 2, 3, "7.toml:3:3", "foo"),
            ("a", 2, 6, "7.toml:3:6", "("),
            ("b", 1, 2, "7.toml:5:8", "ü"),
            ("b", 2, 1, "7.toml:5:15", "foo"),
        ] {
            let text = of(key);
            let position = Position::new(line, column);
            assert_eq!(text.place(position), place, "{key} {line}:{column}");
            assert_eq!(&text.text()[text.range(position)], word);
        }
        let whole = ScriptText::of_file(&Source::new("x/y.rhai", "a\nbc"));
        assert_eq!(whole.place(Position::new(2, 2)), "y.rhai:2:2");
        assert_eq!(whole.place(Position::NONE), "y.rhai:2:3");
    }
}
