//! What stands in the place of a house: a box at the post office, or a route in the country; and in
//! whose care a letter goes.

use super::AddressReader;
use crate::detect::english::Surety;

impl AddressReader<'_> {
    /// "C/o jane doe, 12 oak road".
    pub(super) fn care_of(&self, at: usize) -> Option<usize> {
        const CARE_WORDS: usize = 5;
        let reader = &self.reader;
        if !self.is_care(at) {
            return None;
        }
        let from = at + if reader.says(at, "care") { 2 } else { 3 };
        (from + 1..from + CARE_WORDS + 2).find_map(|next| {
            let next = self.behind_tie(next);
            self.numbered(next, Some(Surety::Likely))
                .or_else(|| self.behind_unit(next, Some(Surety::Likely)))
                .or_else(|| self.unnumbered(next, Some(Surety::Sure)))
        })
    }

    /// Whether "c/o" or "care of" stands at a token.
    pub(super) fn is_care(&self, at: usize) -> bool {
        let reader = &self.reader;
        let is_short =
            || reader.says(at, "c") && reader.is_mark(at + 1, b'/') && reader.says(at + 2, "o");
        reader.says(at, "care") && reader.says(at + 1, "of") || is_short()
    }

    /// "P.O. Box 12", "private bag x 4", "rural route 2 box 15".
    pub(super) fn box_end(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        let reader = &self.reader;
        let token = reader.token(at).filter(|token| token.is_word())?;
        let first = token.of(reader.text).bytes().next()?.to_ascii_lowercase();
        if !b"pglcmrh".contains(&first) {
            return None;
        }
        let dot = |at: usize| usize::from(reader.is_mark(at, b'.'));
        let behind = if reader.says_any(at, &["po", "pob", "gpo"]) {
            at + 1 + dot(at + 1)
        } else if let Some(end) = self.bag_end(at) {
            return Some(end);
        } else if reader.says(at, "p") {
            let second = at + 1 + dot(at + 1);
            if !reader.says(second, "o") {
                return None;
            }
            second + 1 + dot(second + 1)
        } else if reader.says(at, "post") && reader.says(at + 1, "office") {
            at + 2
        } else if reader.says_any(at, &["postal", "private", "locked", "community", "mail"]) {
            at + 1
        } else if reader.says_any(at, &["rural", "rr", "hc"]) {
            return self.rural_box(at, lead);
        } else if reader.says(at, "r") && reader.says(at + 1 + dot(at + 1), "r") {
            let second = at + 1 + dot(at + 1);
            return self.rural_box(second + dot(second + 1), lead);
        } else {
            return None;
        };
        let is_bag = reader.says(behind, "bag") || reader.says(behind, "box");
        let numbered = behind + 1 + dot(behind + 1);
        let skipped = usize::from(
            reader.says_any(numbered, &["number", "no", "#"]) || reader.is_mark(numbered, b'#'),
        );
        is_bag.then(|| self.unit_code(numbered + skipped)).flatten()
    }

    // "P.M.B. 1234": a private mail bag.
    fn bag_end(&self, at: usize) -> Option<usize> {
        let reader = &self.reader;
        if reader.word(at) == "PMB" {
            return self.unit_code(at + 1);
        }
        let behind = |at: usize| at + 1 + usize::from(reader.is_mark(at + 1, b'.'));
        let (second, third) = (behind(at), behind(behind(at)));
        let is_bag = reader.says(at, "p") && reader.says(second, "m") && reader.says(third, "b");
        is_bag.then(|| self.unit_code(behind(third))).flatten()
    }

    /// "RD 2, 481 Tauwhare Road": the rural round of a postman, before a house or behind it.
    pub(super) fn round_end(&self, at: usize) -> Option<usize> {
        let is_round = self.reader.word(at) == "RD" && !self.reader.touches_next(at);
        let number = is_round.then(|| self.reader.number(at + 1, &mut ()));
        number.flatten()
    }

    fn rural_box(&self, at: usize, lead: Option<Surety>) -> Option<usize> {
        const SITES: usize = 3;
        let reader = &self.reader;
        let from = at + 1 + usize::from(reader.says(at + 1, "route"));
        let route = reader.number(from, &mut ())?;
        let next = self.behind_tie(route);
        let is_box = reader.says(next, "box");
        let boxed = is_box.then(|| self.unit_code(next + 1)).flatten();
        // "R.R. 3, Site 5, Comp 12".
        let site = || {
            let mut ends = std::iter::successors(self.unit_end(next), |end| {
                self.unit_end(self.behind_tie(*end))
            });
            ends.by_ref().take(SITES).last()
        };
        boxed
            .or_else(site)
            .or_else(|| lead.is_some().then_some(route))
    }
}
