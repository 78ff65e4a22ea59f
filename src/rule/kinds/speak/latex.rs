//! Formulas: `\(…\)`, `\[…\]`, `$…$`, `$$…$$`, blocks and bare commands, said in words where they
//! are short, and without their marks at least.
//!
//! `$5 and $6` are prices. What is open for too long is no formula.

mod words;

use words::in_words;

use crate::stream::sweep::{Glimpse, Swept};

/// No formula between marks is longer.
const LONGEST: usize = 600;
/// No formula between two `$` is longer.
const LONGEST_BETWEEN_DOLLARS: usize = 120;

/// What begins here with `$` or a backslash.
pub(super) fn look(here: &Glimpse<'_>) -> Option<Swept> {
    match here.byte(0)? {
        b'$' if here.byte(1) == Some(b'$') => Some(between(here, 2, "$$")),
        b'$' => between_dollars(here),
        _ => match here.letter(1)? {
            '(' => Some(between(here, 2, "\\)")),
            '[' => Some(between(here, 2, "\\]")),
            ')' | ']' => Some(Swept::Gone(2)),
            sign if sign.is_ascii_alphabetic() => command(here),
            _ => None,
        },
    }
}

/// A formula up to its closing mark; where there is none, the opening one goes.
fn between(here: &Glimpse<'_>, begin: usize, closing: &str) -> Swept {
    match here.find(begin, closing, LONGEST) {
        None => Swept::Gone(begin),
        Some(end) => Swept::Said(end + closing.len(), in_words(here.text(begin..end))),
    }
}

fn between_dollars(here: &Glimpse<'_>) -> Option<Swept> {
    let first = here.letter(1)?;
    if first.is_whitespace() || here.last().is_some_and(char::is_alphanumeric) {
        return None;
    }
    if first.is_ascii_digit() || first == '.' {
        // A price, unless something is reckoned with it.
        let number = here.run(1, 20, |sign| sign.is_ascii_digit() || ",.".contains(sign));
        let blanks = here.run(1 + number, 2, |sign| sign == ' ');
        let next = here.letter(1 + number + blanks)?;
        let is_reckoned = "+*/=^\\_<>{×÷".contains(next) || (next == '-' && blanks > 0);
        let is_letter = blanks == 0 && (next.is_ascii_alphabetic() || next == '$');
        if !is_reckoned && !is_letter {
            return None;
        }
    }
    let mut at = 1;
    let mut has_sign = false;
    while at < LONGEST_BETWEEN_DOLLARS {
        let letter = here.letter(at)?;
        match letter {
            '\n' => return None,
            '\\' => {
                has_sign = true;
                at += 1;
                here.letter(at)?;
            }
            '^' | '_' | '=' | '{' | '+' | '<' | '>' => has_sign = true,
            '$' => {
                let is_closing = !here.text(at - 1..at).ends_with(' ')
                    && here
                        .letter(at + 1)
                        .is_none_or(|next| !next.is_ascii_digit());
                let inside = here.text(1..at);
                let is_short = inside.chars().count() <= 2 || has_sign;
                let is_formula = is_closing && (is_short || !inside.contains(' '));
                return is_formula.then(|| Swept::Said(at + 1, in_words(inside)));
            }
            // Words of a sentence: no formula has them outside a command.
            ' ' if !has_sign && here.run(at + 1, 4, |sign| sign.is_ascii_lowercase()) >= 3 => {
                return None;
            }
            _ => {}
        }
        at += here.letter(at).map_or(1, char::len_utf8);
    }
    None
}

/// A command without marks around it, as in `\boxed{42}` or `\frac{1}{2}`.
fn command(here: &Glimpse<'_>) -> Option<Swept> {
    let name = here.run(1, 20, |sign| sign.is_ascii_alphabetic());
    let mut end = 1 + name;
    if here.text(1..end) == "begin" {
        return Some(block(here, end));
    }
    if !words::is_command(here.text(1..end)) {
        return None;
    }
    while here.byte(end) == Some(b'{') {
        let mut depth = 0;
        let mut at = end;
        let closed = loop {
            match here.letter(at) {
                Some('{') => depth += 1,
                Some('}') if depth == 1 => break Some(at + 1),
                Some('}') => depth -= 1,
                Some('\n') | None => break None,
                Some(_) if at - end > LONGEST => break None,
                Some(_) => {}
            }
            at += here.letter(at).map_or(1, char::len_utf8);
        };
        match closed {
            Some(closed) => end = closed,
            None => break,
        }
    }
    Some(Swept::Said(end, in_words(here.text(0..end))))
}

/// `\begin{equation}…\end{equation}`.
fn block(here: &Glimpse<'_>, begin: usize) -> Swept {
    let name = braced(here, begin);
    // Of a table the columns follow.
    let columns = match name > 0 {
        true => braced(here, begin + name),
        false => 0,
    };
    let inside = begin + name + columns;
    let Some(end) = here.find(inside, "\\end{", LONGEST) else {
        return Swept::Gone(inside);
    };
    let closing = "\\end".len();
    let closing = closing + braced(here, end + closing).max(1);
    Swept::Said(end + closing, in_words(here.text(inside..end)))
}

/// The bytes of a name in braces at an offset; none: 0.
fn braced(here: &Glimpse<'_>, at: usize) -> usize {
    if here.byte(at) != Some(b'{') {
        return 0;
    }
    let is_of_name = |sign: char| sign.is_ascii_alphabetic() || "*|".contains(sign);
    let name = here.run(at + 1, 24, is_of_name);
    match here.byte(at + 1 + name) {
        Some(b'}') => name + 2,
        _ => 0,
    }
}
