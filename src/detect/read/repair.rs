//! What a speaker took back: corrections, repeats and fresh starts inside a dictated number.
//!
//! One who corrects himself says the last part anew, or goes back a few digits and says those
//! again, or begins from the top. How far back he went, his own repetition tells.

use super::number_word::DigitGroup;
use crate::detect::english::Gap;

/// Leaves out the digits that were taken back. A turn is the first part behind a phrase that may
/// take something back, and what the phrase says.
pub(crate) fn settle(groups: &mut [DigitGroup], digits: &mut String, turns: &[(usize, Gap)]) {
    if turns.is_empty() {
        return;
    }
    let said = std::mem::take(digits);
    let mut kept: Vec<usize> = (0..turns[0].0).collect();
    for (at, &(first, gap)) in turns.iter().enumerate() {
        let end = turns.get(at + 1).map_or(groups.len(), |next| next.0);
        let anew = digits_of(&said, &groups[first..end]);
        let back = match (repeated(&said, groups, &kept, &anew), gap) {
            (_, Gap::Restart) => kept.len(),
            (_, Gap::Pause) if goes_over(&said, groups, &kept, &anew) => kept.len(),
            (_, Gap::Pause) => 0,
            (Some(back), _) => back,
            (None, Gap::Correction) if begins_alike(&said, groups, &kept, &anew) => kept.len(),
            (None, Gap::Correction) => 1,
            (None, _) => 0,
        };
        kept.truncate(kept.len().saturating_sub(back));
        kept.extend(first..end);
    }
    let mut kept = kept.into_iter().peekable();
    for (at, group) in groups.iter_mut().enumerate() {
        let own = said.get(group.at..group.at + group.length).unwrap_or("");
        group.at = digits.len();
        if kept.next_if_eq(&at).is_some() {
            digits.push_str(own);
        } else {
            group.length = 0;
        }
    }
}

fn digits_of(said: &str, groups: &[DigitGroup]) -> String {
    let own = |group: &DigitGroup| said.get(group.at..group.at + group.length);
    groups.iter().filter_map(own).collect()
}

// "Three one oh five five five, scratch that, three one oh two two oh …": from the top.
fn begins_alike(said: &str, groups: &[DigitGroup], kept: &[usize], anew: &str) -> bool {
    const HEAD: usize = 3;
    const SHORTEST: usize = 7;
    let own = |at: &usize| said.get(groups[*at].at..groups[*at].at + groups[*at].length);
    let before: String = kept.iter().take(HEAD).filter_map(own).collect();
    anew.len() >= SHORTEST && before.len() >= HEAD && before.get(..HEAD) == anew.get(..HEAD)
}

// "Three one two, hang on, three one two eight eight four …": all of it, and more.
fn goes_over(said: &str, groups: &[DigitGroup], kept: &[usize], anew: &str) -> bool {
    const SHORTEST: usize = 3;
    let mut rest = anew;
    let is_again = |at: &usize| {
        let group = &groups[*at];
        let own = said.get(group.at..group.at + group.length);
        let behind = own.and_then(|own| rest.strip_prefix(own));
        rest = behind.unwrap_or(rest);
        behind.is_some()
    };
    kept.iter().all(is_again) && anew.len() - rest.len() >= SHORTEST && !rest.is_empty()
}

// How many of the last parts are said again, the same or but for one digit.
fn repeated(said: &str, groups: &[DigitGroup], kept: &[usize], anew: &str) -> Option<usize> {
    const SHORTEST: usize = 3;
    const LONGEST: usize = 19;
    let mut tail = String::new();
    let mut found = None;
    for (count, at) in kept.iter().rev().enumerate() {
        let group = &groups[*at];
        tail.insert_str(0, said.get(group.at..group.at + group.length)?);
        if tail.len() > anew.len().min(LONGEST) {
            break;
        }
        let wrong = tail
            .bytes()
            .zip(anew.bytes())
            .filter(|(old, new)| old != new)
            .count();
        // In a short one only the last digit was wrong: he stopped there.
        let stopped = tail[..tail.len() - 1] == anew[..tail.len() - 1];
        let again = wrong == 0 || (wrong == 1 && (tail.len() > SHORTEST || stopped));
        if tail.len() >= SHORTEST && again {
            found = Some(count + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::reader::TokenReader;
    use super::super::run::runs;
    use super::super::token::tokenize;

    fn check(text: &str, digits: &str) {
        let runs = runs(TokenReader::new(text, &tokenize(text)), 0, &|_| false);
        let found: Vec<_> = runs.iter().map(|run| run.digits.as_str()).collect();
        assert_eq!(found, [digits], "{text}");
    }

    #[test]
    fn the_last_part_is_said_anew() {
        check("nine eight one four no wait eight", "9818");
        check("forty one sorry fifty one", "51");
    }

    #[test]
    fn a_group_is_said_again_with_another_digit() {
        check(
            "two four five three six five i mean five three six two six",
            "2453626",
        );
        check("seven oh six sorry seven oh five eight", "7058");
    }

    #[test]
    fn a_number_is_begun_again() {
        check(
            "four five three nine one sorry four five three nine one two",
            "453912",
        );
        check(
            "four six three three again four six three three one",
            "46331",
        );
        check("four six let me start over seven one two", "712");
    }

    #[test]
    fn a_number_with_the_same_head_is_said_from_the_top() {
        check(
            "three one oh five five five scratch that three one oh two two oh eight one one five",
            "3102208115",
        );
    }

    #[test]
    fn a_number_that_was_looked_for_is_begun_again() {
        check(
            "three one two uh hang on three one two eight eight four sixty one ninety",
            "3128846190",
        );
        check("three one two hang on eight eight four", "312884");
        check("five five hang on five five one two", "555512");
        check("four one oh, let me look, four one oh", "410410");
    }

    #[test]
    fn a_repeated_digit_alone_is_no_repetition() {
        check("four six again six one", "4661");
    }
}
