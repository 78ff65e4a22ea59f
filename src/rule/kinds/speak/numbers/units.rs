//! Units behind a number, and what a price is paid for.

use super::{Read, words};
use crate::stream::sweep::Glimpse;

/// How units are written, and said of one and of many.
const UNITS: [(&str, &str, &str); 55] = [
    ("cm²", "square centimeter", "square centimeters"),
    ("km²", "square kilometer", "square kilometers"),
    ("m/s", "meter per second", "meters per second"),
    ("km/h", "kilometer per hour", "kilometers per hour"),
    ("km", "kilometer", "kilometers"),
    ("cm", "centimeter", "centimeters"),
    ("mm", "millimeter", "millimeters"),
    ("m²", "square meter", "square meters"),
    ("mph", "mile per hour", "miles per hour"),
    ("mi", "mile", "miles"),
    ("ft²", "square foot", "square feet"),
    ("sq ft", "square foot", "square feet"),
    ("sq. ft.", "square foot", "square feet"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("kg", "kilogram", "kilograms"),
    ("mg", "milligram", "milligrams"),
    ("mcg", "microgram", "micrograms"),
    ("lbs", "pound", "pounds"),
    ("lb", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("gal", "gallon", "gallons"),
    ("L", "liter", "liters"),
    ("g", "gram", "grams"),
    ("m", "meter", "meters"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("kW", "kilowatt", "kilowatts"),
    ("GHz", "gigahertz", "gigahertz"),
    ("MHz", "megahertz", "megahertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("Hz", "hertz", "hertz"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("Gbps", "gigabit per second", "gigabits per second"),
    ("TB", "terabyte", "terabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("MB", "megabyte", "megabytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("kB", "kilobyte", "kilobytes"),
    ("hrs", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("h", "hour", "hours"),
    ("mins", "minute", "minutes"),
    ("min", "minute", "minutes"),
    ("secs", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("ms", "millisecond", "milliseconds"),
    ("s", "second", "seconds"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("° C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("° F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("°", "degree", "degrees"),
    ("¢", "cent", "cents"),
];

/// What something is paid for, with its short forms.
const RATES: [(&str, &str); 14] = [
    ("/month", "per month"),
    ("/mo", "per month"),
    ("/week", "per week"),
    ("/wk", "per week"),
    ("/day", "per day"),
    ("/year", "per year"),
    ("/yr", "per year"),
    ("/hour", "per hour"),
    ("/hr", "per hour"),
    ("/h", "per hour"),
    ("/night", "per night"),
    ("/person", "per person"),
    ("/lb", "per pound"),
    ("/kg", "per kilogram"),
];

/// The unit at an offset, as it is said, and how long it is.
pub(super) fn read(here: &Glimpse<'_>, at: usize, is_one: bool) -> Option<(&'static str, usize)> {
    let first = here.letter(at)?;
    let is_unit = |(unit, ..): &&(&str, &str, &str)| {
        unit.starts_with(first)
            && here.has(at, unit)
            && here.text(at..at + unit.len()) == *unit
            && here.is_apart(at + unit.len())
    };
    let (unit, one, many) = UNITS.iter().find(is_unit)?;
    Some((if is_one { one } else { many }, unit.len()))
}

/// A height, as in `5'10"`.
pub(super) fn height(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let feet = here.run(at, 2, is_digit);
    let sign = here
        .letter(at + feet)
        .filter(|sign| "'’′".contains(*sign))?;
    let inches_at = at + feet + sign.len_utf8();
    let inches = here.run(inches_at, 3, is_digit);
    let end = inches_at + inches;
    if !(1..=2).contains(&inches) || !here.is_apart(end) {
        return None;
    }
    let mark = here.letter(end).filter(|mark| "\"”″".contains(*mark));
    let number = |from: usize, to: usize| words::cardinal_of(here.text(from..to));
    let said = format!("{} foot {}", number(at, at + feet), number(inches_at, end));
    Some((end + mark.map_or(0, char::len_utf8), said))
}

/// What an amount is paid for, and where that ends.
pub(super) fn rate(here: &Glimpse<'_>, at: usize) -> Option<(&'static str, usize)> {
    if here.byte(at) != Some(b'/') {
        return None;
    }
    let (rate, said) = RATES.iter().find(|(rate, _)| here.has_word(at, rate))?;
    Some((said, at + rate.len()))
}
