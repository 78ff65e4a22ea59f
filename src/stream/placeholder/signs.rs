//! Signs of a text as a model means them: escapes decoded, odd digits, blanks and dashes made plain.

/// An escape may have so many backslashes: JSON, or JSON that is a string of JSON.
pub(super) const MOST_ESCAPES: usize = 2;

/// All that opens a bracket. Those with an escape are in small letters.
pub(super) const OPENINGS: [&str; 10] = [
    "[", "［", "【", "〔", "%5b", r"\[", r"\u005b", r"\uff3b", r"\\u005b", r"\\uff3b",
];

/// A sign that nobody sees.
pub(super) const UNSEEN: char = '\u{200B}';

/// The sign at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// The text is over.
    End,
    /// The sign is not whole yet.
    Partial,
    /// A sign, and its bytes.
    Is(char, usize),
}

/// Reads the sign at a place.
pub(super) fn read(text: &str, at: usize, escapes: usize) -> Sign {
    match text.as_bytes().get(at) {
        None => Sign::End,
        Some(b'\\') => escaped(text.get(at..).unwrap_or(""), escapes),
        Some(b'%') => percent(text.as_bytes().get(at + 1..).unwrap_or(&[])),
        Some(byte) if byte.is_ascii_whitespace() => Sign::Is(' ', 1),
        Some(byte) if byte.is_ascii() => Sign::Is(char::from(*byte), 1),
        Some(_) => match text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(letter) => Sign::Is(plain(letter), letter.len_utf8()),
            None => Sign::End,
        },
    }
}

/// The bracket that opens at a place; `End`: there is none, `Partial`: there may be one.
pub(super) fn opening(text: &str, at: usize, escapes: usize) -> Sign {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    let mut partial = Sign::End;
    for opening in OPENINGS {
        let backslashes = opening.bytes().filter(|byte| *byte == b'\\').count();
        if backslashes > escapes {
            continue;
        }
        let length = opening.len().min(rest.len());
        let is_same = rest[..length].eq_ignore_ascii_case(&opening.as_bytes()[..length]);
        match is_same {
            true if length == opening.len() => return Sign::Is('[', length),
            true => partial = Sign::Partial,
            false => {}
        }
    }
    partial
}

/// Whether a byte may begin what opens a bracket.
pub(super) fn is_opening(byte: u8) -> bool {
    OPENINGS.iter().any(|opening| opening.as_bytes()[0] == byte)
}

/// Whether it may stand between the parts of a placeholder.
pub(super) fn is_separator(sign: char) -> bool {
    matches!(sign, ' ' | '_' | '-' | '#')
}

/// A sign that begins with a backslash.
fn escaped(rest: &str, escapes: usize) -> Sign {
    let bytes = rest.as_bytes();
    let backslashes = bytes.iter().take(MOST_ESCAPES + 1);
    let backslashes = backslashes.take_while(|byte| **byte == b'\\').count();
    let literal = Sign::Is('\\', 1);
    let Some(next) = bytes.get(backslashes) else {
        return if backslashes <= MOST_ESCAPES {
            Sign::Partial
        } else {
            literal
        };
    };
    match next {
        b'_' | b'[' | b']' | b'-' | b'#' if backslashes == 1 => Sign::Is(char::from(*next), 2),
        _ if backslashes > escapes => literal,
        b'n' | b't' | b'r' => Sign::Is(' ', backslashes + 1),
        b'u' => {
            let digits = bytes.get(backslashes + 1..).unwrap_or(&[]);
            let digits = &digits[..digits.len().min(4)];
            if !digits.iter().all(u8::is_ascii_hexdigit) {
                return literal;
            }
            let code = digits.iter().fold(0, |code, digit| {
                code * 16 + char::from(*digit).to_digit(16).unwrap_or(0)
            });
            match digits.len() {
                4 => Sign::Is(
                    plain(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
                    backslashes + 5,
                ),
                _ => Sign::Partial,
            }
        }
        _ => literal,
    }
}

/// `%5B` and the like; `rest` is what follows the percent sign.
fn percent(rest: &[u8]) -> Sign {
    let digits = &rest[..rest.len().min(2)];
    let mut code = 0;
    for digit in digits {
        let Some(value) = char::from(*digit).to_digit(16) else {
            return Sign::Is('%', 1);
        };
        code = code * 16 + value;
    }
    match (digits.len(), char::from_u32(code)) {
        (2, Some(letter)) if letter.is_ascii_graphic() || letter.is_ascii_whitespace() => {
            Sign::Is(plain(letter), 3)
        }
        (2, _) => Sign::Is('%', 1),
        _ => Sign::Partial,
    }
}

/// A sign as it is commonly written.
fn plain(sign: char) -> char {
    let code = u32::from(sign);
    match code {
        _ if sign.is_whitespace() => ' ',
        0..0x80 => sign,
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(sign),
        0x3010 | 0x3014 => '[',
        0x3011 | 0x3015 => ']',
        0x2010..=0x2015 | 0x2212 | 0xFE58 | 0xFE63 => '-',
        0xFE4D..=0xFE4F => '_',
        0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F => UNSEEN,
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFFA0 => UNSEEN,
        0xFE00..=0xFE0F | 0xFEFF | 0xE0000..=0xE01EF => UNSEEN,
        0x1D7CE..=0x1D7FF => digit((code - 0x1D7CE) % 10, sign),
        _ => {
            let zero = ZEROS
                .iter()
                .find(|zero| (**zero..**zero + 10).contains(&code));
            zero.map_or(sign, |zero| digit(code - zero, sign))
        }
    }
}

fn digit(value: u32, sign: char) -> char {
    char::from_digit(value, 10).unwrap_or(sign)
}

/// The zeros of the scripts that have their own digits, as far as keyboards have them.
const ZEROS: [u32; 12] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xE50, 0xED0,
];
