//! Dates of birth: dates where a birth was spoken of.
//!
//! Other dates are nobody's secret, but their words are no other numbers either.

mod age;
mod answered;
mod mark;
mod opening;

use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord, Topic};
use crate::detect::growing::{NOWHERE, TextSoFar, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::number::{NumberKind, NumberPlace, Tie};
use crate::detect::read::{
    Cue, Run, SaidDate, SpokenPassage, Token, TokenKind, date_at, feast_at, year_at,
};

/// Claims the dates of birth of a passage and takes the words of all that are surely dates.
///
/// The phrases that spoke of one are used then.
pub(crate) fn claim(hearing: &mut Hearing) {
    if let Some((range, value)) = answered::answered(hearing) {
        let parts = hearing.passage.tokens[range.clone()]
            .iter()
            .filter(|token| token.says_number())
            .count();
        hearing.claims.claim(range, Detector::Birthdate, value);
        hearing
            .given
            .push((Topic::Birth, if parts > 2 { 8 } else { 4 }));
    }
    let reader = hearing.passage.reader();
    let names_birth = |cue: &Cue| cue.topic == Topic::Birth;
    let has_feasts =
        hearing.passage.asks(Topic::Birth) || hearing.passage.cues.iter().any(names_birth);
    let read = |at: usize| {
        let is_marked =
            || at > reader.floor && reader.is_mark(at - 1, b'.') && mark::is_marked(reader, at);
        let feast = || {
            (has_feasts || is_marked())
                .then(|| feast_at(reader, at))
                .flatten()
        };
        feast().or_else(|| date_at(reader, at))
    };
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let is_free = !hearing.claims.is_taken(at);
        let date = is_free.then(|| read(at)).flatten();
        let free = date.filter(|date| !hearing.claims.is_any_taken(date.range.clone()));
        at = free
            .and_then(|date| claim_date(hearing, date))
            .unwrap_or(at + 1);
    }
}

// The token behind a date that was claimed or taken.
fn claim_date(hearing: &mut Hearing, mut date: SaidDate) -> Option<usize> {
    let Some(cue) = of_birth(&hearing.passage, &date) else {
        if date.is_certain && !is_named_otherwise(&hearing.passage, &date) {
            hearing.claims.take(date.range.clone());
        }
        return date.is_certain.then_some(date.range.end);
    };
    if let Some(used) = cue.and_then(|cue| hearing.used.get_mut(cue)) {
        *used = true;
    }
    if let Some((end, year)) = late_year(&hearing.passage, &date) {
        date.range.end = end;
        date.value = format!("{}-{year}", date.value);
    }
    let end = date.range.end;
    // Without its year the date is half an answer.
    let digits = if date.value.matches('-').count() > 1 {
        8
    } else {
        4
    };
    hearing
        .claims
        .claim(date.range, Detector::Birthdate, date.value);
    hearing.given.push((Topic::Birth, digits));
    Some(denied(hearing, end).unwrap_or(end))
}

// "The third of may 1979, not 1997": claims what a date is not, and gives the token behind it.
fn denied(hearing: &mut Hearing, end: usize) -> Option<usize> {
    let reader = hearing.passage.reader();
    let is_mark = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| matches!(token.kind, TokenKind::Mark(b',' | b'(' | b'-')))
    };
    let mut at = end + usize::from(is_mark(end));
    at += usize::from(reader.says_any(at, &["and", "but"]));
    at = match () {
        () if reader.says(at, "not") => at + 1,
        () if reader.says(at, "rather") && reader.says(at + 1, "than") => at + 2,
        () if reader.says(at, "instead") && reader.says(at + 1, "of") => at + 2,
        () => return None,
    };
    at += usize::from(reader.says_any(at, &["in", "on"]));
    let date = date_at(reader, at).map(|date| (date.range.end, date.value));
    let (behind, value) = date.or_else(|| year_at(reader, at))?;
    if hearing.claims.is_any_taken(at..behind) || behind > hearing.passage.end {
        return None;
    }
    hearing.claims.claim(at..behind, Detector::Birthdate, value);
    Some(behind)
}

// "The fourth of march too actually, nineteen seventy seven".
fn late_year(passage: &SpokenPassage, date: &SaidDate) -> Option<(usize, String)> {
    const WORDS: usize = 5;
    let reader = passage.reader();
    if date.value.matches('-').count() != 1 {
        return None;
    }
    for at in date.range.end..date.range.end + WORDS {
        if let Some(year) = year_at(reader, at) {
            return Some(year);
        }
        let token = reader.token(at)?;
        let is_wall = token.has(Class::CLOSED) && !token.has(Class::IN_GAP);
        let is_wall = is_wall && !matches!(token.entry.number, NumberWord::Doubtful(_));
        if is_wall || reader.ends_sentence(at) || token.has(Class::EVENT) || token.says_number() {
            return None;
        }
    }
    None
}

/// How far back a date may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach { crosses, ..NOWHERE };

// "The third of may", "in august".
fn crosses(growing: &TextSoFar, at: usize) -> bool {
    let is_of_date = growing.reader.says_any(at, &["the", "of", "in"]);
    is_of_date
        && (growing.number_before(at).is_some()
            || !growing.is_whole(at + 1)
            || growing.reader.says_number(at + 1))
}

// Whether a birth was spoken of, and the phrase that did; or a day of the last century of which
// nothing else is said: nobody makes an appointment for it.
fn of_birth(passage: &SpokenPassage, date: &SaidDate) -> Option<Option<usize>> {
    let is_whole = date.value.matches('-').count() > 1;
    if mark::is_marked(passage.reader(), date.range.start)
        || is_whole && age::is_told_before(passage.reader(), date.range.start)
    {
        return Some(None);
    }
    let place = place(passage, date);
    let cue = place.cue.and_then(|cue| passage.cues.get(cue));
    let from = cue.map_or(passage.first, |cue| cue.end);
    let before = passage.tokens.get(from..date.range.start).unwrap_or(&[]);
    let is_other = before
        .iter()
        .rev()
        .take(8)
        .any(|token| token.has(Class::EVENT))
        || before
            .last()
            .is_some_and(|token| token.has(Class::OTHER_DAY));
    // "She's a leap year baby, …": a year is named, and no other date.
    let names_year = || {
        let is_year = cue.is_some_and(|cue| passage.tokens[cue.first].has(Class::UNIT));
        is_year && cue.is_some_and(|cue| cue.end == cue.first + 1)
    };
    let is_asked = (place.cue.is_none() || names_year()) && passage.asks(Topic::Birth);
    if place.topic == Some(Topic::Birth) || is_asked {
        let is_behind = cue.is_some_and(|cue| cue.first >= date.range.end);
        let is_other = is_other || has_own_label(passage, from, date.range.start);
        return (is_behind || !is_other).then_some(place.cue);
    }
    let is_old = is_long_ago(date) || age::is_of_short_year(passage, date);
    if is_other || !is_old && !opening::is_told(passage, date) {
        return None;
    }
    // "CPF 529.982.247-25 | 03/11/1974": the phrase has had its number.
    let is_satisfied = || before.iter().rev().any(Token::says_digits);
    (place.topic.is_none() || is_satisfied()).then_some(None)
}

// "My sort code is 11-05-27", "november four one juliet": what is named outweighs the look of a
// date.
fn is_named_otherwise(passage: &SpokenPassage, date: &SaidDate) -> bool {
    let is_written = passage.tokens[date.range.clone()]
        .iter()
        .all(|token| !token.is_word());
    let place = place(passage, date);
    let kind = place.topic.and_then(NumberKind::of);
    let is_named = place.cue.is_some() && is_written;
    // The letters of a code go on behind what looks like a month and a day.
    let mut behind = passage.tokens[date.range.end..passage.end].iter();
    let next = behind.find(|token| token.is_word() && !token.says_digits());
    let is_spelled = |token: &Token| token.is_letter() || token.has(Class::ALPHABET);
    let goes_on = next.is_some_and(is_spelled);
    // "Kilo november six eight delta".
    let before = passage.tokens[passage.first..date.range.start].last();
    if goes_on && before.is_some_and(is_spelled) {
        return true;
    }
    let fits = kind.is_some_and(|kind| {
        kind.topic != Topic::Birth && (is_named || kind.has_letters && (is_written || goes_on))
    });
    fits && place.tie >= Tie::Linked
}

fn place(passage: &SpokenPassage, date: &SaidDate) -> NumberPlace {
    let run = Run {
        groups: Vec::new(),
        digits: String::new(),
        first: date.range.start,
        end: date.range.end,
        is_quantity: false,
    };
    passage.place(&run, &[])
}

// `"dob": …, "created": "…"`, "DOB: …, Admitted: …": a word before the colon that is not the
// phrase's.
fn has_own_label(passage: &SpokenPassage, from: usize, first: usize) -> bool {
    let tokens = passage.tokens.get(from..first).unwrap_or(&[]);
    let is_quote = |token: &&Token| matches!(token.kind, TokenKind::Mark(b'"' | b'\''));
    let mut back = tokens.iter().rev().skip_while(is_quote);
    let is_colon = back
        .next()
        .is_some_and(|mark| matches!(mark.kind, TokenKind::Mark(b':' | b'=')));
    let label = back.find(|token| !is_quote(token));
    // "[10:03] Tom: 14/03/1988": whoever speaks.
    let is_speaker = || {
        let own = passage.tokens.get(passage.first..first).unwrap_or(&[]);
        let [name, mark] = own else { return false };
        mark.is_mark(b':')
            && name.entry.id == 0
            && name.of(passage.text).starts_with(char::is_uppercase)
    };
    is_colon && label.is_some_and(Token::is_word) && !is_speaker()
}

fn is_long_ago(date: &SaidDate) -> bool {
    let year = date.value.rsplit('-').next().unwrap_or("");
    let is_whole = date.value.matches('-').count() == 2;
    date.is_certain && is_whole && year.len() == 4 && year.starts_with("19")
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            (
                "i was born april seventeen nineteen ninety seven",
                "april seventeen nineteen ninety seven",
            ),
            ("DOB: 18.07.1965", "18.07.1965"),
            (
                "my date of birth is oh three twelve eighty five",
                "oh three twelve eighty five",
            ),
        ] {
            check_one(Detector::Birthdate, text, value);
        }
    }

    #[test]
    fn what_a_birth_date_is_not_is_hidden_too() {
        for (text, date, not) in [
            (
                "I was born 3rd Feb 1979 not 1997, swap it",
                "3rd Feb 1979",
                "1997",
            ),
            ("dob 5/4/62 (not 4/5/62)", "5/4/62", "4/5/62"),
            (
                "born 4 May 1962, rather than 5 April 1962",
                "4 May 1962",
                "5 April 1962",
            ),
        ] {
            check(
                text,
                &[(Detector::Birthdate, date), (Detector::Birthdate, not)],
            );
        }
        check_one(
            Detector::Birthdate,
            "born 4 May 1962 not far from here",
            "4 May 1962",
        );
    }

    #[test]
    fn a_date_is_read_as_it_is_said() {
        for (text, value) in [
            (
                "my dob is the fifth of the tenth seventy nine thanks",
                "the fifth of the tenth seventy nine",
            ),
            ("i was born in march eighty one", "march eighty one"),
            ("he was born in nineteen eighty one", "nineteen eighty one"),
            (
                "birthday's ten thirty seventy seven",
                "ten thirty seventy seven",
            ),
            (
                "born the fourth of march too actually, nineteen seventy seven",
                "the fourth of march too actually, nineteen seventy seven",
            ),
            (
                "birthdate is june third ninety no sorry the fourth",
                "june third ninety no sorry the fourth",
            ),
            ("D.O.B. 4.9.79", "4.9.79"),
            (
                "born in april nineteen sixty three, the twenty sixth",
                "april nineteen sixty three, the twenty sixth",
            ),
            (
                "dob may ninth no what am i saying june ninth nineteen seventy eight",
                "may ninth no what am i saying june ninth nineteen seventy eight",
            ),
            (
                "d o b eleven twelve eighty five, no hang on that's the american way, twelve eleven eighty five",
                "eleven twelve eighty five, no hang on that's the american way, twelve eleven eighty five",
            ),
        ] {
            check_one(Detector::Birthdate, text, value);
        }
    }

    #[test]
    fn a_day_with_a_name_is_a_date_where_a_birth_is_spoken_of() {
        for (text, value) in [
            (
                "leap day nineteen ninety two that's my birthday",
                "leap day nineteen ninety two",
            ),
            (
                "i was born on St. Patrick's Day, 1985",
                "St. Patrick's Day, 1985",
            ),
            (
                "agent: Date of birth?\ncaller: Boxing Day 1951",
                "Boxing Day 1951",
            ),
        ] {
            check_one(Detector::Birthdate, text, value);
        }
        check("are you open christmas day 2026", &[]);
        check("agent: a table?\ncaller: boxing day at six please", &[]);
    }

    #[test]
    fn a_date_of_another_event_is_none() {
        let text = "born 2 May 1981 and the appointment is on 3 June 2031";
        check(text, &[(Detector::Birthdate, "2 May 1981")]);
        let text = r#"{"dob": "1981-05-02", "created": "2031-06-03"}"#;
        check(text, &[(Detector::Birthdate, "1981-05-02")]);
        check("a table at ten thirty seventy seven people came", &[]);
        check("the first of the second batch", &[]);
    }

    #[test]
    fn a_day_long_ago_needs_no_words() {
        check_one(
            Detector::Birthdate,
            "Verified: full name, 11/04/1958",
            "11/04/1958",
        );
        check_one(
            Detector::Birthdate,
            "verified, november fourth nineteen fifty eight",
            "november fourth nineteen fifty eight",
        );
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "my appointment is on march third at two fifteen",
            "I was born to run",
            "the order of 11/04/1998 and the policy expires on 04/05/2001",
            "see you on 11/04/2026",
        ] {
            check(text, &[]);
        }
    }
}
