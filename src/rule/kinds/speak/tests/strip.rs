//! What is taken out, and what stays.

use super::*;

#[test]
fn marks_of_markdown_go_and_words_stay() {
    check(
        "strip = ['markdown']",
        &[
            (
                "On **Monday**, *really* at __nine__, _sharp_.",
                "On Monday, really at nine, sharp.",
            ),
            ("***All*** of ~~it~~ `code A1`", "All of it code A1"),
            ("3 * 4 is 12, 2*3 is 6, 2**3", "3 * 4 is 12, 2*3 is 6, 2**3"),
            ("*laughs softly* Sure! *clears throat* Now.", "Sure! Now."),
            ("my_file_name and a_b@c.com", "my_file_name and a_b@c.com"),
            ("# Title\n\n## Two\nText", "Title.\n\nTwo.\nText"),
            ("> quoted\n> more", "quoted\nmore"),
            ("A\n---\nB\n***\nC", "A\nB\nC"),
            (
                "See [our **new** page](https://example.com/a_(b) \"Title\") now",
                "See our new page now",
            ),
            (
                "![a lamp](x.png) [text][1] [not] (this)",
                "a lamp text [not] (this)",
            ),
            (
                "| Day | Time |\n|-----|:----:|\n| Mon | 9 to 5 |\n| Tue | 10 |\n",
                "Day, Time.\nMon, 9 to 5.\nTue, 10.\n",
            ),
            ("Since 2019[1], yes.[^2]", "Since 2019, yes."),
            (r"\*not bold\* 5\. \$5", "*not bold* 5. $5"),
            (
                "a &amp; b<br>c <b>bold</b> <!-- no --> d",
                "a & b\nc bold d",
            ),
            ("a < b, 5<6 and x<y>z", "a < b, 5<6 and x<y>z"),
            ("**open for ever", "open for ever"),
            ("5 is #1, C# and a|b", "5 is #1, C# and a|b"),
            ("Price* and a ** b", "Price and a b"),
        ],
    );
}

#[test]
fn stage_directions_go_and_stressed_words_stay() {
    check(
        "strip = ['markdown']",
        &[
            (
                "*smiles warmly* Hi. *laughs* Yes.\n*pauses*\nNo *wink*",
                "Hi. Yes.\nNo wink",
            ),
            (
                "She *smiles* a lot, it *checks* out.",
                "She smiles a lot, it checks out.",
            ),
            (
                "*Smiles* matter, *smilesx* too",
                "Smiles matter, smilesx too",
            ),
            (
                "Press *2 or *star*, a | b\\\nc",
                "Press *2 or star, a | b\nc",
            ),
        ],
    );
}

#[test]
fn lists_lose_their_marks_and_keep_their_pauses() {
    check(
        "strip = ['lists']",
        &[
            (
                "You need:\n- a lamp\n  - with bulb\n* a desk!\n+ a chair",
                "You need:\na lamp.\n  with bulb.\na desk!\na chair",
            ),
            (
                "1. Open it.\n2. Close it\n3) Done",
                "Open it.\nClose it.\nDone",
            ),
            ("It is 1.\n2. No.", "It is 1.\n2. No."),
            ("How many? 2. Fine.", "How many? 2. Fine."),
            ("5. It is five.", "5. It is five."),
            ("1.", "1."),
            (
                "3.5 percent\n-5 degrees\n10. x",
                "3.5 percent\n-5 degrees\n10. x",
            ),
            (
                "• one\n– two\n- [x] three\n- [ ] four",
                "one.\ntwo.\nthree.\nfour",
            ),
            ("well - yes", "well - yes"),
            ("0. zero\n1. one\n2. two", "0. zero\none.\ntwo"),
        ],
    );
}

#[test]
fn emoji_go_with_all_their_parts() {
    check(
        "strip = ['emoji']",
        &[
            ("Hi 😀 there 👍🏽 you 👨‍👩‍👧‍👦!", "Hi there you !"),
            ("Press 1️⃣ or #️⃣", "Press 1 or #"),
            (
                "Yes :) and ;-) or :D but a: (b) and 3:D",
                "Yes and or but a: (b) and 3:D",
            ),
            ("🇩🇪 Germany ❤️ ☎️ ✅ done", "Germany done"),
            ("© 2024 Acme™ ½ € — “ok” …", "© 2024 Acme™ ½ € — “ok” …"),
            ("नमस्ते क्‍ष, می‌خواهم", "नमस्ते क्‍ष, می‌خواهم"),
        ],
    );
}

#[test]
fn smileys_go_where_they_stand_apart() {
    check(
        "strip = ['emoji']",
        &[
            ("Yes :) and ;-) or :D ok", "Yes and or ok"),
            ("a: (b), 3:D and :Do", "a: (b), 3:D and :Do"),
        ],
    );
}

#[test]
fn marks_within_brackets_and_tokens_with_roles_go() {
    check(
        "",
        &[
            (
                "[**Note**] [https://x.com/y] [laughs] [CARD_1]",
                "[Note] [x.com] [laughs] [CARD_1]",
            ),
            ("<|im_start|>assistant\nHello.<|im_end|>", "Hello."),
            (
                "<|start_header_id|>assistant<|end_header_id|>\n\nHello.<|eot_id|>",
                "Hello.",
            ),
            (
                "<b class=\"x\">Hi</b> <i>you</i>, a <b and c> d",
                "Hi you, a <b and c> d",
            ),
            ("Hi.<｜end▁of▁sentence｜>", "Hi."),
        ],
    );
}

#[test]
fn of_an_address_the_host_is_said() {
    check(
        "strip = ['urls']",
        &[
            ("Go to https://www.example.com/a?b=c.", "Go to example.com."),
            (
                "(see http://a.example.org/x_(y)) and www.b.com!",
                "(see a.example.org) and b.com!",
            ),
            (
                "Write to mailto:a@b.com or a@b.com",
                "Write to a@b.com or a@b.com",
            ),
            ("[page](https://x.com/y) <https://x.com/z>", "page x.com"),
            (
                "the http protocol, however, what why",
                "the http protocol, however, what why",
            ),
            ("https://", "https://"),
        ],
    );
}

#[test]
fn blocks_of_code_go_also_when_they_stay_open() {
    check(
        "strip = ['code']",
        &[
            ("Here:\n```python\nprint(1)\n```\nDone.", "Here:\nDone."),
            ("Here: ```js\nx\n``` done", "Here: done"),
            ("Code `A1` is ``x``.", "Code A1 is x."),
            ("So:\n```\nnever closed", "So:\n"),
            (
                "```text\nYour order ships.\n```\nBye",
                "Your order ships.\nBye",
            ),
            ("~~~\nx\n~~~\ny ~5 ~~z~~", "y ~5 ~~z~~"),
        ],
    );
}

#[test]
fn formulas_are_words_and_prices_stay() {
    check(
        "strip = ['latex']",
        &[
            (
                r"So \(x^2 + 1\) and \[ \frac{1}{2} \].",
                "So x squared plus 1 and 1 over 2.",
            ),
            (
                "It costs $5 and $6, or $5-$6, $5/$6.",
                "It costs $5 and $6, or $5-$6, $5/$6.",
            ),
            (
                "Let $x = 3$ and $y$; $2 + 3 = 5$.",
                "Let x equals 3 and y; 2 plus 3 equals 5.",
            ),
            (
                r"$$E = mc^2$$ \boxed{42} \$5 \times",
                "E equals mc squared 42 \\$5 times",
            ),
            (r"never \( closed", "never closed"),
            (
                "The $AAPL price is up, $TSLA too",
                "The $AAPL price is up, $TSLA too",
            ),
            ("$20.", "$20."),
            (
                r"\sqrt{16} \text{ok} \alpha C:\new",
                r"the square root of 16 ok alpha C:\new",
            ),
        ],
    );
}

#[test]
fn tags_for_voices_and_placeholders_stay() {
    check(
        "numbers = true",
        &[
            (
                "<flush /> Wait <break time=\"1.5s\"/> <spell>A1 **22**</spell>",
                "<flush /> Wait <break time=\"1.5s\"/> <spell>A1 **22**</spell>",
            ),
            (
                "<emotion value=\"happy 2\"/>Hi <prosody rate=\"90%\">there</prosody> [laughs]",
                "<emotion value=\"happy 2\"/>Hi <prosody rate=\"90%\">there</prosody> [laughs]",
            ),
            (
                "It is [CARD_1], **[CARD_2]**, _[PHONE_12]_ and CARD_1.",
                "It is [CARD_1], [CARD_2], [PHONE_12] and CARD_1.",
            ),
            (
                "- [CARD_1]\n- call [PHONE_1](tel:[PHONE_1])",
                "[CARD_1].\ncall [PHONE_1]",
            ),
            ("| [NAME_1] | [card 2] |", "[NAME_1], [card 2]"),
        ],
    );
}

#[test]
fn text_that_has_nothing_to_change_passes_at_once_and_as_it_came() {
    let rule = rule("");
    let mut filter = rule.filter().expect("it touches replies");
    for piece in [
        "Well",
        ", I have",
        " heard",
        " - of it; the",
        " 24 lamps",
        " cost",
        " less (than",
        ") that.\n",
        "Good",
        " day & bye",
        " ",
    ] {
        let mut out = String::new();
        filter.push(piece, &mut out);
        assert_eq!(out, piece);
    }
}

#[test]
fn what_never_closes_is_held_within_a_bound_only() {
    let rule = rule("numbers = true");
    for begin in [
        "[",
        "<a b=\"",
        "$x",
        "\\(",
        "*laughs",
        "https://",
        "{\"name\": \"",
        "[text](",
        "<spell>",
        "<|channel|>x",
        "(415",
        "5",
        "`",
        "\\boxed{",
        "![",
        "<!",
        "|-",
    ] {
        let mut filter = rule.filter().expect("it touches replies");
        let mut out = String::new();
        filter.push(begin, &mut out);
        for _ in 0..400 {
            filter.push("abcdefgh", &mut out);
        }
        assert!(out.len() > 1_000, "{begin}: {}", out.len());
    }
}

#[test]
fn tokens_of_more_templates_go() {
    for text in [
        "Hello<end_of_turn>",
        "Hello</s>",
        "<bos>Hello<eos>",
        "<start_of_turn>model\nHello",
        "<|header_start|>assistant<|header_end|>Hello<|eot|>",
        "<|begin_of_box|>Hello<|end_of_box|>",
    ] {
        let heard = heard(&rule("strip = [\"thinking\"]"), text);
        assert_eq!(heard.trim(), "Hello", "{text}");
    }
}

#[test]
fn a_tag_that_is_quoted_takes_nothing_behind_it() {
    let thinking = rule("strip = [\"thinking\", \"code\", \"markdown\"]");
    for (text, expected) in [
        (
            "Type `<think>` to begin, then go on.",
            "Type  to begin, then go on.",
        ),
        (
            "The tag \"<think>\" is closed by \"</think>\".",
            "The tag \"\" is closed by \"\".",
        ),
        ("<think>He wants it.</think>Sure.", "Sure."),
        ("Sure. <think>What now?</think>Next.", "Sure. Next."),
    ] {
        let heard = heard(&thinking, text);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&heard), words(expected), "{text}");
    }
}
