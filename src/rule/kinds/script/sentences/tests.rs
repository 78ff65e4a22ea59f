use proptest::prelude::*;

use super::*;

fn parts_of(pieces: &[&str]) -> Vec<String> {
    let mut sentences = Sentences::default();
    let mut parts: Vec<String> = Vec::new();
    let mut show = |part: SentencePart<'_>| match part {
        SentencePart::Blank(blank) => parts.push(blank.to_string()),
        SentencePart::Sentence(text) => parts.push(text.to_owned()),
    };
    for piece in pieces {
        sentences.push(piece, &mut show);
    }
    sentences.finish(&mut show);
    parts
}

fn sentences_of(text: &str) -> Vec<String> {
    let parts = parts_of(&[text]);
    assert_eq!(parts.concat(), text);
    parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect()
}

#[test]
fn a_text_is_cut_where_sentences_end() {
    for (text, expected) in [
        (
            "Hi. How are you? Fine!",
            &["Hi.", "How are you?", "Fine!"][..],
        ),
        ("It is 3.5 or 4,000.25.", &["It is 3.5 or 4,000.25."]),
        (
            "Dr. Who met Mr. Lee at 5 p.m. on Main St. Then he left.",
            &["Dr. Who met Mr. Lee at 5 p.m. on Main St. Then he left."],
        ),
        (
            "See e.g. this. J. Doe came. Ok",
            &["See e.g. this.", "J. Doe came.", "Ok"],
        ),
        ("1. Lamps\n2. Desks", &["1. Lamps", "2. Desks"]),
        (
            "He said \"No.\" Then (really!) he left.",
            &["He said \"No.\"", "Then (really!) he left."],
        ),
        ("  Wait... what?! Yes", &["Wait...", "what?!", "Yes"]),
        (
            "今日は。元気？「はい。」",
            &["今日は。", "元気？", "「はい。」"],
        ),
        (
            "Hi <break time=\"1. 5s\"/> there. Ok.",
            &["Hi <break time=\"1. 5s\"/> there.", "Ok."],
        ),
        (
            "Say <spell>A. B. C</spell> now. Ok.",
            &["Say <spell>A. B. C</spell> now.", "Ok."],
        ),
        (
            "[laughs. loud] Yes. [CARD_1] it is.",
            &["[laughs. loud] Yes.", "[CARD_1] it is."],
        ),
        ("5 < 6. Yes. a<b. c", &["5 < 6.", "Yes.", "a<b. c"]),
        ("example.com is it. See.", &["example.com is it.", "See."]),
        ("", &[]),
        (" \n ", &[]),
    ] {
        assert_eq!(sentences_of(text), expected, "{text}");
    }
}

#[test]
fn nothing_is_held_longer_than_the_bound() {
    for text in [
        "word ".repeat(1_000),
        "x".repeat(5_000),
        "語".repeat(3_000),
        format!(
            "{} <break time=\"1s\"/> {}",
            "word ".repeat(79),
            "x".repeat(900)
        ),
    ] {
        let mut sentences = Sentences::default();
        let (mut given, mut came) = (0, 0);
        for letter in text.chars() {
            came += 1;
            sentences.push(letter.encode_utf8(&mut [0; 4]), &mut |part| {
                given += match part {
                    SentencePart::Blank(_) => 1,
                    SentencePart::Sentence(text) => text.chars().count(),
                };
            });
            assert!(came - given <= LONGEST, "{came} came, {given} were given");
        }
        let whole = sentences_of(&text);
        assert!(whole.iter().all(|part| part.chars().count() <= LONGEST));
        let cut = |part: &String| part.matches('<').count() != part.matches('>').count();
        assert!(!whole.iter().any(cut), "{whole:?}");
    }
}

#[test]
fn tags_and_placeholders_stay_in_one_piece_at_the_bound() {
    for piece in [
        "[CREDIT CARD_12]",
        "<break time=\"1s\" />",
        "<spell>A B C D</spell>",
        "<say-as interpret-as=\"digits\">1 2 3</say-as>",
    ] {
        for before in 380..402 {
            let text = format!(
                "{}{piece} and so on",
                "word ".repeat(100).chars().take(before).collect::<String>()
            );
            let parts = sentences_of(&text);
            assert!(
                parts.iter().any(|part| part.contains(piece)),
                "{before}: {parts:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn how_a_text_is_cut_never_changes_its_sentences(
        words in prop::collection::vec(
            prop_oneof![
                Just(" ".to_owned()), Just(". ".to_owned()), Just("? ".to_owned()), Just("\n".to_owned()),
                Just("<break/>".to_owned()), Just("<spell>".to_owned()), Just("</spell>".to_owned()),
                Just("[CARD_1]".to_owned()), Just("[".to_owned()), Just("<".to_owned()), Just(">".to_owned()),
                Just("。".to_owned()), Just("Dr.".to_owned()), Just("\"".to_owned()),
                "[a-zé語]{1,40}", "[0-9]{1,3}",
            ],
            0..120,
        ),
        cuts in prop::collection::vec(0..4000_usize, 0..12),
    ) {
        let text = words.concat();
        let whole = parts_of(&[&text]);
        prop_assert_eq!(whole.concat(), text.clone());
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| text.is_char_boundary(*at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(parts_of(&pieces), whole);
    }
}
