//! Numbers and words of the table, as they are said; and that no cut changes them.

use super::*;
use proptest::prelude::*;

const NUMBERS: &str = "strip = []\nnumbers = true";

#[test]
fn money_is_said_with_its_parts() {
    check(
        NUMBERS,
        &[
            ("It is $5.50.", "It is five dollars and fifty cents."),
            (
                "$1, $1.00, $0.99, $0.01",
                "one dollar, one dollar, ninety-nine cents, one cent",
            ),
            (
                "$1,299.99 now",
                "one thousand two hundred ninety-nine dollars and ninety-nine cents now",
            ),
            (
                "$3 million, $2.5M, $20k",
                "three million dollars, two point five million dollars, twenty thousand dollars",
            ),
            (
                "Press *2, 50-50 odds, 5'10\" tall",
                "Press star two, fifty fifty odds, five foot ten tall",
            ),
            (
                "9:00 AM - 5:30 PM, 3 - 5 days, 5 - 3 = 2",
                "nine a.m. to five thirty p.m., three to five days, five minus three equals two",
            ),
            (
                "1-800-FLOWERS, zip 90210-1234, AB-1234-X",
                "one, eight hundred, FLOWERS, zip nine zero two one zero, one two three four, AB-one two three four-X",
            ),
            (
                "closed 12/25 and 3/15, 9/16",
                "closed December twenty-fifth and March fifteenth, nine out of sixteen",
            ),
            (
                "$5-$10, $5–10 and -$5",
                "five dollars to ten dollars, five dollars to ten dollars and minus five dollars",
            ),
            (
                "€25,50, 25 €, £3.01, ¥500, 25 USD",
                "twenty-five euros and fifty cents, twenty-five euros, three pounds and one penny, five hundred yen, twenty-five dollars",
            ),
            (
                "$15/month, US$5",
                "fifteen dollars per month, US five dollars",
            ),
            ("Your total is $23.", "Your total is twenty-three dollars."),
            ("Pay $ now", "Pay $ now"),
        ],
    );
}

#[test]
fn times_and_dates_are_said() {
    check(
        NUMBERS,
        &[
            (
                "At 3:30 pm, 9:05, 15:45 or 3:00.",
                "At three thirty p.m., nine oh five, three forty-five p.m. or three o'clock.",
            ),
            (
                "at 5pm. Then 5 PM, 10 a.m. and 12:00 am",
                "at five p.m. Then five p.m., ten a.m. and twelve a.m.",
            ),
            (
                "9am-5pm, 9:00-17:00, 9-5",
                "nine a.m. to five p.m., nine o'clock to five p.m., nine to five",
            ),
            (
                "on 3/4/2025, 2025-12-25, 25/12/2025 and 4/12/86",
                "on March fourth, twenty twenty-five, December twenty-fifth, twenty twenty-five, December twenty-fifth, twenty twenty-five and April twelfth, nineteen eighty-six",
            ),
            (
                "March 3, 2025 or 3 March, by 12/25",
                "March third, twenty twenty-five or the third of March, by December twenty-fifth",
            ),
            (
                "in 1986, since 1805, the 1990s, 80s",
                "in nineteen eighty-six, since eighteen oh five, the nineteen nineties, eighties",
            ),
            (
                "2019-2021, a 16:9 screen",
                "twenty nineteen to twenty twenty-one, a sixteen to nine screen",
            ),
        ],
    );
}

#[test]
fn phone_numbers_and_codes_are_said_in_groups() {
    check(
        NUMBERS,
        &[
            (
                "Call (415) 555-0123.",
                "Call four one five, five five five, zero one two three.",
            ),
            (
                "415-555-0123 or 415.555.0123 or 4155550123",
                "four one five, five five five, zero one two three or four one five, five five five, zero one two three or four one five, five five five, zero one two three",
            ),
            (
                "+1 415 555 0123 and 1-800-555-0123",
                "plus one, four one five, five five five, zero one two three and one, eight hundred, five five five, zero one two three",
            ),
            (
                "4111 1111 1111 1111",
                "four one one one, one one one one, one one one one, one one one one",
            ),
            (
                "123-45-6789",
                "one two three, four five, six seven eight nine",
            ),
            (
                "Your code is 4821, order 12345678, ZIP 94107",
                "Your code is four eight two one, order one two three four, five six seven eight, ZIP nine four one zero seven",
            ),
            (
                "ORD-12345 and COVID-19 and B12, 5G, A1B2",
                "ORD-one two three four five and COVID-nineteen and B12, 5G, A1B2",
            ),
            (
                "192.168.0.1, version 1.2.3",
                "one nine two dot one six eight dot zero dot one, version one point two point three",
            ),
        ],
    );
}

#[test]
fn amounts_are_said_with_their_units() {
    check(
        NUMBERS,
        &[
            (
                "50%, 3.5 %, 0.5",
                "fifty percent, three point five percent, zero point five",
            ),
            (
                "the 1st, 2nd, 3rd and 21st",
                "the first, second, third and twenty-first",
            ),
            (
                "5 kg, 1 km, 72°F, -5°C, 100 Mbps",
                "five kilograms, one kilometer, seventy-two degrees Fahrenheit, minus five degrees Celsius, one hundred megabits per second",
            ),
            (
                "5-7 days, 3 x 4, 2 + 2 = 4, 3*4",
                "five to seven days, three by four, two plus two equals four, three times four",
            ),
            (
                "1/2, 3/4, 1 1/2, ½, 24/7, 7/10",
                "one half, three quarters, one and a half, one half, twenty-four seven, seven out of ten",
            ),
            (
                "1,234,567 and 15000 and 007",
                "one million two hundred thirty-four thousand five hundred sixty-seven and fifteen thousand and zero zero seven",
            ),
            ("#1, ~5, .5", "number one, about five, point five"),
            ("3. Next. It is 3.", "three. Next. It is three."),
            (
                "a@9.com, x1, 5B, example.com/5",
                "a@9.com, x1, 5B, example.com/5",
            ),
            (
                "well-known (see below) - ok + x",
                "well-known (see below) - ok + x",
            ),
        ],
    );
}

#[test]
fn what_other_countries_write_is_said_too() {
    check(
        NUMBERS,
        &[
            (
                "USD 1,250.00; EUR 99; 1.250,00 €; 5$; 1,5 kg",
                "one thousand two hundred fifty dollars; ninety-nine euros; one thousand two hundred fifty euros; five dollars; one point five kilograms",
            ),
            ("1.000.000 or 1,2,3", "one million or one,two,three"),
            ("AND CASE USA 5", "AND CASE USA five"),
            (
                "order #4521, on Tuesday, 4/8, 1.5%/month",
                "order number four five two one, on Tuesday, April eighth, one point five percent per month",
            ),
            (
                "2 x $10, 20/20, 9/11, 5 cm²",
                "two times ten dollars, twenty twenty, nine eleven, five square centimeters",
            ),
        ],
    );
}

#[test]
fn words_of_the_table_are_whole_and_in_any_case() {
    check(
        "strip = []\nnumbers = true\nreplace = { SQL = 'sequel', '911' = 'nine one one', 'C++' = 'see plus plus', 'Łódź' = 'woodge', 'ACME Inc' = 'ack me' }",
        &[
            ("sql, MySQL, SQLite, SQL.", "sequel, MySQL, SQLite, sequel."),
            (
                "Dial 911 now, not 9110",
                "Dial nine one one now, not nine thousand one hundred ten",
            ),
            ("C++ and c++.", "see plus plus and see plus plus."),
            ("to łódź", "to woodge"),
            ("Acme Inc and Acme", "ack me and Acme"),
            ("[SQL] <x a=\"SQL\"/>", "[SQL] <x a=\"SQL\"/>"),
        ],
    );
}

/// Pieces of what models write, good and bad.
fn written() -> impl Strategy<Value = String> {
    const BITS: &[&str] = &[
        "**",
        "*",
        "_",
        "`",
        "```",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "2. ",
        "# ",
        "> ",
        "| ",
        "|---|",
        "[",
        "](",
        "](https://a.b/c)",
        ")",
        "https://x.com/y",
        "<think>",
        "</think>",
        "<",
        ">",
        "<flush />",
        "<spell>",
        "</spell>",
        "<break time=\"1s\"/>",
        "[CARD_1]",
        "😀",
        "👨‍👩‍👧",
        "1️⃣",
        "$",
        "$5",
        "\\(",
        "\\)",
        "\\frac{1}{2}",
        "{\"name\": \"f\", \"arguments\": {}}",
        "<tool_call>",
        "</tool_call>",
        "[TOOL_CALLS]",
        "<!--",
        "-->",
        "<function=f>",
        "</function>",
        "<|python_tag|>",
        "x.call(q='",
        "')",
        "import x\n",
        "<think face>",
        "|",
        "--- | ---\n",
        " ##",
        "\\begin{a}x",
        "\\end{a}",
        "http://a:b@c.de",
        "030 901820",
        "Dec 5-7",
        "3.5",
        "415-555-0123",
        "(415) 555",
        "3:30 pm",
        "12/25/2024",
        "50%",
        " ",
        ".",
        ",",
        "-",
        "a",
        "hi",
        "the",
        "SQL",
        "analysis",
        "<|channel|>",
        "<|message|>",
        "é",
        "1",
        "2024",
        "st",
        " x ",
        "~~",
        "&amp;",
        "\\*",
    ];
    let bit = proptest::sample::select(BITS).prop_map(str::to_owned);
    proptest::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn no_cut_changes_what_the_caller_hears(text in written(), cuts in proptest::collection::vec(0usize..200, 0..8)) {
        let rule = rule("numbers = true\nreplace = { SQL = 'sequel' }");
        let whole = heard_in(&rule, &[&text]);
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| *at <= text.len() && text.is_char_boundary(*at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(heard_in(&rule, &pieces), whole.clone());
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        prop_assert_eq!(heard_in(&rule, &letters), whole);
    }
}

#[test]
fn numbers_that_are_called_and_written_as_elsewhere_are_said_so() {
    check(
        NUMBERS,
        &[
            (
                "For an emergency call 911.",
                "For an emergency call nine one one.",
            ),
            (
                "Call 112 or 988, or dial 311 now.",
                "Call one one two or nine eight eight, or dial three one one now.",
            ),
            (
                "It has 911 pages, or 999 of them.",
                "It has nine hundred eleven pages, or nine hundred ninety-nine of them.",
            ),
            (
                "₹1,50,000 is due, ₹12,34,567 and 10,00,000 people",
                "one hundred fifty thousand rupees is due, one million two hundred thirty-four thousand five hundred sixty-seven rupees and one million people",
            ),
            (
                "Your card expires 12/26, valid thru 12/2026, exp 05/27.",
                "Your card expires December twenty twenty-six, valid thru December twenty twenty-six, exp May twenty twenty-seven.",
            ),
            ("on 12/2024", "on December twenty twenty-four"),
            (
                "3/4 of it, 12/25",
                "three quarters of it, December twenty-fifth",
            ),
        ],
    );
}

#[test]
fn days_of_one_month_are_days_both() {
    check(
        "numbers = true",
        &[
            (
                "Dec 5-7, 5-7 days",
                "Dec fifth to seventh, five to seven days",
            ),
            (
                "on March 3–9 or 5-7 March",
                "on March third to ninth or the fifth to the seventh of March",
            ),
            (
                "030 901820",
                "zero three zero, nine zero one, eight two zero",
            ),
        ],
    );
}

#[test]
fn a_mark_of_emphasis_is_no_star_of_a_phone() {
    check(
        "numbers = true\nstrip = []",
        &[("**5** and *5", "**five** and star five")],
    );
}
