use super::*;
use proptest::prelude::*;

/// `#12.` becomes `<12>`, `{…}` goes, `*` goes, `!word` is whole.
struct MadeUpMarks;

impl Sweeper for MadeUpMarks {
    type State = u8;

    fn may_begin(&self, _state: u8, byte: u8) -> bool {
        matches!(byte, b'#' | b'{' | b'*' | b'!')
    }

    fn look(&self, here: &Glimpse<'_>, state: &mut u8) -> Swept {
        match here.byte(0) {
            Some(b'#') => {
                let digits = here.run(1, 3, |sign| sign.is_ascii_digit());
                match digits > 0 && here.has(1 + digits, ".") {
                    true => {
                        *state = state.wrapping_add(1);
                        let said = format!("<{}:{state}>", here.text(1..1 + digits));
                        Swept::Said(digits + 2, said)
                    }
                    false => Swept::Nothing,
                }
            }
            Some(b'{') => Swept::Until(1, SweepUntil::Behind(&["}}", "$"])),
            Some(b'*') => Swept::Gone(1),
            _ => Swept::Whole(1 + here.run(1, 8, char::is_alphabetic)),
        }
    }
}

fn pieces(text: &[&str]) -> Vec<String> {
    let mut sweep = Sweep::new(MadeUpMarks);
    let mut all = Vec::new();
    for piece in text {
        let mut out = String::new();
        sweep.push(piece, &mut out);
        all.push(out);
    }
    let mut out = String::new();
    sweep.finish(&mut out);
    all.push(out);
    all
}

#[test]
fn only_what_cannot_be_told_yet_waits() {
    assert_eq!(
        pieces(&["Hi #", "1", "2", ". x"]),
        ["Hi ", "", "", "<12:1> x", ""]
    );
    assert_eq!(pieces(&["a #1234. b", "c"]), ["a #1234. b", "c", ""]);
    assert_eq!(pieces(&["x #1"]), ["x ", "#1"]);
    assert_eq!(pieces(&["!ab", "cd ef"]), ["", "!abcd ef", ""]);
}

#[test]
fn what_goes_is_not_held_and_takes_one_of_two_blanks() {
    assert_eq!(pieces(&["a {", "bc", "}", "} d"]), ["a ", "", "", "d", ""]);
    assert_eq!(pieces(&["a{b}}c"]), ["ac", ""]);
    assert_eq!(pieces(&["{b}}\n\n c"]), ["c", ""]);
    assert_eq!(pieces(&["a *\n* b"]), ["a \nb", ""]);
    assert_eq!(pieces(&["a {never"]), ["a ", ""]);
}

#[test]
fn what_was_begun_before_the_text_is_said_where_it_never_ends() {
    let run = |text: &str| {
        let mut sweep = Sweep::new(MadeUpMarks).within(SweepUntil::Behind(&["}}"]));
        let mut out = String::new();
        sweep.push(text, &mut out);
        sweep.finish(&mut out);
        out
    };
    assert_eq!(run("thoughts}} words"), "words");
    assert_eq!(run("words alone"), "words alone");
}

#[test]
fn json_goes_to_its_end_or_to_the_mark_behind_a_broken_one() {
    struct MadeUpJson;
    impl Sweeper for MadeUpJson {
        type State = ();
        fn may_begin(&self, (): (), byte: u8) -> bool {
            byte == b'{'
        }
        fn look(&self, _: &Glimpse<'_>, (): &mut ()) -> Swept {
            Swept::Until(0, SweepUntil::Json(&["</x>"]))
        }
    }
    for (text, expected) in [
        (r#"a{"b":"}\"}",["c"]}d"#, "ad"),
        (r#"a{"b":["c"</x>d"#, "ad"),
        (r#"a{"b":"</"#, "a"),
    ] {
        for cut in 0..=text.len() {
            let mut sweep = Sweep::new(MadeUpJson);
            let mut out = String::new();
            sweep.push(&text[..cut], &mut out);
            sweep.push(&text[cut..], &mut out);
            sweep.finish(&mut out);
            assert_eq!(out, expected, "{text} cut at {cut}");
        }
    }
}

proptest! {
    #[test]
    fn no_cut_changes_what_comes_out(text in "[#0-9.a {}*!é$\n]{0,300}", cuts in proptest::collection::vec(0usize..300, 0..9)) {
        let whole = pieces(&[&text]).concat();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| *at <= text.len() && text.is_char_boundary(*at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let cut: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(pieces(&cut).concat(), whole);
    }
}
