//! What stands around the data of an event: its name, and lines that are no part of any event.
//!
//! A server that breaks in the middle of a stream may write plain words, or JSON, where events are
//! expected; the standard has such lines ignored. It never looks at the data itself.

use super::without_marks;

/// Fields of the standard.
const FIELDS: [&[u8]; 4] = [b"data", b"event", b"id", b"retry"];

/// What stands around the data.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct AroundData {
    /// The name of the event; mostly empty.
    pub name: String,
    /// The lines that are no fields.
    pub bare: Option<String>,
    /// Whether they stand before the data.
    pub is_bare_first: bool,
}

/// What stands around the data of this event. Invalid UTF-8 becomes U+FFFD.
pub fn around_data(event: &[u8]) -> AroundData {
    let mut around = AroundData::default();
    let mut has_data = false;
    let lines = event.split(|byte| matches!(byte, b'\n' | b'\r'));
    for line in lines.map(without_marks) {
        let colon = memchr::memchr(b':', line);
        let field = &line[..colon.unwrap_or(line.len())];
        match field {
            // Blank lines, and comments.
            b"" => {}
            b"data" => has_data = true,
            b"event" => {
                let name = &line[colon.map_or(line.len(), |colon| colon + 1)..];
                around.name = String::from_utf8_lossy(name).trim().to_owned();
            }
            b"id" | b"retry" => {}
            _ if is_ignored(field, colon.is_some()) => {}
            _ => {
                around.is_bare_first |= around.bare.is_none() && !has_data;
                let bare = around.bare.get_or_insert_default();
                if !bare.is_empty() {
                    bare.push('\n');
                }
                bare.push_str(&String::from_utf8_lossy(line));
            }
        }
    }
    around
}

/// Whether a line is what the standard means by an unknown field, or the beginning of a known one.
fn is_ignored(field: &[u8], has_colon: bool) -> bool {
    if !has_colon {
        return FIELDS.iter().any(|known| known.starts_with(field));
    }
    let name = field.trim_ascii().to_ascii_lowercase();
    let is_name = name
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    let is_error = |word: &[u8]| memchr::memmem::find(&name, word).is_some();
    is_name && !is_error(b"error") && !is_error(b"exception")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_fields_are_found_and_the_name_of_the_event() {
        for (event, name, bare, is_first) in [
            ("data: a\n\n", "", "", false),
            ("event: error\ndata: a\n\n", "error", "", false),
            ("event:error\r\ndata: a\r\n\r\n", "error", "", false),
            (
                ": hi\nid: 1\nretry: 2\nData: x\n data: y\nx-y: z\n\n",
                "",
                "",
                false,
            ),
            ("{\"error\":{}}\n", "", "{\"error\":{}}", true),
            ("data: a\nBad Gateway\n\n", "", "Bad Gateway", false),
            (
                "Error: it broke\n at x\n\n",
                "",
                "Error: it broke\n at x",
                true,
            ),
            (
                "\u{feff}[{\n  \"code\": 1\n}]",
                "",
                "[{\n  \"code\": 1\n}]",
                true,
            ),
            ("da", "", "", false),
            ("event", "", "", false),
        ] {
            let around = around_data(event.as_bytes());
            let found = (&*around.name, around.bare.as_deref().unwrap_or_default());
            assert_eq!(found, (name, bare), "{event:?}");
            assert_eq!(around.is_bare_first, is_first, "{event:?}");
        }
    }
}
