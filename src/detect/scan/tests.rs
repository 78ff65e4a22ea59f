use super::*;
use crate::detect::Detector;
use crate::detect::testing::check;

#[test]
fn values_of_several_kinds_stand_in_one_text() {
    check(
        "card 4111 1111 1111 1111, a@b.org, SSN 123-45-6789",
        &[
            (Detector::Card, "4111 1111 1111 1111"),
            (Detector::Email, "a@b.org"),
            (Detector::Ssn, "123-45-6789"),
        ],
    );
    check(
        "routing three oh two one eight eight oh five five and account one two three four five six seven eight",
        &[
            (
                Detector::Account,
                "three oh two one eight eight oh five five",
            ),
            (Detector::Account, "one two three four five six seven eight"),
        ],
    );
}

#[test]
fn what_no_reader_sees_does_not_hide_a_number() {
    check(
        "card ４１１１\u{200b}1111\u{a0}1111\u{2011}1111",
        &[(Detector::Card, "４１１１\u{200b}1111\u{a0}1111\u{2011}1111")],
    );
}

#[test]
fn numbers_that_are_not_private_stay() {
    for text in [
        "order 1873828699 will come",
        "unix time 1717331515",
        "ISBN 9787586508564",
        "version 6.28.38",
        "part no. 416-3499-090-61",
        "population of 3,250,670 people",
        "at 10:30 on 12/25",
        "order number b one seven oh two three",
        "it costs forty eight dollars and seventy three cents",
        "should i dial nine one one or four one one",
        "we are open twenty four seven",
        "i'm in room three oh five",
        "three to five business days",
        "two thousand two hundred square feet",
        "my pin is not working for 3 days",
    ] {
        check(text, &[]);
    }
}

#[test]
fn only_wanted_kinds_are_reported() {
    let wanted = [Detector::Email].into_iter().collect();
    let scan = scan(
        "4111 1111 1111 1111 a@b.org",
        Speaker::Caller,
        &Cues::at_start("US"),
        wanted,
    );
    assert_eq!(scan.findings.len(), 1);
}

#[test]
fn the_head_noun_governs_a_number() {
    check(
        "the zip code for that card is five three four seven four",
        &[(Detector::Zip, "five three four seven four")],
    );
    check(
        "it's one five one three six seven nine one two that's my social",
        &[(Detector::Ssn, "one five one three six seven nine one two")],
    );
    check(
        "the last four of my social are two three seven nine",
        &[(Detector::Ssn, "two three seven nine")],
    );
}

// Plays a conversation and tells what was hidden in each message.
fn play(said: &[(Speaker, &str)]) -> Vec<Vec<(Detector, String)>> {
    let all = Detector::ALL.iter().copied().collect();
    let mut cues = Cues::at_start("US");
    let mut hidden = Vec::new();
    for (speaker, text) in said {
        let scan = scan(text, *speaker, &cues, all);
        cues = scan.after;
        hidden.push(
            scan.findings
                .iter()
                .map(|found| (found.detector, text[found.start..found.end].to_owned()))
                .collect(),
        );
    }
    hidden
}

#[test]
fn a_number_in_pieces_is_hidden_in_every_piece() {
    let hidden = play(&[
        (Speaker::Assistant, "Can I have the card number, please?"),
        (Speaker::Caller, "uh four one one one"),
        (Speaker::Assistant, "Go on."),
        (Speaker::Caller, "1111"),
        (Speaker::Assistant, "Mhm."),
        (Speaker::Caller, "then forty one eleven"),
        (Speaker::Assistant, "got it"),
        (Speaker::Caller, "one one one one"),
        (
            Speaker::Assistant,
            "Thank you. How many people will come to dinner?",
        ),
        (Speaker::Caller, "twelve"),
    ]);
    let pieces: Vec<_> = hidden
        .iter()
        .flatten()
        .map(|(detector, text)| (*detector, text.as_str()))
        .collect();
    assert_eq!(
        pieces,
        [
            (Detector::Card, "four one one one"),
            (Detector::Card, "1111"),
            (Detector::Card, "forty one eleven"),
            (Detector::Card, "one one one one"),
        ]
    );
}

#[test]
fn an_announced_number_is_hidden_in_the_next_message() {
    let hidden = play(&[
        (Speaker::Caller, "My social security number is"),
        (Speaker::Assistant, "Yes?"),
        (Speaker::Caller, "one two three"),
    ]);
    assert_eq!(hidden[2], [(Detector::Ssn, "one two three".to_owned())]);
}

#[test]
fn a_scan_is_the_same_from_the_same_place() {
    let all = Detector::ALL.iter().copied().collect();
    let cues = Cues::at_start("US");
    let text = "my card number is four one one one";
    assert_eq!(
        scan(text, Speaker::Caller, &cues, all),
        scan(text, Speaker::Caller, &cues, all)
    );
}

#[test]
fn any_text_is_read_and_findings_never_overlap() {
    let parts: Vec<_> = "one oh to won double hundred thousand and 1 333 4111 1111111111111111 12/25 - . , ( ) + / @ :: [.] \
        a at dot com www. uh no wait scratch that my card number is social born on may first twenty x ext iban DE89 \
        password: sk- é 日本 \u{200b} \u{a0} ４ ' \" agent: caller: % $ the last four of name is John 12 Main Street Apt"
        .split(' ')
        .collect();
    let mut seed = 88_172_645_463_325_252_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..2_000 {
        let text: String = (0..next(24))
            .map(|_| format!("{}{}", parts[next(parts.len())], [" ", "\n", ""][next(3)]))
            .collect();
        let found = crate::detect::testing::scanned(&text).findings;
        assert!(
            found.iter().all(|one| text
                .get(one.start..one.end)
                .is_some_and(|value| !value.is_empty())),
            "{text}"
        );
        assert!(
            found.windows(2).all(|two| two[0].end <= two[1].start),
            "{text}"
        );
    }
}

#[test]
fn a_second_try_and_the_rest_stay_with_what_was_asked() {
    use Detector::{Birthdate, Card, Pin, Ssn};
    for (text, expected) in [
        (
            "agent: pin please\ncaller: one two five four\nagent: that doesn't match\ncaller: one two five six",
            &[(Pin, "one two five four"), (Pin, "one two five six")][..],
        ),
        (
            "agent: date of birth\ncaller: june twelfth\nagent: and the year\ncaller: eighty eight",
            &[(Birthdate, "june twelfth"), (Birthdate, "eighty eight")][..],
        ),
        (
            "agent: your social\ncaller: fine five one two\nagent: i heard five one two\ncaller: four four\nagent: and the last four\ncaller: six seven eight one",
            &[
                (Ssn, "five one two"),
                (Ssn, "five one two"),
                (Ssn, "four four"),
                (Ssn, "six seven eight one"),
            ][..],
        ),
        (
            "agent: your card\ncaller: four five three nine\nagent: sorry slower please\ncaller: four five three nine\nagent: yes\ncaller: one four eight eight oh three four three\nagent: the last part\ncaller: six four six seven",
            &[
                (Card, "four five three nine"),
                (Card, "four five three nine"),
                (Card, "one four eight eight oh three four three"),
                (Card, "six four six seven"),
            ][..],
        ),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_question_of_another_kind_ends_a_dictation() {
    for text in [
        "agent: your card\ncaller: one moment\nagent: how many tickets\ncaller: twelve",
        "agent: thanks, what time suits you\ncaller: eight fifteen",
    ] {
        check(text, &[]);
    }
}

#[test]
fn counting_and_the_letters_of_a_code_are_no_values() {
    for text in [
        "one two three four five six seven eight nine ten of them",
        "ten twenty thirty forty fifty sixty seventy eighty ninety",
        "the flight is d l four four seven one",
        "the ticket's number is eight eight one two",
        "call_8f21b6d0 took 1736452211",
    ] {
        check(text, &[]);
    }
}

#[test]
fn the_owner_or_the_kind_of_a_number_makes_it_a_telephones() {
    for (text, value) in [
        (
            "the plumber's number is seven two four eight seven nine eight one two two",
            "seven two four eight seven nine eight one two two",
        ),
        (
            "it's a london number oh two oh seven nine four six oh nine five eight",
            "oh two oh seven nine four six oh nine five eight",
        ),
        ("my number is 4 1 5", "4 1 5"),
    ] {
        check(text, &[(Detector::Phone, value)]);
    }
}

#[test]
fn d16_a_first_piece_behind_its_phrase_is_hidden_and_so_are_the_next() {
    for (text, detector, pieces) in [
        (
            "caller: my pin is four eight\nagent: go on\ncaller: two one",
            Detector::Pin,
            &["four eight", "two one"][..],
        ),
        (
            "caller: my zip is nine four\nagent: ok\ncaller: one oh seven",
            Detector::Zip,
            &["nine four", "one oh seven"],
        ),
        (
            "caller: my driver's license is d one two\nagent: go on\ncaller: three four five six seven",
            Detector::Id,
            &["d one two", "three four five six seven"],
        ),
        (
            "caller: my iban is d e eight nine\nagent: go on\ncaller: three seven oh four\nagent: mhm\ncaller: oh oh four four",
            Detector::Iban,
            &["d e eight nine", "three seven oh four", "oh oh four four"],
        ),
        (
            "agent: your member id?\ncaller: x y z\nagent: go on\ncaller: four five six",
            Detector::Id,
            &["x y z", "four five six"],
        ),
        // Whoever only nods waits for more, also behind a number that seemed whole.
        (
            "agent: the security code?\ncaller: one two three\nagent: ok\ncaller: four five six",
            Detector::Cvv,
            &["one two three", "four five six"],
        ),
    ] {
        let expected: Vec<_> = pieces.iter().map(|piece| (detector, *piece)).collect();
        check(text, &expected);
    }
    check(
        "agent: the security code?\ncaller: one two three\nagent: thank you, how many guests?\ncaller: twelve",
        &[(Detector::Cvv, "one two three")],
    );
}

#[test]
fn d16_pieces_of_a_number_that_was_only_called_a_number_are_hidden() {
    for (text, detector, pieces) in [
        (
            "agent: what's the number\ncaller: four five three nine\nagent: ok\ncaller: sixty thirty one",
            Detector::Card,
            &["four five three nine", "sixty thirty one"][..],
        ),
        (
            "agent: is the number still the same\ncaller: no it's new four one five\nagent: go for it\ncaller: two twenty",
            Detector::Phone,
            &["four one five", "two twenty"],
        ),
        // Read back by the assistant.
        (
            "agent: a contact number?\ncaller: six oh two\nagent: six oh two\ncaller: eight eight four",
            Detector::Phone,
            &["six oh two", "six oh two", "eight eight four"],
        ),
    ] {
        let expected: Vec<_> = pieces.iter().map(|piece| (detector, *piece)).collect();
        check(text, &expected);
    }
    for text in [
        "agent: what's the order number\ncaller: four five six seven",
        "agent: what number of guests\ncaller: four hundred",
    ] {
        check(text, &[]);
    }
}

#[test]
fn labels_of_other_countries_and_of_forms_are_known() {
    for (text, detector, value) in [
        ("acc no 63381904 please", Detector::Account, "63381904"),
        ("member# 00418827735 grp", Detector::Id, "00418827735"),
        ("ss# 530448812 thx", Detector::Ssn, "530448812"),
        ("postcode 4217 (QLD)", Detector::Zip, "4217"),
        ("Geb.-Datum 14.03.1966", Detector::Birthdate, "14.03.1966"),
        (
            "NI no JG 10 37 59 A confirmed",
            Detector::Id,
            "JG 10 37 59 A",
        ),
        (
            "call me on zero double four seven nine one one triple three eight four two",
            Detector::Phone,
            "zero double four seven nine one one triple three eight four two",
        ),
        (
            "the medicare card two nine five three six one eight one seven one",
            Detector::Id,
            "two nine five three six one eight one seven one",
        ),
    ] {
        check(text, &[(detector, value)]);
    }
}

#[test]
fn a_number_beside_another_of_its_kind_is_one_too() {
    check(
        "zip was 33064, customer lives in 33046",
        &[(Detector::Zip, "33064"), (Detector::Zip, "33046")],
    );
    check(
        "sent to wrong phone 9548803127 instead of 9548803172",
        &[
            (Detector::Phone, "9548803127"),
            (Detector::Phone, "9548803172"),
        ],
    );
    check(
        "i live in lakewood ohio four four one oh seven",
        &[(Detector::Zip, "four four one oh seven")],
    );
    check(
        "agent: your date of birth?\ncaller: marlene foster eleven four fifty eight",
        &[
            (Detector::Name, "marlene foster"),
            (Detector::Birthdate, "eleven four fifty eight"),
        ],
    );
    check(
        "my zip is 33064 and the order is 33046",
        &[(Detector::Zip, "33064")],
    );
}
