//! Text for the ear: what a voice would read wrongly, as words.
//!
//! It changes digits and symbols only; the words and the signs of a sentence stay.

/// Digits and symbols as words: `4111` is said "four one one one", `a@b.com` "a at b dot com".
pub(super) fn spoken(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut before, mut was_said) = (' ', false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        let said = word(before, c, after);
        // A word stands apart from what was said before it and from the comma of a pause.
        let follows = said.is_some() || (was_said && c.is_alphanumeric());
        let apart = |last: char| last.is_alphanumeric() || last == ',';
        if follows && out.chars().next_back().is_some_and(apart) {
            out.push(' ');
        }
        match said {
            Some(word) => out.push_str(word),
            // Digits are grouped by a pause: 555-0123, 10:30.
            None if matches!(c, '-' | ':') && is_between_digits(before, after) => out.push(','),
            None => out.push(c),
        }
        (before, was_said) = (c, said.is_some());
    }
    out
}

/// How a digit or a symbol is said. What also ends or parts a sentence is said only within a word.
fn word(before: char, c: char, after: char) -> Option<&'static str> {
    let inside = before.is_alphanumeric() && after.is_alphanumeric();
    let digits = is_between_digits(before, after);
    Some(match c {
        '0' => "zero",
        '1' => "one",
        '2' => "two",
        '3' => "three",
        '4' => "four",
        '5' => "five",
        '6' => "six",
        '7' => "seven",
        '8' => "eight",
        '9' => "nine",
        '@' => "at",
        '+' => "plus",
        '#' => "number",
        '%' => "percent",
        '&' => "and",
        '*' => "star",
        '=' => "equals",
        '_' => "underscore",
        '/' => "slash",
        '.' if inside => "dot",
        '-' if inside && !digits => "dash",
        ':' if inside && !digits => "colon",
        _ => return None,
    })
}

fn is_between_digits(before: char, after: char) -> bool {
    before.is_ascii_digit() && after.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn digits_and_symbols_are_said_as_words() {
        for (text, expected) in [
            ("4111", "four one one one"),
            ("a@b.com", "a at b dot com"),
            (
                "john.smith_9@mail-box.co",
                "john dot smith underscore nine at mail dash box dot co",
            ),
            (
                "Call +1 555-0123.",
                "Call plus one five five five, zero one two three.",
            ),
            ("Order A12/B, please.", "Order A one two slash B, please."),
            (
                "At 10:30, 1,000 of 3.5/4",
                "At one zero, three zero, one, zero zero zero of three dot five slash four",
            ),
            ("It is 50% off!", "It is five zero percent off!"),
            ("Wait - no. Yes.", "Wait - no. Yes."),
            ("", ""),
        ] {
            assert_eq!(spoken(text), expected);
        }
    }
}
