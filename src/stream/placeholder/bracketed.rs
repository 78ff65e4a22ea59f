//! Placeholders in brackets: `[CARD_1]`, `[credit card #1]`, `%5BCARD_ONE%5D`.

use super::inside::{Fit, Number, Signs, WIDEST_GAP, begins, label_and_number, shape, starts};
use super::signs::{self, Sign, UNSEEN};
use super::{
    Label, Labels, Looking, PlaceholderLook, PlaceholderMeaning, Spot, WantedPlaceholders,
};

/// What stands between brackets has no more signs than this.
const MOST_SIGNS: usize = 48;
/// So many signs that nobody sees are no accident.
const MOST_UNSEEN: usize = 8;

/// What stands between the brackets, without what nobody sees.
struct BracketedSigns {
    signs: [char; MOST_SIGNS],
    /// The byte of each sign.
    places: [usize; MOST_SIGNS],
    length: usize,
}

impl Labels {
    /// What begins at a bracket, or at a sign that may be one.
    pub(super) fn look_bracketed(&self, spot: Spot<'_>, looking: Looking<'_>) -> PlaceholderLook {
        let may_match = |may: bool| match may && !spot.is_over {
            true => PlaceholderLook::MayMatch,
            false => PlaceholderLook::Nothing,
        };
        let first = match signs::opening(spot.text, spot.at, spot.escapes) {
            Sign::Is(_, length) => spot.at + length,
            Sign::Partial => return may_match(true),
            Sign::End => return PlaceholderLook::Nothing,
        };
        let (inside, at) = match BracketedSigns::read(spot, first) {
            Some((inside, Some(end))) => (inside, end),
            Some((inside, None)) => return may_match(self.may_become(&inside, looking)),
            None => return PlaceholderLook::Nothing,
        };
        let signs = inside.signs(true);
        if let Fit::Is((label, (number_at, number))) = self.numbered(signs, looking) {
            let number_at = inside.places[number_at];
            let own = label.map(|label| PlaceholderMeaning::Value {
                label,
                number,
                number_at,
            });
            return PlaceholderLook::Match(at, own.unwrap_or(PlaceholderMeaning::OfOthers));
        }
        if looking.wanted >= WantedPlaceholders::Shapes
            && let Fit::Is(number_at) = shape(signs, looking.marks)
        {
            let number_at = Some(inside.places[number_at]);
            return PlaceholderLook::Match(at, PlaceholderMeaning::Nothing { number_at });
        }
        if looking.wanted < WantedPlaceholders::All || !matches!(self.begins(signs), Fit::Is(())) {
            return PlaceholderLook::Nothing;
        }
        // "[card details](https://…)" is a link; "[CARD_1 and CARD_2]" stands for something.
        match spot.text.as_bytes().get(at) {
            None if !spot.is_over => return PlaceholderLook::MayMatch,
            Some(b'(') => return PlaceholderLook::Nothing,
            _ if self.has_bare(Spot { at: first, ..spot }, at) => return PlaceholderLook::Nothing,
            _ => {}
        }
        PlaceholderLook::Match(at, PlaceholderMeaning::Nothing { number_at: None })
    }

    /// Whether more signs could make something of what is there.
    fn may_become(&self, inside: &BracketedSigns, looking: Looking<'_>) -> bool {
        let signs = inside.signs(false);
        matches!(self.numbered(signs, looking), Fit::Partial)
            || (looking.wanted >= WantedPlaceholders::Shapes
                && matches!(shape(signs, looking.marks), Fit::Partial))
            || (looking.wanted >= WantedPlaceholders::All
                && matches!(self.begins(signs), Fit::Partial))
    }

    /// A label, alone or at the end of a longer name, and a number. No label: it is one of others.
    fn numbered(&self, signs: Signs<'_>, looking: Looking<'_>) -> Fit<(Option<usize>, Number)> {
        let lead = signs.gap(0);
        if lead == signs.signs.len() {
            return signs.partial();
        }
        if lead > WIDEST_GAP {
            return Fit::No;
        }
        let (starts, is_open) = starts(signs, lead);
        let mut is_partial = is_open;
        let others: Vec<Label> = match signs.is_closed {
            true => looking.others.iter().map(|name| Label::new(name)).collect(),
            false => Vec::new(),
        };
        for start in starts.into_iter().flatten() {
            let own = self.labels.iter().enumerate();
            let own = own.map(|(at, label)| (Some(at), label));
            let all = own.chain(others.iter().map(|label| (None, label)));
            // The longest label, and rather one that is so written than one in another form.
            let mut best: Option<((usize, bool), Option<usize>, Number)> = None;
            for (which, label) in all {
                for (at, form) in label.forms.iter().enumerate() {
                    match label_and_number(form, signs, start, looking.marks) {
                        Fit::Is(number) => {
                            let rank = (form.len(), at == 0);
                            if best.is_none_or(|(known, ..)| rank > known) {
                                best = Some((rank, which, number));
                            }
                        }
                        Fit::Partial => is_partial = true,
                        Fit::No => {}
                    }
                }
            }
            if let Some((_, which, number)) = best {
                return Fit::Is((which, number));
            }
        }
        if is_partial { signs.partial() } else { Fit::No }
    }

    /// A label, and whatever follows it.
    fn begins(&self, signs: Signs<'_>) -> Fit<()> {
        let mut fit = Fit::No;
        for label in &self.labels {
            match begins(label, signs) {
                Fit::No => {}
                Fit::Partial => fit = Fit::Partial,
                Fit::Is(()) => return Fit::Is(()),
            }
        }
        fit
    }
}

impl BracketedSigns {
    /// Reads from behind an opening bracket: the signs, and the place behind the closing one, which
    /// is none where the text ends before it. None at all: these are no signs of a placeholder.
    fn read(spot: Spot<'_>, from: usize) -> Option<(BracketedSigns, Option<usize>)> {
        let (mut inside, mut unseen, mut at) = (BracketedSigns::new(), 0, from);
        loop {
            match signs::read(spot.text, at, spot.escapes) {
                Sign::End | Sign::Partial => return Some((inside, None)),
                Sign::Is(']', length) => return Some((inside, Some(at + length))),
                Sign::Is('[', _) => return None,
                Sign::Is(UNSEEN, length) if unseen < MOST_UNSEEN => {
                    (at, unseen) = (at + length, unseen + 1);
                }
                Sign::Is(sign, length) => {
                    if !inside.add(sign, at) {
                        return None;
                    }
                    at += length;
                }
            }
        }
    }

    fn new() -> BracketedSigns {
        BracketedSigns {
            signs: [' '; MOST_SIGNS],
            places: [0; MOST_SIGNS],
            length: 0,
        }
    }

    /// Adds a sign; false: there are too many.
    fn add(&mut self, sign: char, place: usize) -> bool {
        // However many marks there are, they are one.
        if sign == '~' && self.length > 0 && self.signs[self.length - 1] == '~' {
            return true;
        }
        let fits = self.length < MOST_SIGNS;
        if fits {
            self.signs[self.length] = sign;
            self.places[self.length] = place;
            self.length += 1;
        }
        fits
    }

    fn signs(&self, is_closed: bool) -> Signs<'_> {
        Signs {
            signs: &self.signs[..self.length],
            is_closed,
        }
    }
}
