//! A text that is longer than it may be: where it ends.
//!
//! It ends where people would end it, and never within what means nothing in part: a placeholder, a tag,
//! a number in groups, of which a rule that hides numbers would not know half.

/// What shows that something is missing.
const ELLIPSIS: char = '…';
/// What stands in brackets is whole up to so many bytes.
const LONGEST_BRACKETS: usize = 200;
/// A word that is longer than this is cut like any text.
const LONGEST_WORD: usize = 100;

/// The text with at most so many characters; none: it is no longer.
pub(super) fn cut(text: &str, most: usize) -> Option<String> {
    // No character is shorter than a byte.
    if text.len() <= most {
        return None;
    }
    let mut ends = text
        .char_indices()
        .map(|(at, _)| at)
        .skip(most.saturating_sub(1));
    let end = ends.next()?;
    ends.next()?;
    let words = whole_from(text, before_word(text, end));
    let sentences = whole_from(text, before_sentence(text, words));
    let kept = match sentences * 2 >= end {
        true => sentences,
        false => words,
    };
    let mut short = text[..kept].trim_end().to_owned();
    short.push(ELLIPSIS);
    Some(short)
}

/// The end of the last word that ends here or before; here where that is far away.
fn before_word(text: &str, end: usize) -> usize {
    let (before, behind) = text.split_at(end);
    if behind.starts_with(char::is_whitespace) {
        return end;
    }
    match before.rfind(char::is_whitespace) {
        Some(at) if end - at <= LONGEST_WORD => at,
        _ => before_joined(text, end),
    }
}

/// The end of the last sentence or line that ends here or before; 0: there is none.
fn before_sentence(text: &str, end: usize) -> usize {
    let signs = text[..end].char_indices().rev();
    let mut ends = signs.filter_map(|(at, sign)| {
        let behind = at + sign.len_utf8();
        let is_end = match sign {
            '\n' => return Some(at),
            '.' | '!' | '?' => text[behind..].starts_with(char::is_whitespace),
            '。' | '！' | '？' | '।' => true,
            _ => false,
        };
        is_end.then_some(behind)
    });
    ends.next().unwrap_or_default()
}

/// An end at it or before, within nothing that must stay whole.
fn whole_from(text: &str, mut end: usize) -> usize {
    loop {
        let from = [
            before_brackets(text, end),
            before_number(text, end),
            before_label(text, end),
        ];
        match from.into_iter().flatten().min() {
            Some(from) if from < end => end = from,
            _ => return end,
        }
    }
}

/// Where brackets open that close behind the end.
fn before_brackets(text: &str, end: usize) -> Option<usize> {
    [('[', ']'), ('<', '>'), ('［', '］')]
        .into_iter()
        .find_map(|(open, close)| {
            let at = text[..end].rfind(open)?;
            let closed = at + text[at..].find(close)?;
            (closed >= end && closed - at <= LONGEST_BRACKETS).then_some(at)
        })
}

/// Where a number begins that goes on behind the end, with what stands between its groups.
fn before_number(text: &str, end: usize) -> Option<usize> {
    let is_between = |c: char| c.is_whitespace() || "-–./()+,:".contains(c);
    let behind = text[end..].trim_start_matches(is_between);
    if !behind.starts_with(|c: char| c.is_numeric()) {
        return None;
    }
    let before = text[..end].trim_end_matches(is_between);
    if !before.ends_with(|c: char| c.is_numeric()) {
        return None;
    }
    let run = before.trim_end_matches(|c: char| c.is_numeric() || is_between(c));
    let number = text[run.len()..].trim_start_matches(|c: char| is_between(c) && !"+(".contains(c));
    Some(text.len() - number.len())
}

/// Where a word begins that is cut and may be a placeholder without brackets: `CARD_1`.
fn before_label(text: &str, end: usize) -> Option<usize> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = text[..end].trim_end_matches(is_of_word).len();
    let is_cut = word < end && text[end..].starts_with(is_of_word);
    let whole = text[word..].split(|c: char| !is_of_word(c)).next()?;
    (is_cut && whole.len() <= LONGEST_WORD && whole.contains('_')).then_some(word)
}

/// Before a character that those behind it are joined to: an accent, the parts of an emoji.
fn before_joined(text: &str, mut end: usize) -> usize {
    let is_joint = |c: char| {
        matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}'
            | '\u{1F3FB}'..='\u{1F3FF}')
    };
    let is_joined = |end: usize| {
        let before = text[..end].chars().next_back();
        text[end..].starts_with(is_joint) || before == Some('\u{200D}')
    };
    while is_joined(end) {
        let before = text[..end].chars().next_back().map_or(0, char::len_utf8);
        end -= before;
        if before == 0 {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_where_people_would_end_it() {
        for (text, most, expected) in [
            ("One two three.", 20, None),
            ("One two three.", 14, None),
            ("One two three.", 13, Some("One two…")),
            ("One two three.", 8, Some("One two…")),
            ("One two three.", 7, Some("One…")),
            (
                "Be brief. Say the day, never the date.",
                18,
                Some("Be brief.…"),
            ),
            (
                "Be. Then say the day, never the date.",
                30,
                Some("Be. Then say the day, never…"),
            ),
            ("- one\n- two\n- three", 14, Some("- one\n- two…")),
            ("abcdefgh", 4, Some("abc…")),
            (
                "営業は九時から。土曜は休み。",
                10,
                Some("営業は九時から。…"),
            ),
            ("aé\u{301}é\u{301}x", 4, Some("aé\u{301}…")),
            ("👩\u{200D}🚀👩\u{200D}🚀", 5, Some("👩\u{200D}🚀…")),
            ("ab", 1, Some("…")),
            ("", 1, None),
        ] {
            assert_eq!(cut(text, most).as_deref(), expected, "{text}, {most}");
        }
    }

    #[test]
    fn what_means_nothing_in_part_stays_whole_or_goes() {
        for (text, whole) in [
            ("Charge [CARD_1] today, and then say so.", "[CARD_1]"),
            ("Charge [CREDIT CARD 12] today.", "[CREDIT CARD 12]"),
            ("Charge CARD_12 today.", "CARD_12"),
            ("xxxxxxxxxxCARD_12xxxxx", "CARD_12"),
            (
                "Pay with 4111 1111 1111 1111 by noon.",
                "4111 1111 1111 1111",
            ),
            ("Call +1 (202) 555-0143 by noon.", "+1 (202) 555-0143"),
            ("It is 1,204.50 in all.", "1,204.50"),
            ("Say <break time=\"1s\"/> before.", "<break time=\"1s\"/>"),
        ] {
            let length = text.chars().count();
            for most in 1..length {
                let short = cut(text, most).expect("it is longer");
                assert!(short.chars().count() <= most, "{short}");
                let start = text.find(whole).expect("it is there");
                let kept = short.trim_end_matches(ELLIPSIS);
                assert!(text.starts_with(kept), "{short}");
                let is_whole = kept.len() <= start || kept.contains(whole);
                assert!(is_whole, "{most}: {short}");
            }
        }
    }
}
