//! What a talk is of, as far as names and places in it are nobody's own: films and music, money that
//! is sent, rides.
//!
//! It says nothing of a value that was asked for, or that a phrase gives.

use crate::detect::english::{AskingRole, Class};
use crate::detect::read::Token;

/// What was spoken of in the last passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Themes {
    works: u8,
    money: u8,
    rides: u8,
}

impl Themes {
    /// For so many passages a talk stays with what it was of.
    const LASTS: u8 = 4;

    /// With what a passage speaks of.
    pub(crate) fn with(self, passage: &[Token]) -> Themes {
        let next = |left: u8, class: Class| match place_of(passage, class).is_some() {
            true => Themes::LASTS,
            false => left.saturating_sub(1),
        };
        Themes {
            works: next(self.works, Class::WORK),
            money: next(self.money, Class::MONEY),
            rides: next(self.rides, Class::RIDE),
        }
    }
}

// The first word of a class; "will show" is no show.
fn place_of(passage: &[Token], class: Class) -> Option<usize> {
    let is_verb = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| passage.get(before));
        class == Class::WORK && before.is_some_and(|before| before.asks(AskingRole::VERB))
    };
    let mut words = passage.iter().enumerate();
    let found = words.find(|(at, token)| token.has(class) && !is_verb(*at));
    found.map(|(at, _)| at)
}

/// What the talk is of at the places of one passage. What follows a place says nothing of it, so a
/// text that grows is the same as a whole one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThemesHere {
    before: Themes,
    works: usize,
    money: usize,
    rides: usize,
}

impl ThemesHere {
    /// Those of the tokens from a place to another, behind earlier passages.
    pub(crate) fn of(before: Themes, tokens: &[Token], first: usize, end: usize) -> ThemesHere {
        let passage = tokens.get(first..end).unwrap_or(&[]);
        let place = |class: Class| place_of(passage, class).map_or(usize::MAX, |at| first + at);
        ThemesHere {
            before,
            works: place(Class::WORK),
            money: place(Class::MONEY),
            rides: place(Class::RIDE),
        }
    }

    /// Films, songs and events: whose names are told are known to everyone.
    pub(crate) fn is_of_works(self, at: usize) -> bool {
        self.before.works > 0 || self.works < at
    }

    /// Money on its way to somebody, who is told by a first name.
    pub(crate) fn is_of_money(self, at: usize) -> bool {
        self.before.money > 0 || self.money < at
    }

    /// Cabs, and where they go.
    pub(crate) fn is_of_rides(self, at: usize) -> bool {
        self.before.rides > 0 || self.rides < at
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn where_a_cab_goes_is_no_address_and_where_somebody_is_picked_up_is_one() {
        for text in [
            "i need a cab to 48 maple street for two",
            "agent: where would you like the taxi to go?\ncaller: 48 maple street please",
        ] {
            check(text, &[]);
        }
        for text in [
            "please send a cab to 48 maple street",
            "i need a taxi from 48 maple street to the airport",
            "a cab to my house at 48 maple street",
        ] {
            check_one(Detector::Address, text, "48 maple street");
        }
    }

    #[test]
    fn who_made_a_film_or_gets_money_is_no_caller() {
        for text in [
            "agent: i found two movies\ncaller: the one that Gloria Keane made",
            "agent: the funds come from your checking account, is that right?\ncaller: yes, to Ines",
        ] {
            check(text, &[]);
        }
        check_one(
            Detector::Name,
            "the sender will show as Mrs Ines Keane",
            "Ines Keane",
        );
        check_one(
            Detector::Name,
            "two tickets for the show, my name is Gloria Keane",
            "Gloria Keane",
        );
    }
}
