//! The ways in which a known value may be written.

use std::borrow::Cow;

/// A text with single blanks between its words, and where each byte of it (and its end) stood;
/// no places where nothing had to change.
pub(super) fn single_spaced(text: &str) -> (Cow<'_, str>, Vec<usize>) {
    let is_odd = |pair: &[u8]| pair[0] == b' ' && pair[1] == b' ';
    let bytes = text.as_bytes();
    let needs_none = !bytes
        .iter()
        .any(|byte| matches!(byte, b'\n' | b'\t' | b'\r'))
        && !bytes.windows(2).any(is_odd)
        && !text.contains('\u{a0}');
    if needs_none {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut single = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, letter) in text.char_indices() {
        if !letter.is_whitespace() {
            single.push(letter);
            places.extend(at..at + letter.len_utf8());
        } else if !single.ends_with(' ') {
            single.push(' ');
            places.push(at);
        }
    }
    places.push(text.len());
    (Cow::Owned(single), places)
}

/// A letter of Latin scripts without its accent, as those write it who have no such key.
fn without_accent(letter: char) -> char {
    const PLAIN: [(&str, char); 13] = [
        ("àáâãäåāăą", 'a'),
        ("çćč", 'c'),
        ("ďđ", 'd'),
        ("èéêëēėęě", 'e'),
        ("ğ", 'g'),
        ("ìíîïīį", 'i'),
        ("łľĺ", 'l'),
        ("ñńň", 'n'),
        ("òóôõöøōő", 'o'),
        ("ŕř", 'r'),
        ("śšş", 's'),
        ("ùúûüūůű", 'u'),
        ("ýÿ", 'y'),
    ];
    let plain = PLAIN.iter().find(|(letters, _)| letters.contains(letter));
    plain.map_or(letter, |(_, plain)| *plain)
}

/// Every way in which the values' letters may be written, and which value each is. ASCII letters
/// are compared without case anyway.
pub(super) fn spellings<'v>(values: impl Iterator<Item = &'v str>) -> (Vec<usize>, Vec<String>) {
    let mut which = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for (at, folded) in values.enumerate() {
        let lower = folded.to_owned();
        let mut forms = vec![lower.clone()];
        // As a recogniser writes "O’Brien", "Jean-Claude" and "José".
        let plain: String = lower.chars().map(without_accent).collect();
        for text in [lower.clone(), plain] {
            forms.push(text.replace(['’', '\''], ""));
            forms.push(text.replace('’', "'"));
            forms.push(text.replace('\'', "’"));
            forms.push(text.replace('-', " "));
            forms.push(text);
        }
        if !lower.is_ascii() {
            let titled = lower.split(' ').map(|word| {
                let mut letters = word.chars();
                letters.next().map_or_else(String::new, |first| {
                    first.to_uppercase().chain(letters).collect()
                })
            });
            forms.push(titled.collect::<Vec<String>>().join(" "));
            forms.push(lower.to_uppercase());
        }
        forms.sort();
        forms.dedup();
        which.extend(forms.iter().map(|_| at));
        texts.extend(forms);
    }
    (which, texts)
}
