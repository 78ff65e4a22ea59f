//! Currencies: signs before and behind an amount, and codes behind it.

use super::written::WrittenAmount;
use super::{Read, words};
use crate::stream::sweep::Glimpse;

/// How a currency is written and said.
#[derive(Debug)]
pub(super) struct Currency {
    sign: Option<char>,
    code: &'static str,
    one: &'static str,
    pub(super) many: &'static str,
    /// Its hundredth part, one and many; none where it has none.
    part: Option<(&'static str, &'static str)>,
}

const CENTS: Option<(&str, &str)> = Some(("cent", "cents"));

const CURRENCIES: [Currency; 9] = [
    Currency {
        sign: Some('$'),
        code: "USD",
        one: "dollar",
        many: "dollars",
        part: CENTS,
    },
    Currency {
        sign: Some('€'),
        code: "EUR",
        one: "euro",
        many: "euros",
        part: CENTS,
    },
    Currency {
        sign: Some('£'),
        code: "GBP",
        one: "pound",
        many: "pounds",
        part: Some(("penny", "pence")),
    },
    Currency {
        sign: Some('¥'),
        code: "JPY",
        one: "yen",
        many: "yen",
        part: None,
    },
    Currency {
        sign: Some('₹'),
        code: "INR",
        one: "rupee",
        many: "rupees",
        part: Some(("paisa", "paise")),
    },
    Currency {
        sign: None,
        code: "CAD",
        one: "Canadian dollar",
        many: "Canadian dollars",
        part: CENTS,
    },
    Currency {
        sign: None,
        code: "AUD",
        one: "Australian dollar",
        many: "Australian dollars",
        part: CENTS,
    },
    Currency {
        sign: None,
        code: "CHF",
        one: "franc",
        many: "francs",
        part: Some(("centime", "centimes")),
    },
    Currency {
        sign: None,
        code: "MXN",
        one: "peso",
        many: "pesos",
        part: Some(("centavo", "centavos")),
    },
];

/// The currency of a sign.
pub(super) fn sign(sign: char) -> Option<&'static Currency> {
    CURRENCIES
        .iter()
        .find(|currency| currency.sign == Some(sign))
}

/// The currency whose sign stands at an offset before a number, and how far that begins behind it.
pub(super) fn prefix(here: &Glimpse<'_>, at: usize) -> Option<(&'static Currency, usize)> {
    let found = here.letter(at)?;
    let currency = sign(found)?;
    let len = found.len_utf8();
    let blanks = here.run(at + len, 1, |sign| sign == ' ' || sign == '\u{a0}');
    let is_number = here.letter(at + len + blanks)?.is_ascii_digit();
    is_number.then_some((currency, len + blanks))
}

/// The currency whose code stands here before a number, and how far that begins behind it.
pub(super) fn code(here: &Glimpse<'_>) -> Option<(&'static Currency, usize)> {
    let is_code = |currency: &&Currency| {
        here.has(0, currency.code) && here.text(0..3) == currency.code && here.byte(3) == Some(b' ')
    };
    let currency = CURRENCIES.iter().find(is_code)?;
    here.letter(4)?.is_ascii_digit().then_some((currency, 4))
}

/// The currency that is named at an offset behind a number, and how long the name is.
pub(super) fn suffix(here: &Glimpse<'_>, at: usize) -> Option<(&'static Currency, usize)> {
    let found = here.letter(at)?;
    if let Some(currency) = sign(found) {
        let len = found.len_utf8();
        let is_next = here
            .letter(at + len)
            .is_some_and(|next| next.is_ascii_digit());
        return (!is_next).then_some((currency, len));
    }
    let mut all = CURRENCIES.iter();
    // In capitals alone.
    let found = all.find(|currency| {
        here.has_word(at, currency.code) && here.text(at..at + 3) == currency.code
    });
    found.map(|currency| (currency, 3))
}

/// An amount of money in words, and where it ends: a comma may stand before two decimals.
pub(super) fn said(
    here: &Glimpse<'_>,
    amount: &WrittenAmount,
    currency: &Currency,
) -> Option<Read> {
    let mut end = amount.end;
    let mut decimals = amount.decimals.clone();
    if decimals.is_none()
        && here.byte(end) == Some(b',')
        && here.run(end + 1, 3, |sign| sign.is_ascii_digit()) == 2
    {
        decimals = Some(here.text(end + 1..end + 3).to_owned());
        end += 3;
    }
    let parts = decimals
        .as_deref()
        .filter(|parts| parts.len() == 2)
        .and_then(|parts| parts.parse::<u64>().ok());
    let whole = words::cardinal_of(&amount.whole);
    let name = if amount.whole == "1" {
        currency.one
    } else {
        currency.many
    };
    let said = match (parts, currency.part, decimals.as_deref()) {
        (_, _, None) | (Some(0), _, _) => format!("{whole} {name}"),
        (Some(parts), Some((one, many)), _) => {
            let part = format!(
                "{} {}",
                words::cardinal(parts),
                if parts == 1 { one } else { many }
            );
            match amount.whole.as_str() {
                "0" => part,
                _ => format!("{whole} {name} and {part}"),
            }
        }
        (_, _, Some(decimals)) => {
            format!(
                "{} {}",
                words::decimal(&amount.whole, Some(decimals)),
                currency.many
            )
        }
    };
    Some((end, said))
}
