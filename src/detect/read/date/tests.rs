use super::super::run::bytes_of;
use super::super::token::tokenize;
use super::*;

fn first(text: &str, is_certain: bool) -> (String, String) {
    let tokens = tokenize(text);
    let reader = TokenReader::new(text, &tokens);
    let found = (0..tokens.len())
        .filter_map(|start| date_at(reader, start))
        .find(|date| date.is_certain || !is_certain);
    found
        .map(|date| {
            let own = text[bytes_of(&tokens, date.range)].to_owned();
            (own, date.value)
        })
        .unwrap_or_default()
}

fn check(text: &str, expected: &str, value: &str) {
    let expected = (expected.to_owned(), value.to_owned());
    assert_eq!(first(text, true), expected, "{text}");
}

fn check_loose(text: &str, value: &str) {
    let expected = (text.to_owned(), value.to_owned());
    assert_eq!(first(text, false), expected, "{text}");
}

#[test]
fn written_dates_are_read() {
    for (text, value) in [
        ("14/05/1973", "5-14-1973"),
        ("1990-10-23", "10-23-1990"),
        ("4/15/63", "4-15-63"),
        ("Mar 8 1953", "3-8-1953"),
        ("Mar. 8, 1953", "3-8-1953"),
        ("January 25th, 1959", "1-25-1959"),
        ("11-Apr-1967", "4-11-1967"),
        ("8th of December 1932", "12-8-1932"),
        ("18.07.1965", "7-18-1965"),
        ("the 27th of the 9th 1979", "9-27-1979"),
        ("12 March '68", "3-12-68"),
    ] {
        check(text, text, value);
    }
    check("born:1990-10-23T00:00:00Z", "1990-10-23", "10-23-1990");
}

#[test]
fn spoken_dates_are_read() {
    for (text, value) in [
        ("the third of april twenty oh six", "4-3-2006"),
        ("june um twenty seventh nineteen fifty six", "6-27-1956"),
        ("seventh september seventy", "9-7-70"),
        ("may first two thousand and five", "5-1-2005"),
        ("may first two thousand oh five", "5-1-2005"),
        ("third of the eighth fifty five", "8-3-55"),
        ("the first of the first two thousand", "1-1-2000"),
        ("march the ninth eighty one", "3-9-81"),
        ("the forth of may nineteen oh four", "5-4-1904"),
        ("twelfth of november one nine six two", "11-12-1962"),
        ("june the fifth of the year twenty twelve", "6-5-2012"),
        ("the twenty second uh of let me see july ninety", "7-22-90"),
        ("third of february nineteen hundred and nine", "2-3-1909"),
        ("eleventh of the twelfth double oh", "12-11-00"),
    ] {
        check(text, text, value);
    }
}

#[test]
fn what_is_taken_back_is_part_of_the_date() {
    for (text, value) in [
        (
            "the twelfth, no sorry the thirteenth of june nineteen ninety",
            "6-13-1990",
        ),
        ("june third nineteen ninety, no, the fourth", "6-4-1990"),
        ("march 3rd 1981 sorry march 4th 1981", "3-4-1981"),
        ("second of june, no, july eighty eight", "7-2-88"),
        ("tenth of may eighty one i mean eighty two", "5-10-82"),
        ("the fourth of may sixty, sorry, no, sixty one", "5-4-61"),
        (
            "the twenty ninth of feb forty... no, forty, yes nineteen forty",
            "2-29-1940",
        ),
    ] {
        check(text, text, value);
    }
}

#[test]
fn numbers_alone_may_be_a_date() {
    for (text, value) in [
        ("ten thirty seventy seven", "10-30-77"),
        ("10 30 1977", "10-30-1977"),
        ("oh four oh nine two thousand and one", "4-9-2001"),
        ("oh one slash oh eight slash seventy nine", "1-8-79"),
        ("twenty five ten nineteen seventy", "10-25-1970"),
        ("13 / 12 / 78", "12-13-78"),
        ("13.12.78", "12-13-78"),
        ("march eighty one", "3-81"),
        ("nineteen ninety eight, january twenty", "1-20-1998"),
        ("14th 6th 1905", "6-14-1905"),
        ("the fifth of the eleventh", "11-5"),
    ] {
        check_loose(text, value);
        if !text.starts_with("nineteen") {
            check(text, "", "");
        }
    }
}

#[test]
fn a_short_year_may_come_first() {
    check_loose("fifty eight, november, the fourth", "11-4-58");
}

#[test]
fn other_numbers_are_no_dates() {
    for text in [
        "1.2.3",
        "10.0.0.1",
        "i may have two",
        "416-3499-09",
        "the first of three",
        "call four one five five five five twelve twelve",
        "at half past ten thirty people came",
        "may i",
    ] {
        check(text, "", "");
    }
    for text in ["one two three four five six seven", "forty one ten ninety"] {
        assert_eq!(first(text, false).0, "", "{text}");
    }
}
