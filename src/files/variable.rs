//! Variables of the environment in texts: `${NAME}`, read or where nothing reads it, and what only
//! looks like one, as `$NAME`.
//!
//! The environment is handed in; nothing here reads it.

use std::ops::Range;

/// Why the variables of a text can't be put in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpandError {
    /// The text ends within one.
    #[error("`${{` has no `}}`")]
    Open,
    /// More than a name stands there, or nothing.
    #[error("between `${{` and `}}` stands the name of a variable and nothing else")]
    NoName,
    /// The environment has none of this name.
    #[error("the environment variable `{0}` is not set")]
    NotSet(String),
}

impl ExpandError {
    /// What to do about it, where that is not said by what is wrong.
    pub fn help(&self) -> Option<String> {
        match self {
            ExpandError::NotSet(name) => Some(how_to_set(name)),
            ExpandError::Open | ExpandError::NoName => None,
        }
    }
}

/// How to set a variable that a file names.
pub fn how_to_set(name: &str) -> String {
    format!("set it where aside starts: `export {name}=…`, or `environment` in docker-compose.yml")
}

/// Puts the environment's value in the place of each `${NAME}`; none: there is nothing to put in.
pub fn from_environment(
    text: &str,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<String>, ExpandError> {
    if !text.contains("${") {
        return Ok(None);
    }
    let expanded = expand(text, |name| {
        let name = name.ok_or(ExpandError::Open)?;
        if name.is_empty() || !name.chars().all(is_in_name) {
            return Err(ExpandError::NoName);
        }
        let value = env(name).ok_or_else(|| ExpandError::NotSet(name.to_owned()))?;
        Ok(Some(value))
    });
    expanded.map(Some)
}

/// Puts a value in the place of each `${…}`. `value` is told what stands between the braces, or
/// none where nothing closes them; where it gives none, `${` stays as it is.
pub fn expand<'t, V: AsRef<str>, E>(
    text: &'t str,
    mut value: impl FnMut(Option<&'t str>) -> Result<Option<V>, E>,
) -> Result<String, E> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let (name, tail) = match after.split_once('}') {
            Some((name, tail)) => (Some(name), tail),
            None => (None, after),
        };
        match value(name)? {
            Some(value) => {
                out.push_str(value.as_ref());
                rest = tail;
            }
            None => {
                out.push_str("${");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Whether a text is nothing but `${NAME}`, once or more.
pub fn is_all_variables(text: &str) -> bool {
    let left = expand(text, |name| {
        let is_name = name.is_some_and(|name| name.chars().all(is_in_name));
        is_name.then_some(Some("")).ok_or(())
    });
    !text.is_empty() && left.is_ok_and(|left| left.is_empty())
}

/// `$NAME` or `$(NAME)` in a text: its place, and the name.
pub fn without_braces(text: &str) -> Option<(Range<usize>, &str)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('$') {
        let at = from + found;
        let rest = text.get(at + 1..)?;
        let (inner, around) = match rest.strip_prefix('(') {
            Some(inner) => (inner, 3),
            None => (rest, 1),
        };
        let length = inner
            .find(|sign: char| !is_in_name(sign))
            .unwrap_or(inner.len());
        let name = inner.get(..length)?;
        let closes = around == 1 || inner.get(length..)?.starts_with(')');
        // `$$` is a dollar sign in many languages.
        let is_double = text.get(..at)?.ends_with('$');
        if closes && !is_double && is_name(name) {
            return Some((at..at + length + around, name));
        }
        from = at + 1;
    }
    None
}

/// `${NAME}` in a text: its place, and the name.
pub fn in_braces(text: &str) -> Option<(Range<usize>, &str)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find("${") {
        let at = from + found;
        let rest = text.get(at + 2..)?;
        let name = rest.split_once('}').map_or("", |(name, _)| name);
        if is_name(name) {
            return Some((at..at + name.len() + 3, name));
        }
        from = at + 2;
    }
    None
}

/// Whether the whole text is `$NAME`, in letters of any case.
pub fn is_alone(text: &str) -> bool {
    let name = text.trim().strip_prefix('$').unwrap_or_default();
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.len() > 1
        && name.chars().all(is_in_name)
}

fn is_in_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// Variables are written in capitals; `$filter` or `$5` is something else.
fn is_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && name
            .chars()
            .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_value_stays_and_is_read_on_behind_its_opening() {
        let put_in = |text| {
            expand::<_, ()>(text, |name| Ok((name == Some("A")).then_some("1"))).expect("a text")
        };
        for (text, expected) in [
            ("a", "a"),
            ("${A}${A} b", "11 b"),
            ("${B} ${A}", "${B} 1"),
            ("${x${A}", "${x1"),
            ("${A", "${A"),
        ] {
            assert_eq!(put_in(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_variable_of_the_environment_is_told() {
        let env = |name: &str| (name == "A").then(|| "${A}".to_owned());
        for (text, expected) in [
            ("$A", Ok(None)),
            ("x${A}", Ok(Some("x${A}".to_owned()))),
            ("${A", Err(ExpandError::Open)),
            ("${}", Err(ExpandError::NoName)),
            ("${A b}", Err(ExpandError::NoName)),
            ("${B}", Err(ExpandError::NotSet("B".to_owned()))),
        ] {
            assert_eq!(from_environment(text, &env), expected, "{text}");
        }
    }

    #[test]
    fn what_was_meant_as_a_variable_is_found() {
        for (text, name) in [
            ("$OPENAI_API_KEY", Some("$OPENAI_API_KEY")),
            ("Bearer $CRM_KEY", Some("$CRM_KEY")),
            ("https://a/$KEY/b", Some("$KEY")),
            ("$(CRM_KEY)x", Some("$(CRM_KEY)")),
            ("a $b $KEY2", Some("$KEY2")),
            ("${KEY}", None),
            ("$filter=x&$top=5", None),
            ("$5 and $X", None),
            ("$$KEY", None),
            ("US$", None),
            ("$Key", None),
            ("$(date)", None),
        ] {
            assert_eq!(
                without_braces(text).map(|(place, _)| &text[place]),
                name,
                "{text}"
            );
        }
        for (text, name) in [
            ("a ${KEY} b", Some("KEY")),
            ("${name}", None),
            ("$KEY", None),
            ("${ } ${A_B}", Some("A_B")),
        ] {
            assert_eq!(in_braces(text).map(|(_, name)| name), name, "{text}");
        }
        assert!(
            is_alone("$openai_key") && is_alone(" $A1 ") && !is_alone("$5") && !is_alone("a $KEY")
        );
    }
}
