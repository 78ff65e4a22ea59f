//! The filters of templates that are ours: `date`, `spoken`, `truncate` and `tojson`.
//!
//! A filter never guesses: what it cannot use is an error that says what would be right.

pub mod plain;
mod spoken;

use jiff::{Timestamp, Zoned, civil::DateTime, fmt::strtime, tz::TimeZone};
use minijinja::{
    Environment, Error, ErrorKind, State, filters,
    value::{Kwargs, Rest, Value, ValueKind},
};

/// Why a filter could not do its work. What it quotes may have come from a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FilterError {
    #[error("there is no time zone `{0}`")]
    Zone(String),
    #[error("`{0}` is no date format")]
    Format(String),
    #[error("the value is no date")]
    Time,
    #[error("a value has a line break, or another sign that no header can hold")]
    Header,
    #[error("the JSON of a value is longer than {0} bytes")]
    Json(usize),
}

impl FilterError {
    /// What to write instead.
    pub(super) fn help(&self) -> &'static str {
        match self {
            FilterError::Zone(_) => "write a name such as `America/New_York` or `UTC`",
            FilterError::Format(_) => "write it as for strftime, such as `%A, %B %-d, %-I:%M %p`",
            FilterError::Time => {
                "give `now`, text such as `2026-11-22T15:30:00Z`, or seconds since 1970"
            }
            FilterError::Header => "encode the value, as with the filter `urlencode`",
            FilterError::Json(_) => "print only the parts of it that are needed",
        }
    }

    /// What is wrong, quoting only what stands in the template.
    pub(super) fn message(&self, source: &str) -> String {
        match self {
            FilterError::Zone(name) if !source.contains(name) => {
                "there is no such time zone".to_owned()
            }
            FilterError::Format(text) if !source.contains(text) => {
                "this is no date format".to_owned()
            }
            known => known.to_string(),
        }
    }
}

impl From<FilterError> for Error {
    fn from(error: FilterError) -> Error {
        Error::from(ErrorKind::InvalidOperation).with_source(error)
    }
}

/// Adds the filters to an environment.
pub(super) fn add_to(env: &mut Environment<'_>) {
    // These would take null for the text "None".
    let of_text = [
        ("capitalize", Value::from_function(filters::capitalize)),
        ("lower", Value::from_function(filters::lower)),
        ("replace", Value::from_function(filters::replace)),
        ("string", Value::from_function(filters::string)),
        ("title", Value::from_function(filters::title)),
        ("trim", Value::from_function(filters::trim)),
        ("upper", Value::from_function(filters::upper)),
        ("urlencode", Value::from_function(filters::urlencode)),
    ];
    for (name, filter) in of_text {
        env.add_filter(
            name,
            move |state: &mut State<'_, '_>, value: Value, rest: Rest<Value>| {
                let Some(value) = present(&value)? else {
                    return Ok(Value::from(""));
                };
                let arguments: Vec<Value> = std::iter::once(value.clone()).chain(rest.0).collect();
                filter.call(state, &arguments)
            },
        );
    }
    env.add_filter("date", date);
    env.add_filter("spoken", say);
    env.add_filter("truncate", truncate);
    env.add_filter("tojson", tojson);
}

/// What a filter of text works on: nothing for null, which prints as nothing; absent is an error.
fn present(value: &Value) -> Result<Option<&Value>, Error> {
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Ok(None),
        _ => Ok(Some(value)),
    }
}

/// `now | date("%-I:%M %p", "America/New_York")`; the zone is UTC without one.
fn date(value: &Value, format: &str, zone: Option<&str>, named: Kwargs) -> Result<Value, Error> {
    let zone = zone.or(named.get("zone")?);
    named.assert_all_used()?;
    let Some(value) = present(value)? else {
        return Ok(Value::from(""));
    };
    let zone = find_zone(zone.unwrap_or("UTC"))?;
    let time = read_time(value, &zone).ok_or(FilterError::Time)?;
    Ok(Value::from(format_time(format, &time)?))
}

/// Whether a format and a zone can be used at all.
pub(super) fn check_date(format: &str, zone: Option<&str>) -> Result<(), FilterError> {
    let zone = find_zone(zone.unwrap_or("UTC"))?;
    format_time(format, &Timestamp::UNIX_EPOCH.to_zoned(zone)).map(|_| ())
}

fn find_zone(name: &str) -> Result<TimeZone, FilterError> {
    TimeZone::get(name).map_err(|_| FilterError::Zone(name.to_owned()))
}

fn format_time(format: &str, time: &Zoned) -> Result<String, FilterError> {
    strtime::format(format, time).map_err(|_| FilterError::Format(format.to_owned()))
}

/// Text with an offset, text without one (then in the zone), or a number of seconds or milliseconds.
fn read_time(value: &Value, zone: &TimeZone) -> Option<Zoned> {
    if let Some(text) = value.as_str() {
        let moment = text
            .parse::<Timestamp>()
            .map(|moment| moment.to_zoned(zone.clone()));
        let local = || {
            text.parse::<DateTime>()
                .and_then(|local| local.to_zoned(zone.clone()))
        };
        return moment.or_else(|_| local()).ok();
    }
    if value.kind() != ValueKind::Number {
        return None;
    }
    let number = f64::try_from(value.clone()).ok()?;
    // Seconds of this size would be the year 5138, milliseconds are 1973.
    let seconds = if number.abs() < 1e11 {
        number
    } else {
        number / 1000.0
    };
    let moment = Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()?;
    Some(moment.to_zoned(zone.clone()))
}

/// `text | spoken`, for the ear.
fn say(text: &Value) -> Result<String, Error> {
    let text = present(text)?.map(Value::to_string);
    Ok(text.map_or_else(String::new, |text| spoken::spoken(&text)))
}

/// At most `length` characters, the last of them an ellipsis, cut after a word where there is one.
fn truncate(text: &Value, length: Option<usize>) -> Result<String, Error> {
    let Some(text) = present(text)?.map(Value::to_string) else {
        return Ok(String::new());
    };
    Ok(plain::shortened(&text, length.unwrap_or(255)).unwrap_or(text))
}

/// JSON as a model or a server reads it: nothing in it is escaped for HTML.
pub(super) fn tojson(value: &Value, indent: Option<usize>, named: Kwargs) -> Result<String, Error> {
    json_of(value, self::indent(value, indent, &named)?)
}

/// The indent that `tojson` was given, where it was used rightly.
pub(super) fn indent(
    value: &Value,
    indent: Option<usize>,
    named: &Kwargs,
) -> Result<Option<usize>, Error> {
    let indent = indent.or(named.get("indent")?);
    named.assert_all_used()?;
    match value.is_undefined() {
        true => Err(Error::from(ErrorKind::UndefinedError)),
        false => Ok(indent),
    }
}

pub(super) fn json_of(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let text = match indent {
        Some(_) => serde_json::to_string_pretty(value),
        None => serde_json::to_string(value),
    };
    text.map_err(|_| Error::from(ErrorKind::BadSerialization))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str, value: impl Into<Value>) -> String {
        let mut env = Environment::new();
        env.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
        add_to(&mut env);
        let value = Value::from_pairs([("x", value.into())]);
        env.render_str(template, value)
            .unwrap_or_else(|error| format!("{:?}", error.kind()))
    }

    #[test]
    fn null_is_nothing_and_what_is_absent_is_an_error() {
        for filter in [
            "upper",
            "lower",
            "trim",
            "title",
            "capitalize",
            "string",
            "urlencode",
            "spoken",
            "replace('a', 'b')",
            "truncate(3)",
            "date('%F')",
        ] {
            let template = format!("[{{{{ x | {filter} }}}}]");
            assert_eq!(render(&template, ()), "[]", "{filter}");
            assert_eq!(
                render(&template, Value::UNDEFINED),
                "UndefinedError",
                "{filter}"
            );
        }
        assert_eq!(render("{{ x | replace('a', 'b') | upper }}", "cat"), "CBT");
        assert_eq!(render("{{ x | tojson }}", ()), "null");
    }

    #[test]
    fn a_date_is_written_in_its_zone() {
        for (template, value, expected) in [
            (
                "{{ x | date('%F %T') }}",
                Value::from("2026-11-22T15:30:00Z"),
                "2026-11-22 15:30:00",
            ),
            (
                "{{ x | date('%-I:%M %p', 'America/New_York') }}",
                Value::from("2026-11-22T15:30:00Z"),
                "10:30 AM",
            ),
            (
                "{{ x | date('%H:%M', zone='Europe/Berlin') }}",
                Value::from("2026-07-01T10:00:00+05:30"),
                "06:30",
            ),
            (
                "{{ x | date('%A, %B %-d') }}",
                Value::from("2026-11-22"),
                "Sunday, November 22",
            ),
            (
                "{{ x | date('%H:%M %Z', 'Asia/Tokyo') }}",
                Value::from("2026-11-22T08:00:00"),
                "08:00 JST",
            ),
            (
                "{{ x | date('%F') }}",
                Value::from(1_795_361_400),
                "2026-11-22",
            ),
            (
                "{{ x | date('%F %T') }}",
                Value::from(1_795_361_400_000_i64),
                "2026-11-22 15:30:00",
            ),
            (
                "{{ x | date('%F') }}",
                Value::from("soon"),
                "InvalidOperation",
            ),
            ("{{ x | date('%F') }}", Value::UNDEFINED, "UndefinedError"),
        ] {
            assert_eq!(render(template, value), expected, "{template}");
        }
    }

    #[test]
    fn a_bad_zone_or_format_is_found() {
        assert_eq!(check_date("%F", Some("America/New_York")), Ok(()));
        assert_eq!(
            check_date("%F", Some("Mars")),
            Err(FilterError::Zone("Mars".to_owned()))
        );
        assert_eq!(
            check_date("%J", None),
            Err(FilterError::Format("%J".to_owned()))
        );
    }

    #[test]
    fn a_text_is_cut_after_a_word() {
        for (text, length, expected) in [
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two…"),
            ("one two three", 8, "one two…"),
            ("one, two three", 6, "one…"),
            ("unbreakable", 5, "unbr…"),
            ("größer als", 7, "größer…"),
            ("abc", 0, ""),
            ("abc", 1, "…"),
        ] {
            assert_eq!(
                render(&format!("{{{{ x | truncate({length}) }}}}"), text),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn json_is_not_escaped_for_html() {
        assert_eq!(
            render("{{ x | tojson }}", "O'Brien <\"x\">"),
            r#""O'Brien <\"x\">""#
        );
        assert_eq!(render("{{ x | tojson(indent=2) }}", vec![1]), "[\n  1\n]");
        assert_eq!(
            render("{{ x | tojson }}", Value::UNDEFINED),
            "UndefinedError"
        );
    }
}
