//! Names in a row with one that was found: "Bartholomew and Agnes Quaye", "A. Rahimi, Deb, Torsten
//! Lindqvist", "- Fatoumata: nut allergy" above "- Jools: vegan".
//!
//! A word that the table does not have needs two names around it or a line's head of its own; places
//! and common words end a row.

use std::ops::Range;

use super::again::is_determined;
use super::claim_name;
use super::evidence::is_other;
use super::grade::NameGrade;
use super::reader::NameReader;
use crate::detect::claims::Claims;
use crate::detect::english::Class;
use crate::detect::read::TokenKind;

/// Claims what stands in a row with the names that were found in a passage, which are in order.
pub(super) fn claim_rows(
    names: &NameReader,
    passage: Range<usize>,
    found: &[Range<usize>],
    claims: &mut Claims,
) {
    let mut last = passage.start;
    for name in found {
        if name.start < last {
            continue;
        }
        let row = NameRow::around(names, claims, name.clone());
        last = row.items.last().map_or(name.end, |item| item.end);
        let free = row.items.iter().filter(|item| row.has(names, found, item));
        for item in free.cloned().collect::<Vec<_>>() {
            if !claims.is_any_taken(item.clone()) {
                claim_name(claims, names.reader, item);
            }
        }
    }
    claim_heads(names, passage, found, claims);
}

// Whether one of some names, which are in order, begins at a place.
fn is_found(found: &[Range<usize>], at: usize) -> bool {
    found.binary_search_by_key(&at, |one| one.start).is_ok()
}

// Names and what stands between them as between names.
struct NameRow {
    items: Vec<Range<usize>>,
    own: usize,
}

impl NameRow {
    fn around(names: &NameReader, claims: &Claims, name: Range<usize>) -> Self {
        const MOST: usize = 12;
        let mut before = Vec::new();
        let mut start = name.start;
        while before.len() < MOST {
            let end = parted(names, start, RowSide::Before);
            let item = end.and_then(|end| item_before(names, claims, end));
            let Some(item) = item else { break };
            start = item.start;
            before.push(item);
        }
        before.reverse();
        let own = before.len();
        let mut items = before;
        let mut end = name.end;
        items.push(name);
        while items.len() < 2 * MOST {
            let at = parted(names, end, RowSide::Behind);
            let item = at.and_then(|at| item_behind(names, claims, at));
            let Some(item) = item else { break };
            end = item.end;
            items.push(item);
        }
        Self { items, own }
    }

    // Whether the rest of a row says that one of it is a name.
    fn has(&self, names: &NameReader, found: &[Range<usize>], item: &Range<usize>) -> bool {
        let is_found = |item: &Range<usize>| is_found(found, item.start);
        let own = self.items.get(self.own);
        if self.items.len() == 2 {
            return match self.own {
                0 => is_second(names, item),
                _ => own.is_some_and(|own| is_pair(names, item, own)),
            };
        }
        let is_sure = |item: &&Range<usize>| {
            let strong = strength(names, item) == ItemStrength::Initialed;
            let is_alone = strength(names, item) == ItemStrength::Given;
            is_found(item) || strong || is_alone
        };
        let sure = self.items.iter().filter(is_sure).count();
        let behind = self.items.iter().skip_while(|one| *one != item).skip(1);
        let is_inside = behind.clone().any(is_found) || self.own == 0;
        let is_word = names.grade(item.start) == NameGrade::Either;
        sure > 1 && is_inside && (!is_word || names.begins_large(item.start))
    }
}

enum RowSide {
    Before,
    Behind,
}

// Past "and", "&" or a comma beside a place.
fn parted(names: &NameReader, place: usize, side: RowSide) -> Option<usize> {
    let reader = &names.reader;
    let is_comma = |at: usize| reader.is_mark(at, b',') || reader.is_mark(at, b';');
    let is_and = |at: usize| reader.says(at, "and") || reader.is_mark(at, b'&');
    let step = |at: usize, back: usize| match side {
        RowSide::Before => at.checked_sub(back).filter(|at| names.has(*at)),
        RowSide::Behind => Some(at + back - 1).filter(|at| names.has(*at)),
    };
    let first = step(place, 1)?;
    let second = step(place, 2);
    let (one, two) = match side {
        RowSide::Before => (first, second.filter(|at| is_and(first) && is_comma(*at))),
        RowSide::Behind => (first, second.filter(|at| is_comma(first) && is_and(*at))),
    };
    if !is_comma(one) && !is_and(one) {
        return None;
    }
    let last = two.unwrap_or(one);
    Some(match side {
        RowSide::Before => last,
        RowSide::Behind => last + 1,
    })
}

#[derive(PartialEq, Eq)]
enum ItemStrength {
    None,
    // A word that the table does not have, or has as something else too.
    Weak,
    Given,
    // "A. Rahimi".
    Initialed,
}

fn strength(names: &NameReader, item: &Range<usize>) -> ItemStrength {
    let at = item.start;
    if names.grade(at) == NameGrade::Letter {
        return ItemStrength::Initialed;
    }
    let is_plain = !names.is_auxiliary(at) && !is_other(names, at) && !is_determined(names, at);
    let is_owner = names
        .reader
        .token(at)
        .is_some_and(|token| token.has(Class::POSSESSIVE));
    match names.grade(at) {
        _ if !is_plain || is_owner => ItemStrength::None,
        NameGrade::Clear if names.sense(at).is_given() => ItemStrength::Given,
        NameGrade::Clear => ItemStrength::Weak,
        NameGrade::Unknown => ItemStrength::Weak,
        NameGrade::Either if names.sense(at).is_given() => ItemStrength::Weak,
        _ => ItemStrength::None,
    }
}

// One word, or one behind its initial, that ends before a place.
fn item_before(names: &NameReader, claims: &Claims, end: usize) -> Option<Range<usize>> {
    let at = end.checked_sub(1).filter(|at| names.has(*at))?;
    let dot = at
        .checked_sub(1)
        .filter(|at| names.reader.is_mark(*at, b'.'));
    let initial = dot.and_then(|dot| dot.checked_sub(1));
    let initial = initial.filter(|at| names.grade(*at) == NameGrade::Letter);
    let name = names.start(end);
    let item = match initial.filter(|at| names.has(*at) && names.begins_large(*at)) {
        Some(initial) if names.grade(at) >= NameGrade::Either => initial..end,
        _ if claims.is_any_taken(name..end) => names.start(end)..end,
        _ if names.begins_large(name) => name..end,
        _ => at..end,
    };
    fits(names, claims, item)
}

fn item_behind(names: &NameReader, claims: &Claims, at: usize) -> Option<Range<usize>> {
    fits(names, claims, at..names.end(at))
}

fn fits(names: &NameReader, claims: &Claims, item: Range<usize>) -> Option<Range<usize>> {
    let is_and = names.reader.is_mark(item.end, b'&');
    let last = item.end.saturating_sub(1)..item.end;
    if item.is_empty() || !is_and && names.names_thing(last) {
        return None;
    }
    let is_taken = claims.is_any_taken(item.clone());
    let words = names.words(item.clone()).count();
    let strength = strength(names, &item);
    let is_large = |at: usize| names.begins_large(at) || names.is_particle(at);
    let is_full = (2..=3).contains(&words) && names.words(item.clone()).all(is_large);
    let is_one = words == 1 || is_full || strength == ItemStrength::Initialed && words == 2;
    // In small letters a word of a row must be parted from what is said behind it.
    let is_whole = names.begins_large(item.start) || parted_or_over(names, item.end);
    (is_taken || is_one && is_whole && strength != ItemStrength::None).then_some(item)
}

fn parted_or_over(names: &NameReader, end: usize) -> bool {
    names.ends(end) || names.reader.says(end, "and")
}

// "Bartholomew and Agnes Quaye", "for Hyacinth and Desmond": the other of two.
fn is_pair(names: &NameReader, item: &Range<usize>, own: &Range<usize>) -> bool {
    const WHOSE: [&str; 16] = [
        "for", "with", "us", "both", "names", "are", "is", "it's", "we're", "i'm", "by", "tell",
        "name", "to", "owners", "tenants",
    ];
    let (at, reader) = (item.start, &names.reader);
    let is_and = reader.says(item.end, "and") || reader.is_mark(item.end, b'&');
    if reader.is_mark(item.end, b',') {
        return is_turned(names, item, own);
    }
    let is_full = names.full_words(own.clone()).count() > 1;
    let before = at.checked_sub(1).filter(|before| names.has(*before));
    let token = before.and_then(|before| reader.token(before));
    let opens = token.is_none_or(|token| {
        let is_small = token.has(Class::CLOSED | Class::LEAD | Class::FILLER | Class::COPULA);
        !token.is_word() || is_small && !token.has(Class::DETERMINER)
    });
    let is_where = before.is_some_and(|at| reader.says_any(at, &["in", "at", "near", "to"]));
    let is_led = before.is_some_and(|at| {
        let is_owner = reader
            .token(at)
            .is_some_and(|one| one.has(Class::POSSESSIVE));
        reader.says_any(at, &WHOSE) || is_owner || reader.is_mark(at, b':')
    });
    let sense = names.sense(at);
    let may_be = match names.grade(at) {
        NameGrade::Clear if sense.is_given() => true,
        NameGrade::Clear | NameGrade::Unknown => is_full && !is_where,
        NameGrade::Either => sense.is_given() && (is_full || is_led) && !is_where,
        _ => false,
    };
    is_and && may_be && (opens || is_led) && !is_other(names, at) && !names.is_auxiliary(at)
}

// "Pt: Okafor, Chidi".
fn is_turned(names: &NameReader, item: &Range<usize>, own: &Range<usize>) -> bool {
    let before = item.start.checked_sub(1);
    let token = before.and_then(|before| names.reader.token(before));
    let opens = token.is_none_or(|one| one.is_mark(b':') || one.kind == TokenKind::Line);
    let is_family = names.grade(item.start) >= NameGrade::Unknown && item.len() == 1;
    let is_given = names.sense(own.start).is_given() && own.len() <= 2;
    let is_large = names.begins_large(item.start) && names.begins_large(own.start);
    opens && is_family && is_given && is_large && names.ends(own.end)
}

// "Tash & Olu", "sarah and jools are here": the last of two.
fn is_second(names: &NameReader, item: &Range<usize>) -> bool {
    let (at, reader) = (item.start, &names.reader);
    let is_and = at > 0 && (reader.says(at - 1, "and") || reader.is_mark(at - 1, b'&'));
    let is_over = names.ends(item.end) && names.begins_large(at);
    let is_both = reader.says_any(item.end, &["are", "were", "both"]);
    let is_one = strength(names, item) != ItemStrength::None;
    // "Nisha, vik and the baby".
    let next = reader.token(item.end + 1);
    let is_more = reader.says(item.end, "and")
        && next.is_some_and(|next| next.has(Class::DETERMINER) && !next.has(Class::COPULA));
    if at > 0 && reader.is_mark(at - 1, b',') && is_more && is_one {
        return item.len() == 1;
    }
    is_and && is_one && (is_over || is_both) && item.len() == 1
}

// "- Jools: vegan": the head of a line beside those of other lines, of which one was found.
fn claim_heads(
    names: &NameReader,
    passage: Range<usize>,
    found: &[Range<usize>],
    claims: &mut Claims,
) {
    let reader = &names.reader;
    let is_line = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| reader.token(before));
        *at == passage.start || before.is_some_and(|before| before.kind == TokenKind::Line)
    };
    let is_bullet = |at: usize| [b'-', b'*'].iter().any(|mark| reader.is_mark(at, *mark));
    let starts = passage.clone().filter(|at| is_bullet(*at)).filter(is_line);
    let heads: Vec<usize> = starts
        .map(|at| at + 1)
        .filter(|at| reader.is_mark(at + 1, b':') || is_found(found, *at))
        .collect();
    let may_be = |at: &usize| {
        let is_given = names.sense(*at).is_given() && !is_other(names, *at);
        let is_name = names.grade(*at) >= NameGrade::Unknown || is_given;
        is_name && names.begins_large(*at)
    };
    let is_row = heads.len() > 1 && heads.iter().all(may_be);
    let is_one = heads.iter().any(|at| claims.is_taken(*at));
    if !is_row || !is_one {
        return;
    }
    for at in heads {
        if !claims.is_taken(at) {
            claim_name(claims, names.reader, at..at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Name;
    use crate::detect::testing::check;

    #[test]
    fn the_other_of_two_is_a_name() {
        for (text, first, second) in [
            (
                "there's two of us bartholomew and agnes quaye",
                "bartholomew",
                "agnes quaye",
            ),
            ("tenants are Ifeoma & Chuka Obi", "Ifeoma", "Chuka Obi"),
            ("it's for hyacinth and desmond", "hyacinth", "desmond"),
        ] {
            check(text, &[(Name, first), (Name, second)]);
        }
        check(
            "i want the laksa and agnes quaye pays",
            &[(Name, "agnes quaye")],
        );
        check(
            "we stayed in whitby and agnes quaye paid",
            &[(Name, "agnes quaye")],
        );
    }

    #[test]
    fn what_stands_between_names_is_one() {
        check(
            "Minutes: present A. Rahimi, Deb, Torsten Lindqvist",
            &[
                (Name, "A. Rahimi"),
                (Name, "Deb"),
                (Name, "Torsten Lindqvist"),
            ],
        );
        check(
            "it's for priya, jools and amir",
            &[(Name, "priya"), (Name, "jools"), (Name, "amir")],
        );
        check(
            "It's with Sarah Jones, Whitby, on Monday",
            &[(Name, "Sarah Jones")],
        );
        check(
            "Guests\n- Fatoumata: nut allergy\n- Jools: vegan",
            &[(Name, "Fatoumata"), (Name, "Jools")],
        );
        check("To do\n- Sarah: call\n- Boiler: broken", &[(Name, "Sarah")]);
    }
}
