//! Tool calls that are written as code: `x.call(q="a")`, and more lines of it.
//!
//! A sentence is no code, also one that begins as code could: "from here on".

use crate::stream::sweep::Glimpse;

/// No code is longer of which the end is looked for.
const LONGEST: usize = 1200;
/// No line of it is longer.
const LONGEST_LINE: usize = 400;

/// How far code goes.
pub(super) enum CodeEnd {
    /// Up to an offset.
    At(usize),
    /// Farther than anybody looks.
    FarAway,
}

/// Whether code begins at an offset.
pub(super) fn begins(here: &Glimpse<'_>, at: usize) -> bool {
    let name = name(here, at);
    if name == 0 {
        return false;
    }
    here.byte(at + name) == Some(b'(') || statement_line(here, at, name).is_some()
}

/// How far code goes that begins at an offset; none: none begins.
pub(super) fn code(here: &Glimpse<'_>, from: usize) -> Option<CodeEnd> {
    let mut end = None;
    let mut at = from;
    while at < from + LONGEST {
        // A line that is set in belongs to the one above it.
        let is_within = end.is_some() && matches!(here.byte(at), Some(b' ' | b'\t'));
        at += here.run(at, 40, |sign| sign == ' ' || sign == '\t');
        let name = name(here, at);
        let is_comment = end.is_some() && here.byte(at) == Some(b'#');
        let (behind, is_line) = if name > 0 && here.byte(at + name) == Some(b'(') {
            match call(here, at + name) {
                Some(behind) => (behind, false),
                None => return Some(CodeEnd::FarAway),
            }
        } else if is_within || is_comment {
            (line_end(here, at), true)
        } else if name > 0
            && let Some(behind) = statement_line(here, at, name)
        {
            (behind, true)
        } else {
            break;
        };
        end = Some(behind);
        let blanks = here.run(behind, 4, |sign| " ;".contains(sign));
        let is_set_apart = here.text(behind..behind + blanks).contains(';');
        let lines = here.run(behind + blanks, 4, |sign| sign == '\n' || sign == '\r');
        if lines == 0 && (is_line || !is_set_apart) {
            break;
        }
        at = behind + blanks + lines;
    }
    end.map(CodeEnd::At)
}

/// The bytes of a name with dots in it; none: 0.
fn name(here: &Glimpse<'_>, at: usize) -> usize {
    let begins = |sign: char| sign.is_ascii_alphabetic() || sign == '_';
    if !here.letter(at).is_some_and(begins) {
        return 0;
    }
    here.run(at, 80, |sign| {
        sign.is_ascii_alphanumeric() || "_.".contains(sign)
    })
}

/// Where a call ends whose bracket opens at an offset, with what is called of its result.
fn call(here: &Glimpse<'_>, from: usize) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    let mut at = from;
    while at < from + LONGEST {
        let letter = here.letter(at)?;
        match (quote, letter) {
            (Some(_), '\\') => at += 1,
            (Some(open), sign) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        at += letter.len_utf8();
        if depth == 0 {
            let chained = match here.byte(at) {
                Some(b'.') => 1 + name(here, at + 1),
                _ => 0,
            };
            match chained > 1 && here.byte(at + chained) == Some(b'(') {
                true => at += chained,
                false => return Some(at),
            }
        }
    }
    None
}

/// Where a line ends that is a statement; none: it is no code.
fn statement_line(here: &Glimpse<'_>, at: usize, name: usize) -> Option<usize> {
    let behind = at + name;
    let first = here.text(at..behind);
    let blanks = here.run(behind, 4, |sign| sign == ' ');
    let next = behind + blanks;
    let is_set = || here.byte(next) == Some(b'=') && here.byte(next + 1) != Some(b'=');
    let second = || {
        here.run(next, 60, |sign| {
            sign.is_ascii_alphanumeric() || "_.".contains(sign)
        })
    };
    let is_statement = match first {
        "import" => {
            let end = next + second();
            let is_over = matches!(here.byte(end), None | Some(b'\n' | b'\r' | b',' | b';'));
            end > next && (is_over || here.has(end, " as "))
        }
        "from" => here.has(next + second(), " import "),
        "def" | "class" | "for" | "if" | "while" | "with" | "try" | "async" => {
            let end = line_end(here, at);
            here.text(at..end).trim_end().ends_with(':')
        }
        _ => is_set(),
    };
    is_statement.then(|| line_end(here, at))
}

fn line_end(here: &Glimpse<'_>, at: usize) -> usize {
    at + here.run(at, LONGEST_LINE, |sign| sign != '\n' && sign != '\r')
}
