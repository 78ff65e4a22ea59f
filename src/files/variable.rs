//! Variables of the environment in texts: `${NAME}` where nothing reads it, and what only looks like
//! one, as `$NAME`.

use std::ops::Range;

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
