//! One text of a choice as it was told so far, and what a message adds to it.
//!
//! It never guesses where it can wait: what may only be told again is owed until the next message
//! shows whether messages tell pieces.

/// A text, as far as it was told.
#[derive(Debug, Default)]
pub(super) struct ToldText {
    text: String,
    /// What came and was not said, since it may tell again what was said.
    owed: String,
    habit: Habit,
    /// Whether a message has told of it, and not deltas alone.
    has_message: bool,
}

/// What messages tell of a text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Nobody knows yet.
    #[default]
    Unknown,
    /// All that was said so far.
    All,
    /// A piece of it.
    Pieces,
}

impl ToldText {
    /// Takes a piece that is said.
    pub(super) fn note(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    /// What of a message's text is to be said. `is_last`: the choice ends with it.
    pub(super) fn news(&mut self, text: &str, is_last: bool) -> String {
        let is_first = !std::mem::replace(&mut self.has_message, true);
        let is_by_deltas = is_first && !self.text.is_empty();
        if text.is_empty() {
            return String::new();
        }
        let is_loose = is_by_deltas || self.habit == Habit::All;
        let rest = continued(&self.text, text, is_loose);
        match (self.habit, rest) {
            (Habit::Pieces, Some(rest)) if is_last && !self.text.is_empty() => rest.to_owned(),
            (Habit::Pieces, _) => text.to_owned(),
            (Habit::All, Some(rest)) => whole_signs(rest, is_last).0.to_owned(),
            (Habit::All, None) => revised(&self.text, text).to_owned(),
            // The same again: a word said twice, or all of it told once more.
            (Habit::Unknown, Some("")) => {
                if !is_by_deltas && !is_last {
                    self.owed.push_str(text);
                }
                String::new()
            }
            (Habit::Unknown, Some(rest)) => {
                if !self.text.is_empty() {
                    self.habit = Habit::All;
                }
                let (said, half) = whole_signs(rest, is_last);
                half.clone_into(&mut self.owed);
                said.to_owned()
            }
            (Habit::Unknown, None) if is_by_deltas && is_last && tells(&self.text, text) => {
                String::new()
            }
            (Habit::Unknown, None) => {
                self.habit = Habit::Pieces;
                std::mem::take(&mut self.owed) + text
            }
        }
    }
}

/// What a text has behind what was told; none: it does not go on from that. `is_loose`: blanks
/// may differ.
pub(super) fn continued<'t>(told: &str, text: &'t str, is_loose: bool) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix(told) {
        return Some(rest);
    }
    if !is_loose {
        return None;
    }
    let mut signs = text
        .char_indices()
        .filter(|(_, sign)| !sign.is_whitespace());
    let mut end = 0;
    for expected in told.chars().filter(|sign| !sign.is_whitespace()) {
        let (at, sign) = signs.next()?;
        if sign != expected {
            return None;
        }
        end = at + sign.len_utf8();
    }
    let rest = &text[end..];
    Some(if rest.trim().is_empty() { "" } else { rest })
}

/// Whether what was told begins or ends with this text, whatever the blanks.
fn tells(told: &str, text: &str) -> bool {
    let signs = |text: &str| -> String { text.split_whitespace().collect() };
    let (told, text) = (signs(told), signs(text));
    told.starts_with(&text) || told.ends_with(&text)
}

/// What is new of a text that was told otherwise before: what follows where the two part, unless
/// they have little in common.
fn revised<'t>(told: &str, text: &'t str) -> &'t str {
    let both = told.chars().zip(text.chars());
    let same = both.take_while(|(one, other)| one == other);
    let same: usize = same.map(|(sign, _)| sign.len_utf8()).sum();
    if same == text.len() {
        return "";
    }
    if same * 2 < told.len() {
        return text;
    }
    &text[same..]
}

/// A text up to the half of a sign with which it ends, and that; the next message brings it whole.
fn whole_signs(text: &str, is_last: bool) -> (&str, &str) {
    match is_last {
        true => (text, ""),
        false => text.split_at(text.trim_end_matches(char::REPLACEMENT_CHARACTER).len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of these deltas, and of the messages behind them, of which the last is marked.
    fn check(deltas: &[&str], messages: &[&str], expected: &str) {
        let mut told = ToldText::default();
        let mut said = deltas.concat();
        deltas.iter().for_each(|delta| told.note(delta));
        for (at, message) in messages.iter().enumerate() {
            let new = told.news(message, at + 1 == messages.len());
            told.note(&new);
            said.push_str(&new);
        }
        assert_eq!(said, expected, "{deltas:?} {messages:?}");
    }

    #[test]
    fn what_is_told_again_is_said_once() {
        let all = "Hello you.";
        for messages in [
            &["Hello", "Hello", "Hello you", "Hello you."][..],
            &["Hello", "Hello", "Hello", "Hello you."],
            &["Hello", "Hello you.", "Hello you.", "Hello you."],
            &["Hello", "Hello you.", "Hello", "Hello you."],
            &["Hello", "Hello you.", ""],
            &["Hello you.", "Hello you.", ""],
            &["", "Hello", "", "Hello", "Hello you."],
            &["Hello you."],
        ] {
            check(&[], messages, all);
        }
        check(&[], &["Hi \u{fffd}", "Hi 😀", "Hi 😀."], "Hi 😀.");
        check(&[], &["Hi", "Hi 😀\u{fffd}\u{fffd}", "Hi 😀é"], "Hi 😀é");
        check(&[], &["Hi", "Hi you ", "Hi you."], "Hi you .");
        check(
            &[],
            &["Hi", "Hi there, yu", "Hi there, you."],
            "Hi there, yuou.",
        );
    }

    #[test]
    fn what_deltas_said_counts_as_told() {
        for messages in [
            &["Hello you."][..],
            &["Hello you.", "Hello you."],
            &[" Hello  you.\n"],
            &["Hello"],
            &["you."],
            &[""],
        ] {
            check(&["Hello ", "you."], messages, "Hello you.");
        }
        check(&["Hello "], &["Hello you."], "Hello you.");
        check(&["Hello "], &["you."], "Hello you.");
        check(&["Hello "], &["Bye."], "Hello Bye.");
    }

    #[test]
    fn no_piece_is_lost() {
        check(&[], &["Hel", "lo ", "you", "."], "Hello you.");
        check(&[], &["ha ", "ha ", "ha", ""], "ha ha ha");
        check(&[], &["4", "4", "4", "1", ""], "4441");
        check(&[], &["a\u{fffd}", "b", "c"], "a\u{fffd}bc");
        check(&[], &["Hel", "lo", "Hello"], "Hello");
    }
}
