//! How aside itself writes a placeholder.
//!
//! What models make of one is read elsewhere.

/// For the model: `[CARD_1]`.
pub fn written(label: &str, number: u32) -> String {
    format!("[{label}_{number}]")
}

/// For people, where the value itself would stand: `‹CARD_1›`.
pub fn for_people(label: &str, number: u32) -> String {
    format!("‹{label}_{number}›")
}

/// Whether a text is a placeholder as it is written for the model, and nothing else.
pub fn is_written(text: &str) -> bool {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let is_sign = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_';
    let split = inner.and_then(|inner| inner.rsplit_once('_'));
    split.is_some_and(|(label, number)| {
        !label.is_empty() && label.chars().all(is_sign) && number.parse::<u32>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_known_again() {
        assert!(is_written(&written("ORDER_ID", 12)));
        for text in [
            "[CARD]",
            "[CARD_]",
            "[_1]",
            "[card_1]",
            "CARD_1",
            "[CARD_1].",
            "",
        ] {
            assert!(!is_written(text), "{text}");
        }
        assert!(!is_written(&for_people("CARD", 1)));
    }
}
