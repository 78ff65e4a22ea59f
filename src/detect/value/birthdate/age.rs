//! What else tells that a date is a birth's: an age before it, "he's seven, third of march …", or a
//! year of the last century in two digits.

use crate::detect::english::{Class, NumberWord};
use crate::detect::read::{SaidDate, SpokenPassage, TokenReader};

/// Whether somebody's age is told right before a place: "i'm forty two,", "turned seven on".
pub(super) fn is_told_before(reader: TokenReader, first: usize) -> bool {
    const MOST: usize = 6;
    const DIGITS: usize = 3;
    const SILENT: [&str; 11] = [
        "years", "year", "old", "on", "born", "so", "that's", "since", "be", "in", "the",
    ];
    const OWNERS: [&str; 12] = [
        "i'm", "im", "he's", "hes", "she's", "shes", "they're", "am", "turned", "turns", "aged",
        "turning",
    ];
    let before = |at: usize| at.checked_sub(1).filter(|before| *before >= reader.floor);
    let mut at = first;
    let mut is_old = false;
    while let Some(silent) = before(at).filter(|silent| {
        let token = &reader.tokens[*silent];
        !token.is_word() && !token.says_number()
            || token.has(Class::FILLER)
            || reader.says_any(*silent, &SILENT)
    }) {
        is_old |= reader.says(silent, "old");
        at = silent;
        if first - at > MOST {
            return false;
        }
    }
    let end = at;
    while let Some(number) = before(at).filter(|number| {
        let word = reader.number_word(*number);
        reader.tokens[*number].says_digits() && !matches!(word, NumberWord::Month(_))
    }) {
        at = number;
        if end - at > DIGITS {
            return false;
        }
    }
    let is_owned = || before(at).is_some_and(|owner| reader.says_any(owner, &OWNERS));
    at < end && (is_old || is_owned())
}

/// Whether a date is said with its month and with a year that no date to come has: "the twentieth
/// of may, seventy three", with nothing behind it that is counted.
pub(super) fn is_of_short_year(passage: &SpokenPassage, date: &SaidDate) -> bool {
    const OLDEST: u32 = 40;
    let year = date.value.rsplit('-').next().unwrap_or("");
    let is_short = year.len() == 2 && date.value.matches('-').count() == 2;
    let is_old = is_short && year.parse::<u32>().is_ok_and(|year| year >= OLDEST);
    let own = passage.tokens.get(date.range.clone()).unwrap_or(&[]);
    let is_month = own
        .iter()
        .any(|token| matches!(token.entry.number, NumberWord::Month(_)));
    let next = passage.tokens.get(date.range.end);
    let ends = date.range.end >= passage.end
        || next.is_some_and(|next| !next.is_word() && !next.says_number());
    // "When, and how many?", "the tenth of may, forty".
    is_old && is_month && ends && !passage.asks_time
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Birthdate;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_date_behind_an_age_is_a_birth_date() {
        for (text, value) in [
            (
                "agent: how old is your son?\ncaller: he's seven, third of march two thousand and seventeen",
                "third of march two thousand and seventeen",
            ),
            (
                "i'm forty two, the ninth of june eighty three",
                "the ninth of june eighty three",
            ),
            ("my mum is 81 years old, 4 may 1944", "4 may 1944"),
            ("she turned seven on 3 March 2017", "3 March 2017"),
            (
                "i said the twentieth of may, seventy three",
                "the twentieth of may, seventy three",
            ),
        ] {
            check_one(Birthdate, text, value);
        }
    }

    #[test]
    fn a_date_behind_another_count_stays() {
        for text in [
            "we're seven, third of march twenty twenty six",
            "a table for two on 3 March 2027",
            "it's the fifth of june, sixty eight people came",
        ] {
            check(text, &[]);
        }
    }
}
