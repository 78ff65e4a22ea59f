use super::*;

const LABELS: [&str; 3] = ["CARD", "ORDER_ID", "ORDER"];

/// What a text becomes: `<CARD 1>` for a value, `<>` for what stands for nothing. The same for every
/// cut.
fn read(text: &str, wanted: WantedPlaceholders, others: &[&str], is_json: bool) -> String {
    let labels = Labels::new(&LABELS);
    let others: Vec<String> = others.iter().map(|name| (*name).to_owned()).collect();
    let looking = Looking {
        wanted,
        marks: Marks::None,
        others: &others,
    };
    let run = |pieces: &[&str]| {
        let mut scan = if is_json { Scan::json() } else { Scan::plain() };
        let mut out = String::new();
        let mut emit = |part: PlaceholderPart<'_>| match part {
            PlaceholderPart::Text(text) => out.push_str(text),
            PlaceholderPart::Placeholder {
                source, meaning, ..
            } => out.push_str(&match meaning {
                PlaceholderMeaning::Value { label, number, .. } => {
                    format!("<{} {number}>", LABELS[label])
                }
                PlaceholderMeaning::Nothing { .. } => "<>".to_owned(),
                PlaceholderMeaning::OfOthers => source.to_owned(),
            }),
        };
        for piece in pieces {
            scan.push(&labels, looking, piece, &mut emit);
        }
        scan.finish(&labels, looking, &mut emit);
        out
    };
    let whole = run(&[text]);
    for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        assert_eq!(
            run(&[&text[..cut], &text[cut..]]),
            whole,
            "{text} cut at {cut}"
        );
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(run(&letters), whole, "{text} letter by letter");
    whole
}

fn spoken(text: &str) -> String {
    read(text, WantedPlaceholders::All, &[], false)
}

#[test]
fn d13_what_models_make_of_a_placeholder_is_read() {
    for text in [
        "[CARD_1]",
        "[card_1]",
        "[Card 1]",
        "[CARD-1]",
        "[ CARD_1 ]",
        "[CARD1]",
        "[CARD _ 1]",
        "CARD_1",
        "Card_1",
        "card_1",
        r"[CARD\_1]",
        r"\[CARD\_1\]",
        r"CARD\_1",
        "[card_1 ]",
        "[-CARD_1-]",
        "[CARD\u{a0}1]",
        "_CARD_1_",
        "__card_1__",
        r"\u005bCARD_1\u005d",
        r"\u005Bcard 1 \u005D",
        r"\\u005bCARD_1\\u005d",
        r"[CARD_1\u005d",
        "%5BCARD_1%5D",
        "%5bcard_1%5d",
        "%5BCARD%201%5D",
        "[CARD #1]",
        "[CARD#1]",
        "[CARD_ONE]",
        "[card one]",
        "[CardOne]",
        "[CARD_１]",
        "[ＣＡＲＤ_1]",
        "［CARD_1］",
        "【CARD＿1】",
        "[CARD_\n1]",
        r"[CARD_\n1]",
        "[CA\u{200b}RD_1]",
        "[CARD_\u{2060}1\u{feff}]",
        "[CARD\u{2011}1]",
        "[CARDS_1]",
        "[CREDIT_CARD_1]",
        "[credit card 1]",
        "[CreditCard_1]",
        "[THE CALLER CREDIT CARD #1]",
        "[CARD_01]",
        "[CARD_١]",
    ] {
        assert_eq!(spoken(text), "<CARD 1>", "{text}");
    }
    for (text, expected) in [
        ("**[CARD_1]**", "**<CARD 1>**"),
        ("[CARD_1]'s", "<CARD 1>'s"),
        ("\"CARD_1\" (card_12).", "\"<CARD 1>\" (<CARD 12>)."),
        ("[CARD_1][card_2]", "<CARD 1><CARD 2>"),
        ("[CARD_1](https://a.b/c)", "<CARD 1>(https://a.b/c)"),
        ("[card twelve] [CARD_TWENTY]", "<CARD 12> <CARD 20>"),
        ("[CARD SEVENTEEN] [CARD_SEVEN]", "<CARD 17> <CARD 7>"),
        ("[order id 1] ORDER_ID_2", "<ORDER_ID 1> <ORDER_ID 2>"),
        ("[ORDERID 3] [orders 4]", "<ORDER_ID 3> <ORDER 4>"),
        ("[MY_ORDER_ID_5]", "<ORDER_ID 5>"),
        ("[CARD_1, CARD_2 and 3]", "[<CARD 1>, <CARD 2> and 3]"),
        ("_CARD_1 and CARD_2_", "_<CARD 1> and <CARD 2>_"),
        ("[card_1", "[<CARD 1>"),
        ("so %5BCARD_1%5D&x=1", "so <CARD 1>&x=1"),
    ] {
        assert_eq!(spoken(text), expected);
    }
}

#[test]
fn what_stands_for_nothing_is_told_from_other_brackets() {
    for text in [
        "[TARJETA_1]",
        "[tarjeta_12]",
        "[КАРТА_1]",
        "[CARD_1_2]",
        "[CARD_X]",
        "[CARD]",
        "[card]",
        "[Cards]",
        "[CARD NUMBER]",
        "[CARD_1x]",
        "[CARD_1234567]",
        "[CARD_TWENTYONE]",
        "[DISCARD_1]",
        "％5B[CARD_]",
        "[CARD:1]",
    ] {
        let read = spoken(text);
        assert!(
            read.ends_with("<>") && !read.contains(']'),
            "{text}: {read}"
        );
    }
    for text in [
        "card 1",
        "Card one",
        "CARD 1",
        "the card_",
        "DISCARD_1",
        "CARD_1x",
        "MY_CARD_1",
        "CARD_1_x",
        "[CARD_~1]",
        "[CARD_1_~2]",
        "CARD_~1",
        "_CARD_~1_",
        "[laughs]",
        "[1]",
        "[1,2]",
        "[[1, 2], [3]]",
        "[text](https://a.b/c)",
        "[Card details](https://a.b/c)",
        "[cardinal]",
        "[Figure 1]",
        "[see note 3]",
        "a[0] = b[1]; 100% 5B %5",
        r"C:\cards\u005 \n",
        "[]",
        "[ ]",
        "{\"a\":[1,2],\"card\":[\"x\"]}",
    ] {
        assert_eq!(spoken(text), text);
    }
}

#[test]
fn what_belongs_to_another_rule_is_left_to_it() {
    let others = ["CREDIT_CARD", "EMAIL", "CARD"];
    for (text, expected) in [
        ("[EMAIL_1] [CARD_1]", "[EMAIL_1] <CARD 1>"),
        ("[CREDIT_CARD_1]", "[CREDIT_CARD_1]"),
        ("[PHONE_1]", "<>"),
        ("EMAIL_1", "EMAIL_1"),
    ] {
        assert_eq!(
            read(text, WantedPlaceholders::All, &others, false),
            expected
        );
    }
}

#[test]
fn in_json_a_placeholder_lies_within_one_string() {
    for (text, expected) in [
        (r#"{"a":"[CARD_1]"}"#, r#"{"a":"<CARD 1>"}"#),
        (r#"{"a":"x [CARD_\n1]"}"#, r#"{"a":"x <CARD 1>"}"#),
        (r#"{"a":"\u005bCARD_1\u005d"}"#, r#"{"a":"<CARD 1>"}"#),
        (
            r#"{"a":"\uff3bC\u0041RD_\u0031\uff3d"}"#,
            r#"{"a":"<CARD 1>"}"#,
        ),
        (
            r#"{"a":"\\u005bCARD_x\\u005d"}"#,
            r#"{"a":"\\u005bCARD_x\\u005d"}"#,
        ),
        (
            r#"{"a":"{\"b\":\"\\u005bCARD_1\\u005d\"}"}"#,
            r#"{"a":"{\"b\":\"<CARD 1>\"}"}"#,
        ),
        (r#"{"a":"[CARD","b":"_1]"}"#, r#"{"a":"[CARD","b":"_1]"}"#),
        (r#"{"a":[CARD_1, CARD_2]}"#, r#"{"a":[<CARD 1>, <CARD 2>]}"#),
        (
            r#"{"card_1":1,"[CARD_1]":2}"#,
            r#"{"card_1":1,"<CARD 1>":2}"#,
        ),
        (r#"{"a":[1,2],"b":"[x](y)"}"#, r#"{"a":[1,2],"b":"[x](y)"}"#),
        (
            r#"{"a":"[TARJETA_1] [CARD]"}"#,
            r#"{"a":"[TARJETA_1] [CARD]"}"#,
        ),
    ] {
        assert_eq!(read(text, WantedPlaceholders::Values, &[], true), expected);
    }
}

/// What is given out of a text while more of it may come.
fn given(text: &str) -> String {
    let labels = Labels::new(&LABELS);
    let looking = Looking {
        wanted: WantedPlaceholders::All,
        marks: Marks::None,
        others: &[],
    };
    let mut out = String::new();
    Scan::plain().push(&labels, looking, text, &mut |part| {
        out.push_str(match part {
            PlaceholderPart::Text(text) => text,
            PlaceholderPart::Placeholder { .. } => "<>",
        });
    });
    out
}

#[test]
fn d11_only_what_may_become_a_placeholder_waits() {
    for (text, waits) in [
        ("the car", "car"),
        ("the card", "card"),
        ("the card ", ""),
        ("the Card_", "Card_"),
        ("the card_1", "card_1"),
        ("the card_1,", ""),
        ("the care", ""),
        ("a scar", ""),
        ("mind the o", "o"),
        ("mind the of", ""),
        ("order_i", "order_i"),
        ("so [", "["),
        ("so [1", ""),
        ("so [lau", "[lau"),
        ("so [laughs]", ""),
        ("so [laughs, ", ""),
        ("so [a quiet little", "[a quiet little"),
        ("so [a quiet little noise ", ""),
        ("so [a quiet little ca", "[a quiet little ca"),
        ("so [CARD_1", "[CARD_1"),
        ("so [CARD_1]", ""),
        ("so [card of", "[card of"),
        ("so [card]", "[card]"),
        ("so [card].", ""),
        ("so [note_1]", ""),
        ("so [the note_1 ", ""),
        ("50%", "%"),
        ("50% ", ""),
        ("50%5", "%5"),
        ("50%2", ""),
        ("_", "_"),
        ("_x", ""),
    ] {
        let given = given(text);
        let held = text.len().saturating_sub(given.len());
        let expected = match given.contains("<>") {
            true => "",
            false => &text[text.len() - held..],
        };
        assert_eq!(expected, waits, "{text}");
    }
}

const PIECES: &str = "(\\[|\\]|\\(|CARD|card|Order|ORDER_ID|EMAIL|_|-|#| |1|2|one|twenty|s|X|~|%5B|%5|%|%5d|\\\\|\\\\u005b|\\\\n|\u{200b}|［|］|é|\"|\\{|:|,){0,16}";

proptest::proptest! {
    #[test]
    fn how_a_text_is_cut_never_changes_what_is_read(text in PIECES, others in proptest::bool::ANY) {
        let others: &[&str] = if others { &["EMAIL", "CREDIT_CARD", "CARD"] } else { &[] };
        for wanted in [WantedPlaceholders::Values, WantedPlaceholders::Shapes, WantedPlaceholders::All] {
            read(&text, wanted, others, false);
            read(&text, wanted, others, true);
            read(&format!("{{\"a\":\"{text}"), wanted, others, true);
        }
    }
}
