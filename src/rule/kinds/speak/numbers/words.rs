//! Numbers in English words.

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const LARGE: [(u64, &str); 4] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// "one hundred twenty-three".
pub(super) fn cardinal(number: u64) -> String {
    let mut parts = Vec::new();
    let mut rest = number;
    for (size, name) in LARGE {
        if rest >= size {
            parts.push(format!("{} {name}", cardinal(rest / size)));
            rest %= size;
        }
    }
    if rest >= 100 {
        parts.push(format!("{} hundred", small(rest / 100)));
        rest %= 100;
    }
    if rest > 0 || parts.is_empty() {
        parts.push(small(rest));
    }
    parts.join(" ")
}

/// Below a hundred.
fn small(number: u64) -> String {
    let at = |words: &'static [&'static str], place: u64| {
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        words.get(place).copied().unwrap_or_default()
    };
    match (number / 10, number % 10) {
        (0 | 1, _) => at(&ONES, number).to_owned(),
        (tens, 0) => at(&TENS, tens).to_owned(),
        (tens, ones) => format!("{}-{}", at(&TENS, tens), at(&ONES, ones)),
    }
}

/// The number of a text of digits, in words; digit by digit where it is too large.
pub(super) fn cardinal_of(text: &str) -> String {
    match text.parse::<u64>() {
        Ok(number) if number < 1_000_000_000_000_000 => cardinal(number),
        _ => digits(text),
    }
}

/// "twenty-third".
pub(super) fn ordinal(number: u64) -> String {
    let said = cardinal(number);
    let start = said.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (before, last) = said.split_at(start);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        last => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    };
    format!("{before}{last}")
}

/// "four one one one".
pub(super) fn digits(text: &str) -> String {
    let digit = |sign: char| sign.to_digit(10).and_then(|digit| ONES.get(digit as usize));
    let words: Vec<&str> = text.chars().filter_map(digit).copied().collect();
    words.join(" ")
}

/// "nineteen eighty-six", "two thousand nine", "twenty oh five" never.
pub(super) fn year(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    match (hundreds, rest) {
        (_, 0) if hundreds.is_multiple_of(10) => cardinal(number),
        (20, 1..=9) => cardinal(number),
        (_, 0) => format!("{} hundred", cardinal(hundreds)),
        (_, 1..=9) => format!("{} oh {}", cardinal(hundreds), cardinal(rest)),
        _ => format!("{} {}", cardinal(hundreds), cardinal(rest)),
    }
}

/// More than one of something: "nineteen nineties".
pub(super) fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with('x') => format!("{word}es"),
        None => format!("{word}s"),
    }
}

/// An amount with its decimals: "three point five".
pub(super) fn decimal(whole: &str, decimals: Option<&str>) -> String {
    let said = match whole.len() > 1 && whole.starts_with('0') {
        true => digits(whole),
        false => cardinal_of(whole),
    };
    match decimals {
        None => said,
        Some(decimals) => format!("{said} point {}", digits(decimals)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_they_are_read() {
        assert_eq!(cardinal(0), "zero");
        assert_eq!(cardinal(1_234), "one thousand two hundred thirty-four");
        assert_eq!(cardinal(1_000_000_017), "one billion seventeen");
        assert_eq!(cardinal_of("99999999999999999999"), ["nine"; 20].join(" "));
        for (number, said) in [
            (1, "first"),
            (2, "second"),
            (3, "third"),
            (12, "twelfth"),
            (20, "twentieth"),
            (21, "twenty-first"),
            (100, "one hundredth"),
            (103, "one hundred third"),
        ] {
            assert_eq!(ordinal(number), said);
        }
        for (number, said) in [
            (1986, "nineteen eighty-six"),
            (1905, "nineteen oh five"),
            (1900, "nineteen hundred"),
            (2000, "two thousand"),
            (2009, "two thousand nine"),
            (2024, "twenty twenty-four"),
        ] {
            assert_eq!(year(number), said);
        }
        assert_eq!(decimal("3", Some("05")), "three point zero five");
        assert_eq!(decimal("007", None), "zero zero seven");
    }
}
