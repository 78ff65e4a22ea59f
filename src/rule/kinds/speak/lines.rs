//! What lines begin with: headings, quotes, rules, marks and numbers of lists, rows of tables.
//!
//! Where such a line ends without a sign of its own, a full stop stands for the pause that a page
//! shows. It takes no number that is none of a list: `2.` alone may be an answer.

mod table;

use super::state::{SeenNumbers, StripLine, StripState};
use crate::stream::sweep::{Glimpse, Swept};
use table::bar;

/// No line that only sets parts apart is longer.
const LONGEST_RULE: usize = 300;
/// Marks of items beside the ASCII ones.
const BULLETS: &str = "•◦▪‣⁃·–—●○■";

/// What begins here and is of a line, not of a sentence. `markdown` and `lists` say what goes.
pub(super) fn look(
    (markdown, lists): (bool, bool),
    byte: u8,
    here: &Glimpse<'_>,
    state: &mut StripState,
) -> Option<Swept> {
    if byte == b'\n' {
        if state.is_in_table && here.byte(1) == Some(b'\n') {
            state.is_in_table = false;
        }
        return line_end(here, &mut state.line);
    }
    if state.line == StripLine::Row && matches!(byte, b'|' | b' ') {
        return bar(here);
    }
    if state.line == StripLine::Heading && matches!(byte, b'#' | b' ') {
        return closing_signs(here);
    }
    if !here.begins_line(|sign| " \t>".contains(sign)) {
        return match byte {
            b'|' if markdown => table::bar_of_line(here, state),
            _ => None,
        };
    }
    let found = match byte {
        b'#' if markdown => heading(here),
        b'>' if markdown => Some(Swept::Gone(1 + here.run(1, 1, |sign| sign == ' '))),
        b'|' if markdown => return table::row(here, state),
        b'-' | b':' if markdown && table::rule(here).is_some() => {
            state.is_in_table = true;
            return table::rule(here).map(Swept::Gone);
        }
        b'-' | b'*' | b'_' | b'=' if markdown && is_rule(here).is_some() => {
            return is_rule(here).map(Swept::Gone);
        }
        b'-' | b'*' | b'+' | 0xE2 if lists => bullet(here),
        b'0'..=b'9' if lists => number(here, &mut state.numbers),
        _ => None,
    };
    if found.is_some() {
        state.line = match byte {
            b'>' => state.line,
            b'#' => StripLine::Heading,
            _ => StripLine::Item,
        };
    }
    found
}

fn heading(here: &Glimpse<'_>) -> Option<Swept> {
    let signs = here.run(0, 7, |sign| sign == '#');
    let blanks = here.run(signs, 8, |sign| sign == ' ');
    (signs < 7 && blanks > 0).then_some(Swept::Gone(signs + blanks))
}

/// The signs that close a heading, as in `## Prices ##`.
fn closing_signs(here: &Glimpse<'_>) -> Option<Swept> {
    let blanks = here.run(0, 8, |sign| sign == ' ');
    let signs = here.run(blanks, 7, |sign| sign == '#');
    let end = blanks + signs + here.run(blanks + signs, 8, |sign| sign == ' ');
    let is_apart = blanks > 0 || here.last() == Some(' ');
    let is_closing = is_apart && signs > 0 && matches!(here.byte(end), None | Some(b'\n'));
    is_closing.then_some(Swept::Gone(end))
}

/// A line of dashes and the like, with its end.
fn is_rule(here: &Glimpse<'_>) -> Option<usize> {
    let sign = here.letter(0)?;
    let len = here.run(0, LONGEST_RULE, |found| {
        found == sign || found == ' ' || found == '\t'
    });
    let signs = here
        .text(0..len)
        .chars()
        .filter(|found| *found == sign)
        .count();
    if signs < 3 {
        return None;
    }
    match here.letter(len) {
        None => Some(len),
        Some('\n') => Some(len + 1),
        Some(_) => None,
    }
}

fn bullet(here: &Glimpse<'_>) -> Option<Swept> {
    let letter = here.letter(0)?;
    let is_bullet = letter.is_ascii() || BULLETS.contains(letter);
    let len = letter.len_utf8();
    let blanks = here.run(len, 8, |sign| sign == ' ' || sign == '\t');
    if !is_bullet || blanks == 0 {
        return None;
    }
    let len = len + blanks;
    let is_box = here.byte(len) == Some(b'[')
        && matches!(here.byte(len + 1), Some(b' ' | b'x' | b'X'))
        && here.has(len + 2, "] ");
    Some(Swept::Gone(if is_box { len + 4 } else { len }))
}

fn number(here: &Glimpse<'_>, seen: &mut SeenNumbers) -> Option<Swept> {
    let digits = here.run(0, 4, |sign| sign.is_ascii_digit());
    if digits > 3 || !matches!(here.byte(digits), Some(b'.' | b')')) {
        return None;
    }
    let blanks = here.run(digits + 1, 8, |sign| sign == ' ' || sign == '\t');
    // Where nothing follows it is all that is said.
    if blanks == 0 || matches!(here.byte(digits + 1 + blanks), None | Some(b'\n')) {
        return None;
    }
    let number = here.text(0..digits).parse().ok()?;
    seen.takes(number)
        .then_some(Swept::Gone(digits + 1 + blanks))
}

/// The end of a line whose marks went.
fn line_end(here: &Glimpse<'_>, line: &mut StripLine) -> Option<Swept> {
    if std::mem::take(line) == StripLine::Plain {
        return None;
    }
    // Marks and pictures behind the last word are gone, or not heard.
    let is_silent = |sign: char| !sign.is_alphanumeric() && !".,:;!?…".contains(sign);
    let before = here.before().trim_end_matches(is_silent);
    let last = before.chars().next_back();
    let needs_pause = last.is_some_and(char::is_alphanumeric);
    Some(match needs_pause {
        true => Swept::Said(1, ".\n".to_owned()),
        false => Swept::Nothing,
    })
}
