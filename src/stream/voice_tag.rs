//! What voices take as signs and nobody may cut or change: tags such as `<break time="1s" />` and
//! `<spell>A1</spell>`, words in brackets such as `[laughs]`, and placeholders.
//!
//! It knows no list of tags: each provider of voices has its own.

use super::placeholder::is_written;
use super::sweep::Glimpse;

/// No tag has more bytes.
const LONGEST_TAG: usize = 160;
/// Nothing that is to be spelled has more bytes.
const LONGEST_SPELLED: usize = 240;
/// No more bytes stand in brackets that are a sign.
const LONGEST_BRACKETED: usize = 60;
/// What stands in such brackets beside letters and digits.
const SIGNS: &str = " _-#~'.,:!%";
/// The tags whose inside is a sign too.
const WITH_INSIDE: [&str; 3] = ["spell", "say-as", "phoneme"];

/// How many bytes a tag has that begins here with `<`, of whatever name; none: none begins.
pub fn tag(here: &Glimpse<'_>) -> Option<usize> {
    let opening = 1 + here.run(1, 3, |sign| sign == ' ');
    let is_closing = here.byte(opening) == Some(b'/');
    let blanks = here.run(opening + 1, 3, |sign| sign == ' ');
    let begin = if is_closing {
        opening + 1 + blanks
    } else {
        opening
    };
    if !here.letter(begin)?.is_ascii_alphabetic() {
        return None;
    }
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || "-_:".contains(sign);
    let name = here.run(begin, 40, is_of_name);
    let end = attributes_end(here, begin + name)?;
    let name = here.text(begin..begin + name);
    let known = WITH_INSIDE
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known));
    if let Some(name) = known
        && !is_closing
        && here.byte(end - 2) != Some(b'/')
    {
        return Some(behind_closing(here, end, name).unwrap_or(end));
    }
    Some(end)
}

/// Where a tag ends whose attributes begin at an offset.
fn attributes_end(here: &Glimpse<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at < LONGEST_TAG {
        at += here.run(at, 8, |sign| sign == ' ' || sign == '\t' || sign == '\n');
        match here.byte(at)? {
            b'>' => return Some(at + 1),
            b'/' => at += 1,
            _ => {
                let name = here.run(at, 40, |sign| {
                    sign.is_ascii_alphanumeric() || "-_:.".contains(sign)
                });
                if name == 0 || here.byte(at + name) != Some(b'=') {
                    return None;
                }
                at += name + 1;
                let quote = here.letter(at).filter(|sign| *sign == '"' || *sign == '\'');
                let Some(quote) = quote else {
                    at += here.run(at, LONGEST_TAG, |sign| !" <>\n".contains(sign));
                    continue;
                };
                at += 1 + here.run(at + 1, LONGEST_TAG, |sign| sign != quote && sign != '<');
                if here.letter(at) != Some(quote) {
                    return None;
                }
                at += 1;
            }
        }
    }
    None
}

/// Where the tag ends that closes one of this name.
fn behind_closing(here: &Glimpse<'_>, from: usize, name: &str) -> Option<usize> {
    let inside = here.run(from, LONGEST_SPELLED, |sign| sign != '<');
    let at = from + inside;
    let is_closed =
        here.has(at, "</") && here.has(at + 2, name) && here.has(at + 2 + name.len(), ">");
    is_closed.then_some(at + name.len() + 3)
}

/// How many bytes stand in the brackets that begin here with `[`, brackets included, where they are
/// a placeholder or a sign for voices; none: they are a link, or text.
pub fn bracketed(here: &Glimpse<'_>) -> Option<usize> {
    // No marks of a page: what has those is text.
    let is_of_sign =
        |sign: char| !sign.is_ascii() || sign.is_ascii_alphanumeric() || SIGNS.contains(sign);
    let inside = here.run(1, LONGEST_BRACKETED, is_of_sign);
    if here.byte(1 + inside) != Some(b']') {
        return None;
    }
    let end = inside + 2;
    let is_link = || matches!(here.byte(end), Some(b'(' | b'['));
    (is_written(here.text(0..end)) || !is_link()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::TextFilter;
    use crate::stream::sweep::{Sweep, Sweeper, Swept};

    struct MadeUpTags;

    impl Sweeper for MadeUpTags {
        type State = ();
        fn may_begin(&self, (): (), byte: u8) -> bool {
            byte == b'<' || byte == b'['
        }
        fn look(&self, here: &Glimpse<'_>, (): &mut ()) -> Swept {
            let found = match here.byte(0) {
                Some(b'<') => tag(here),
                _ => bracketed(here),
            };
            let told = |len| Swept::Said(len, format!("«{}»", here.text(0..len)));
            found.map_or(Swept::Nothing, told)
        }
    }

    #[test]
    fn tags_and_signs_are_found_at_every_cut() {
        for (text, expected) in [
            ("a<flush />b", "a«<flush />»b"),
            ("< /flush >", "«< /flush >»"),
            ("<break time=\"1s\"/>", "«<break time=\"1s\"/>»"),
            ("<spell>A1 b</spell>!", "«<spell>A1 b</spell>»!"),
            ("<spell>A1", "«<spell>»A1"),
            (
                "<emotion value='very happy'>",
                "«<emotion value='very happy'>»",
            ),
            ("5 < 6, x <y and z> w, a<b", "5 < 6, x <y and z> w, a<b"),
            (
                "[CARD_1](x) [laughs] [text](x)",
                "«[CARD_1]»(x) «[laughs]» [text](x)",
            ),
        ] {
            for cut in 0..=text.len() {
                let Some((first, second)) = text.split_at_checked(cut) else {
                    continue;
                };
                let mut sweep = Sweep::new(MadeUpTags);
                let mut out = String::new();
                sweep.push(first, &mut out);
                sweep.push(second, &mut out);
                sweep.finish(&mut out);
                assert_eq!(out, expected, "{text} cut at {cut}");
            }
        }
    }
}
