//! Scripts that would never end, or take all there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::rule::Clock;

fn fails(script: &str) -> String {
    let body = json!({ "messages": [user("one"), user("two")] }).to_string();
    sent(script, &body).expect_err(script)
}

#[test]
fn a_script_without_an_end_is_stopped_by_its_operations() {
    for script in [
        "loop { }",
        "while true { let x = 1; }",
        "loop { messages[0].content = \"x\"; }",
        "let n = 0; for i in 0..1000000000 { n += i; }",
        "loop { try { throw 1; } catch { } }",
        "let n = 0; loop { try { loop { n += 1; } } catch { } }",
        "let f = |x| { loop { } }; messages.map(f);",
        "loop { messages = messages.filter(|m| true); }",
    ] {
        let why = fails(script);
        assert!(
            why.contains("did not end within 100000 operations"),
            "{script}: {why}"
        );
    }
}

#[test]
fn nothing_grows_without_bound() {
    for (script, expected) in [
        ("let s = \"x\"; loop { s += s; }", "a text grows too large"),
        (
            "let s = \"x\"; loop { s = `${s}${s}`; }",
            "a text grows too large",
        ),
        (
            "let s = \"x\"; s.pad(100000000, 'x');",
            "a text grows too large",
        ),
        (
            "let s = \"xx\"; loop { let t = s; s.replace(\"x\", t); }",
            "a text grows too large",
        ),
        (
            "let s = \"xx\"; loop { s = s.replace_all(`x`, s); }",
            "a text grows too large",
        ),
        ("let a = [1]; loop { a += a; }", "an array grows too large"),
        (
            "let a = [1]; loop { a.push(a); }",
            "an array grows too large",
        ),
        (
            "let a = []; a.pad(100000000, 1);",
            "an array grows too large",
        ),
        ("let a = []; loop { a = [a]; }", "an array grows too large"),
        (
            "let m = #{}; loop { m = #{ x: m }; }",
            "maps grow too large",
        ),
        (
            "let m = #{}; for i in 0..100000 { m[`k${i}`] = i; }",
            "did not end",
        ),
        ("loop { messages.push(messages[0]); }", "grow"),
        (
            "fn f(n) { f(n + 1) } f(0);",
            "functions call each other deeper than 16 levels",
        ),
        (
            "let f = |g, n| g.call(g, n + 1); f.call(f, 0);",
            "functions call each other deeper",
        ),
        (
            "fn a(n) { b(n) } fn b(n) { a(n) } a(1);",
            "functions call each other deeper",
        ),
    ] {
        let why = fails(script);
        assert!(why.contains(expected), "{script}: {why}");
    }
}

#[test]
fn a_script_whose_operations_take_long_ends_with_the_time_of_the_rules() {
    let large = "word ".repeat(200_000);
    let body = json!({ "messages": [user(&large)] }).to_string();
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    let asked = Arc::new(AtomicUsize::new(0));
    let clock = {
        let asked = asked.clone();
        Clock::new(move || asked.fetch_add(1, Ordering::Relaxed) > 3)
    };
    let mut turn = Turn {
        clock,
        ..Turn::default()
    };
    let script = rule("request", "loop { let x = messages[0].content; }");
    let why = script
        .on_request(&mut request, &mut turn)
        .expect_err("it is stopped")
        .to_string();
    assert!(
        why.contains("the time of the turn's rules was over"),
        "{why}"
    );
    assert!(asked.load(Ordering::Relaxed) < 10);
}

/// A text of so many bytes, of words with a number between.
fn words(length: usize) -> String {
    let mut text = "lorem ipsum 42 dolor ".repeat(length / 21 + 1);
    text.truncate(length);
    text
}

#[test]
fn what_functions_read_and_write_counts_as_operations() {
    for call in [
        "x.replace_all(\"[a-z]{1,3}\", \"b\")",
        "x.matches(\"[0-9]{9}\")",
        "x.find_all(\"[a-z]+\")",
        "x.spoken()",
        "x.digits()",
        "x.shortened(20)",
        "x.says([\"nothing of the kind\"])",
        "says(x, [x])",
        "parse_json(`[\"${x}\"]`)",
        "[x, x].join(x)",
        "x.to_upper()",
        "x.to_lower()",
        "x.contains(\"nothing\")",
        "x.index_of(\"nothing\")",
        "x.split(\" \")",
        "x.split(' ')",
        "x.to_chars()",
        "x.len()",
        "x.len",
        "x.sub_string(1, 99000)",
        "x.trim()",
        "{ let y = x; y.replace(\"o\", \"\"); y }",
        "{ let y = x; y.remove(\"o\"); y }",
        "{ let y = x; y.make_upper(); y }",
        "{ let y = x; y.crop(1, 99000); y }",
        "{ let y = \"\"; y.pad(200000, 'x'); y }",
        "{ let y = \"\"; y.pad(200000, \"xy\"); y }",
    ] {
        let ran = |rounds: &str, length: usize| {
            let script = format!(
                "let x = messages[0].content; {rounds} {{ let t = {call}; }} request.user = \"x\";"
            );
            let body = json!({ "messages": [user(&words(length))] }).to_string();
            sent(&script, &body).map(|_| ())
        };
        let ends = |why: Result<(), String>| {
            let why = why.expect_err(call);
            let is_large = why.contains("an array grows too large");
            let ends = why.contains("did not end within 100000 operations") || is_large;
            assert!(ends, "{call}: {why}");
        };
        // What a short text may be asked two hundred times, a long one may not.
        let few = "for i in 0..200";
        assert!(call.contains("pad") || ran(few, 100) == Ok(()), "{call}");
        ends(ran(few, 100_000));
        ends(ran("loop", 100));
    }
}

#[test]
fn a_script_that_does_what_it_is_for_has_room_in_a_long_call() {
    let messages: Vec<Value> = (0..400).map(|_| user(&words(250))).collect();
    let body = json!({ "messages": messages }).to_string();
    for script in [
        "let i = 0; while i < messages.len() { i += 1; } request.user = `${i}`;",
        "for i in 0..messages.len() { messages[i].content = messages[i].content.replace_all(`\\d+`, \"#\"); }",
        "for m in messages { if m.content.says([\"lorem ipsum\", \"goodbye\"]) { request.user = \"x\"; } }",
        "for m in messages { if m.content.to_lower().contains(\"dolor\") { request.user = \"x\"; } }",
        "for i in 0..messages.len() { messages[i].content = messages[i].content.shortened(100); }",
        "request.user = messages.filter(|m| m.role == \"user\").len().to_string();",
    ] {
        let done = sent(script, &body);
        assert!(done.is_ok(), "{script}: {done:?}");
    }
}

#[test]
fn a_script_takes_no_longer_than_its_own_time() {
    let moments = Arc::new(AtomicUsize::new(0));
    let clock = {
        let moments = moments.clone();
        let time = move || {
            let passed = moments.fetch_add(1, Ordering::Relaxed);
            std::time::Duration::from_millis(u64::try_from(passed).unwrap_or(0) * 20)
        };
        Clock::new(|| false).with_time(time)
    };
    let body = json!({ "messages": [user("one")] }).to_string();
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    let mut turn = Turn {
        clock,
        ..Turn::default()
    };
    let script = rule("request", "loop { let copy = messages; }");
    let why = script
        .on_request(&mut request, &mut turn)
        .expect_err("it is stopped")
        .to_string();
    assert!(why.contains("did not end within 50ms"), "{why}");
    assert!(moments.load(Ordering::Relaxed) < 6);
}

#[test]
fn padding_with_nothing_ends() {
    let body = json!({ "messages": [user("one")] }).to_string();
    let padded = sent(
        "let t = \"a\"; t.pad(10, \"\"); messages[0].content = t;",
        &body,
    );
    assert!(padded.expect("it ends").contains("\"a\""));
}

#[test]
fn a_value_that_is_changed_while_it_is_used_is_a_fault_and_no_standstill() {
    let why = fails("let a = [1, 2]; let f = |x| a.len() + x; a.map(f); a.for_each(|| a.push(1));");
    assert!(why.starts_with("10-s.toml:2:"), "{why}");
}

#[test]
fn values_that_nest_as_deep_as_they_can_fit_a_small_stack() {
    let work = || {
        let depths = "let a = []; for i in 0..900 { a = [a]; } let m = #{}; for i in 0..900 { m = #{ x: m }; } let b = a; messages[0].x = a;";
        fails(depths)
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    let why = thread.expect("a thread").join().expect("it ends");
    assert!(why.contains("nests deeper than 128 levels"), "{why}");
}

#[test]
fn a_sort_that_contradicts_itself_harms_nobody() {
    let body = json!({ "messages": [user("x")] }).to_string();
    let script = "let a = []; for i in 0..200 { a.push((i * 7919) % 101); } let n = 0; a.sort(|x, y| { n += 1; if n % 3 == 0 { 1 } else { -1 } });";
    // Whatever comes of it is of this turn alone; a panic is caught by who runs the rule.
    let _ = std::panic::catch_unwind(|| sent(script, &body));
}
