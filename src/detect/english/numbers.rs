//! The words that say numbers and dates, as speakers say them and as recognisers hear them.

use super::Meanings;

/// What a word says in a spoken number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberWord {
    /// Nothing.
    #[default]
    None,
    /// A digit.
    Unit(u8),
    /// Ten to nineteen.
    Teen(u8),
    /// Twenty to ninety, as its first digit.
    Ten(u8),
    /// The next digit this many times.
    Times(u8),
    /// Two zeros behind a digit.
    Hundred,
    /// Three zeros behind a digit.
    Thousand,
    /// A digit misheard as a word that is rare beside digits.
    Misheard(u8),
    /// A digit misheard as one of the commonest words.
    Doubtful(u8),
    /// A day of the month.
    Ordinal(u8),
    /// A month.
    Month(u8),
}

impl NumberWord {
    /// Whether it says digits, whatever stands beside it.
    pub(crate) fn says_digits(self) -> bool {
        matches!(
            self,
            Self::Unit(_) | Self::Teen(_) | Self::Ten(_) | Self::Times(_)
        )
    }

    /// Whether it is a part of a number or a date, and hardly another word.
    pub(crate) fn says_number(self) -> bool {
        !matches!(self, Self::None | Self::Doubtful(_))
    }
}

/// The words that say numbers, the usual word of a digit first.
pub(crate) const NUMBERS: &Meanings<NumberWord> = &[
    (NumberWord::Unit(0), "zero oh nought naught zeros zeroes"),
    (NumberWord::Unit(1), "one"),
    (NumberWord::Unit(2), "two"),
    (NumberWord::Unit(3), "three"),
    (NumberWord::Unit(4), "four"),
    (NumberWord::Unit(5), "five fife"),
    (NumberWord::Unit(6), "six sicks sics"),
    (NumberWord::Unit(7), "seven"),
    (NumberWord::Unit(8), "eight"),
    (NumberWord::Unit(9), "nine niner"),
    (NumberWord::Teen(0), "ten"),
    (NumberWord::Teen(1), "eleven"),
    (NumberWord::Teen(2), "twelve"),
    (NumberWord::Teen(3), "thirteen"),
    (NumberWord::Teen(4), "fourteen"),
    (NumberWord::Teen(5), "fifteen"),
    (NumberWord::Teen(6), "sixteen"),
    (NumberWord::Teen(7), "seventeen"),
    (NumberWord::Teen(8), "eighteen"),
    (NumberWord::Teen(9), "nineteen"),
    (NumberWord::Ten(2), "twenty"),
    (NumberWord::Ten(3), "thirty"),
    (NumberWord::Ten(4), "forty fourty"),
    (NumberWord::Ten(5), "fifty"),
    (NumberWord::Ten(6), "sixty"),
    (NumberWord::Ten(7), "seventy"),
    (NumberWord::Ten(8), "eighty"),
    (NumberWord::Ten(9), "ninety"),
    (NumberWord::Times(2), "double"),
    (NumberWord::Times(3), "triple treble"),
    (NumberWord::Times(4), "quadruple"),
    (NumberWord::Hundred, "hundred"),
    (NumberWord::Thousand, "thousand"),
    (NumberWord::Misheard(0), "o owe"),
    (NumberWord::Misheard(1), "won"),
    (NumberWord::Misheard(3), "tree"),
    (NumberWord::Misheard(8), "ate"),
    (NumberWord::Doubtful(2), "to too"),
    (NumberWord::Doubtful(4), "for fore"),
    (NumberWord::Ordinal(1), "first"),
    (NumberWord::Ordinal(2), "second"),
    (NumberWord::Ordinal(3), "third"),
    (NumberWord::Ordinal(4), "fourth forth"),
    (NumberWord::Ordinal(5), "fifth fith"),
    (NumberWord::Ordinal(6), "sixth"),
    (NumberWord::Ordinal(7), "seventh"),
    (NumberWord::Ordinal(8), "eighth eigth"),
    (NumberWord::Ordinal(9), "ninth nineth"),
    (NumberWord::Ordinal(10), "tenth"),
    (NumberWord::Ordinal(11), "eleventh"),
    (NumberWord::Ordinal(12), "twelfth twelth"),
    (NumberWord::Ordinal(13), "thirteenth"),
    (NumberWord::Ordinal(14), "fourteenth"),
    (NumberWord::Ordinal(15), "fifteenth"),
    (NumberWord::Ordinal(16), "sixteenth"),
    (NumberWord::Ordinal(17), "seventeenth"),
    (NumberWord::Ordinal(18), "eighteenth"),
    (NumberWord::Ordinal(19), "nineteenth"),
    (NumberWord::Ordinal(20), "twentieth twentyth"),
    (NumberWord::Ordinal(30), "thirtieth thirtyth"),
    (NumberWord::Month(1), "january jan"),
    (NumberWord::Month(2), "february feb"),
    (NumberWord::Month(3), "march mar"),
    (NumberWord::Month(4), "april apr"),
    (NumberWord::Month(5), "may"),
    (NumberWord::Month(6), "june jun"),
    (NumberWord::Month(7), "july jul"),
    (NumberWord::Month(8), "august aug"),
    (NumberWord::Month(9), "september sep sept"),
    (NumberWord::Month(10), "october oct"),
    (NumberWord::Month(11), "november nov"),
    (NumberWord::Month(12), "december dec"),
];

/// Days of the year that have a name, by month and day.
pub(crate) const FEASTS: &Meanings<(u32, u32)> = &[
    (
        (1, 1),
        "new year's day, new years day, new year's, new years",
    ),
    ((1, 6), "epiphany, three kings day"),
    ((1, 25), "burns night"),
    ((1, 26), "australia day"),
    ((2, 1), "saint brigid's day, st brigid's day"),
    ((2, 2), "groundhog day"),
    (
        (2, 14),
        "valentine's day, valentines day, valentine's, saint valentine's day, st valentine's day",
    ),
    ((2, 29), "leap day"),
    ((3, 1), "saint david's day, st david's day"),
    (
        (3, 17),
        "saint patrick's day, st patrick's day, paddy's day, saint paddy's day, st paddy's day",
    ),
    (
        (4, 1),
        "april fools day, april fool's day, april fools' day, april fools, april fool's",
    ),
    ((4, 23), "saint george's day, st george's day"),
    ((4, 25), "anzac day"),
    ((5, 1), "may day"),
    ((5, 5), "cinco de mayo"),
    ((6, 24), "midsummer's day, midsummer day, midsummer"),
    ((7, 1), "canada day"),
    ((7, 4), "independence day"),
    ((7, 14), "bastille day"),
    ((10, 31), "halloween, hallowe'en"),
    ((11, 1), "all saints day, all saints' day"),
    (
        (11, 5),
        "bonfire night, guy fawkes night, guy fawkes day, guy fawkes",
    ),
    ((11, 11), "veterans day, remembrance day, armistice day"),
    ((11, 30), "saint andrew's day, st andrew's day"),
    ((12, 6), "saint nicholas day, st nicholas day"),
    ((12, 24), "christmas eve"),
    ((12, 25), "christmas day, christmas, xmas day, xmas"),
    (
        (12, 26),
        "boxing day, saint stephen's day, st stephen's day, stephen's day",
    ),
    ((12, 31), "new year's eve, new years eve, hogmanay"),
];

/// The names of letters that are no letter themselves.
pub(crate) const LETTERS: [(&str, char); 5] = [
    ("zed", 'Z'),
    ("zedd", 'Z'),
    ("zee", 'Z'),
    ("aitch", 'H'),
    ("haitch", 'H'),
];

/// Whether a word under way may become one that begins a number or a date.
pub(crate) fn begins_number(begun: &str) -> bool {
    let begun = begun.trim_end_matches([',', '.', ';', ':', '!', '?', '\'', '"']);
    let starts = |word: &str| {
        word.get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun))
    };
    let mut words = NUMBERS.iter().flat_map(|(_, words)| words.split(' '));
    starts("plus") || words.any(starts)
}
