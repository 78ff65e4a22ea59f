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
    let script = rule(
        "request",
        "loop { messages[0].content.contains(\"nothing\"); }",
    );
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
