use super::*;
use proptest::prelude::*;

fn pattern_of(source: &str) -> Result<StreamPattern, Unbounded> {
    StreamPattern::new(&Regex::new(source).expect("an expression"))
}

fn run(pattern: &StreamPattern, pieces: &[&str]) -> String {
    let mut held = Undecided::default();
    let mut out = String::new();
    let mut emit = |segment: Segment<'_>| match segment {
        Segment::Text(text) => out.push_str(text),
        Segment::Match(found) => {
            out.push('<');
            out.push_str(found.get_match().as_str());
            out.push('>');
        }
    };
    for piece in pieces {
        pattern.advance(&mut held, piece, &mut emit);
    }
    pattern.finish(&mut held, &mut emit);
    out
}

fn check_every_cut(source: &str, text: &str) {
    let pattern = pattern_of(source).expect("the pattern is good");
    let whole = pattern.regex.replace_all(text, "<$0>").into_owned();
    for cut in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
        assert_eq!(
            run(&pattern, &[&text[..cut], &text[cut..]]),
            whole,
            "{source} cut at {cut}"
        );
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(run(&pattern, &letters), whole, "{source} letter by letter");
}

#[test]
fn no_cut_changes_what_is_found() {
    let text = "Call [CARD_1] or [CARD_12 ] now, née 12-34 émile ABC ABCD; [CARD_ x [[CARD_2]";
    for source in [
        r"\[CARD_\d{1,3} ?\]",
        r"\bABC\b",
        r"(?-u:\b)ABC",
        r"ABCD?|AB",
        r"\bé\w{2,5}\b",
        r"\d{2}-\d{2}",
        r"(?i)n[ée]{1,2}e",
        r"[a-z]{2,4}$",
    ] {
        check_every_cut(source, text);
    }
}

#[test]
fn only_what_may_still_match_is_held() {
    let pattern = pattern_of(r"\[CARD_\d\]").expect("good");
    let mut held = Undecided::default();
    let mut out = String::new();
    let mut push = |piece: &str, held: &mut Undecided| {
        out.clear();
        pattern.advance(held, piece, &mut |segment| {
            if let Segment::Text(text) = segment {
                out.push_str(text);
            }
        });
        out.clone()
    };
    assert_eq!(push("hello [C", &mut held), "hello ");
    assert_eq!(push("omma", &mut held), "[Comma");
    assert!(held.is_empty());
    assert_eq!(push(" [CARD_1]", &mut held), " ");
    assert!(
        held.is_empty(),
        "a match that can't grow is decided at once"
    );
}

#[test]
fn a_pattern_without_bound_is_refused() {
    for source in ["a+", "x*", ".*b"] {
        assert_eq!(pattern_of(source).err(), Some(Unbounded), "{source}");
    }
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(text in "[a-cé \\[\\]1]{0,40}", cuts in proptest::collection::vec(0usize..40, 0..6)) {
        let pattern = pattern_of(r"\[a{1,3}\]|\bb1?\b|éc").expect("good");
        let whole = pattern.regex.replace_all(&text, "<$0>").into_owned();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| *at <= text.len() && text.is_char_boundary(*at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(run(&pattern, &pieces), whole);
    }
}

#[test]
fn d11_a_match_is_given_out_when_one_more_byte_rules_a_longer_one_out() {
    let pattern = pattern_of(r"\[CARD_\d{1,3}\]|ABC_\d{1,3}").expect("the pattern is good");
    for (text, is_held) in [
        ("[CARD_1", true),
        ("[CARD_1]", false),
        ("[CARD_1].", false),
        ("ABC_1", true),
        ("ABC_1.", false),
        ("ABC_1 ", false),
        ("ABC_12", true),
    ] {
        let mut held = Undecided::default();
        pattern.advance(&mut held, text, &mut |_| {});
        assert_eq!(!held.is_empty(), is_held, "{text}");
    }
}
