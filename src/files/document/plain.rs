//! What serde says of a wrong value, in the words of people who write files.
//!
//! A value of text is never quoted: it may be a key that stands in the wrong line.

use toml::de::DeValue;

/// A message, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlainValue {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Something that a field must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WantedValue<'m> {
    Text,
    Boolean,
    Number(&'static str),
    List,
    Table,
    /// As its reader says it.
    Said(&'m str),
    /// What only a programmer would understand.
    Other,
}

/// Says it anew. `field`: the name of the field, `found`: what stands there.
pub(super) fn plainly(
    message: &str,
    field: Option<&str>,
    found: Option<&DeValue<'_>>,
) -> Option<PlainValue> {
    if let Some(rest) = message.strip_prefix("missing field `") {
        let field = rest.split('`').next()?;
        return Some(PlainValue {
            message: format!("`{field}` is missing"),
            help: Some(format!("add `{field} = …`")),
        });
    }
    if message.contains("number overflowed") {
        return Some(PlainValue {
            message: "the number is too large".to_owned(),
            help: None,
        });
    }
    let wanted = if let Some(rest) = message.strip_prefix("invalid type: ") {
        wanted(rest)
    } else if let Some(rest) = message.strip_prefix("invalid value: ") {
        wanted(rest)
    } else if message.starts_with("invalid length ") {
        WantedValue::List
    } else if [
        "wanted string or table",
        "expected table",
        "expected empty table",
    ]
    .iter()
    .any(|beginning| message.starts_with(beginning))
    {
        WantedValue::Text
    } else {
        return None;
    };
    let subject = field.map_or("the value".to_owned(), |field| format!("`{field}`"));
    let found_is = found.map_or(String::new(), |found| {
        format!(", not {}", name_of(found, wanted))
    });
    Some(PlainValue {
        message: format!("{subject} must be {}{found_is}", wanted.name()),
        help: found.and_then(|found| help(wanted, found, field.unwrap_or("name"))),
    })
}

fn wanted(rest: &str) -> WantedValue<'_> {
    let expected = rest
        .rsplit_once(", expected ")
        .map_or("", |(_, expected)| expected);
    let number = expected.strip_prefix("a nonzero ").unwrap_or(expected);
    match number {
        "a string" | "string" | "a borrowed string" | "a character" | "string or table"
        | "path string" => WantedValue::Text,
        "a boolean" => WantedValue::Boolean,
        "u8" => WantedValue::Number("a whole number from 0 to 255"),
        "u16" | "u32" | "u64" | "u128" | "usize" => {
            WantedValue::Number("a whole number, 0 or more")
        }
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => WantedValue::Number("a whole number"),
        "f32" | "f64" => WantedValue::Number("a number"),
        "a sequence" => WantedValue::List,
        "a map" | "a table" => WantedValue::Table,
        said if said.starts_with("struct ") => WantedValue::Table,
        said if said.starts_with("tuple ") || said.starts_with("an array ") => WantedValue::List,
        said if said.starts_with("a ") || said.starts_with("an ") => WantedValue::Said(said),
        said if said.starts_with("true") || said.starts_with('`') => WantedValue::Said(said),
        _ => WantedValue::Other,
    }
}

impl<'m> WantedValue<'m> {
    fn name(self) -> &'m str {
        match self {
            WantedValue::Text => "a text",
            WantedValue::Boolean => "`true` or `false`",
            WantedValue::Number(said) => said,
            WantedValue::List => "a list",
            WantedValue::Table => "a table",
            WantedValue::Said(said) => said,
            WantedValue::Other => "something else",
        }
    }
}

fn name_of(found: &DeValue<'_>, wanted: WantedValue<'_>) -> String {
    match found {
        DeValue::String(_) => "a text".to_owned(),
        DeValue::Integer(number) if matches!(wanted, WantedValue::Number(_)) => {
            format!("`{}`", number.as_str())
        }
        DeValue::Float(number) if matches!(wanted, WantedValue::Number(_)) => {
            format!("`{}`", number.as_str())
        }
        DeValue::Integer(_) | DeValue::Float(_) => "a number".to_owned(),
        DeValue::Boolean(value) => format!("`{value}`"),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// What a value is.
pub(super) fn kind(value: &DeValue<'_>) -> String {
    name_of(value, WantedValue::Other)
}

fn help(wanted: WantedValue<'_>, found: &DeValue<'_>, field: &str) -> Option<String> {
    let bare = |text: &str| Some(format!("write {text} without quotes"));
    match (wanted, found) {
        (WantedValue::Boolean, DeValue::String(text)) => {
            match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => bare("`true`"),
                "false" | "no" | "off" | "0" => bare("`false`"),
                _ => None,
            }
        }
        (WantedValue::Number(_), DeValue::String(text)) => {
            let is_number = text.trim().parse::<f64>().is_ok();
            is_number.then(|| format!("write {} without quotes", text.trim()))
        }
        (
            WantedValue::Text | WantedValue::Said(_),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_),
        ) => Some("a text stands between quotes".to_owned()),
        (WantedValue::Text, DeValue::Array(_)) => Some("write one text, and no list".to_owned()),
        (WantedValue::List, DeValue::Table(_)) => Some(format!(
            "write `[[{field}]]` with two brackets, or a list as in `{field} = [ … ]`"
        )),
        (WantedValue::List, DeValue::String(_)) => {
            Some(format!("write `{field} = [\"…\"]`, also for one"))
        }
        (WantedValue::List, _) => Some(format!("write `{field} = [ … ]`")),
        (WantedValue::Table, _) => Some(format!(
            "write `{field} = {{ NAME = … }}`, or a table of its own"
        )),
        _ => None,
    }
}
