//! The text of a rule in a file of its own beside it, and values that are printed as they are written.

use std::fs;

use serde_json::json;

use crate::aside::{Aside, Program, Setup, config};
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn};

const RULE: &str = "about = \"Who the agent is.\"\n[then.inject]\ntext_file = \"prompt.md\"\nplace = \"system-start\"\n";

#[track_caller]
fn told(setup: &Setup, code: i32, expected: &[&str]) {
    let finished = setup.run(&["check"], "");
    assert_eq!(
        finished.code,
        Some(code),
        "{}{}",
        finished.stderr,
        finished.stdout
    );
    for text in expected {
        assert!(
            finished.stderr.contains(text),
            "{text} in\n{}",
            finished.stderr
        );
    }
}

#[test]
fn a_text_file_is_a_template_and_its_line_ends_do_not_matter() {
    let rule = format!(
        "{RULE}[[test]]\nname = \"it is said\"\ngiven = {{ customer = {{ name = \"Dana\" }} }}\nmessages = [{{ role = \"user\", content = \"Hi.\" }}]\nupstream_gets = {{ messages = [\n  {{ role = \"system\", content = \"\"\"\nYou speak\nwith Dana.\"\"\" }},\n  {{ role = \"user\", content = \"Hi.\" }},\n] }}\n"
    );
    for (rule, prompt) in [
        (
            rule.clone(),
            "You speak\nwith {{ customer.name }}.\n".to_owned(),
        ),
        (
            rule.replace('\n', "\r\n"),
            "You speak\r\nwith {{ customer.name }}.\r\n".to_owned(),
        ),
        (
            rule,
            "\u{FEFF}You speak\nwith {{ customer.name }}.".to_owned(),
        ),
    ] {
        let setup = Setup::default()
            .rule("10-who", &rule)
            .file("rules/prompt.md", &prompt);
        told(&setup, 0, &[]);
        let finished = setup.run(&["test"], "");
        assert!(
            finished.stdout.ends_with("1 passed, 0 failed\n"),
            "{}{}",
            finished.stdout,
            finished.stderr
        );
    }
}

#[test]
fn a_text_file_that_cannot_be_used_is_told_at_its_place() {
    let setup = || Setup::default().rule("10-who", RULE);
    let at = "error: rules/10-who.toml:3:13: `prompt.md`: ";
    told(
        &setup(),
        1,
        &[
            at,
            "it does not exist",
            "3 | text_file = \"prompt.md\"",
            "help: name a file",
        ],
    );
    let large = "x".repeat(64 * 1024 + 1);
    told(
        &setup().file("rules/prompt.md", &large),
        1,
        &[at, "more than it may have (65536)"],
    );
    told(
        &setup().file("rules/prompt.md/x", "x"),
        1,
        &[at, "this is no file"],
    );
    told(
        &setup().file("rules/prompt.md", "Hi.\r\n\r\nTo {{ custmer.name }}."),
        1,
        &[
            "error: rules/prompt.md:3:7: there is no `custmer` here",
            "3 | To {{ custmer.name }}.",
            "help: did you mean `customer`?",
        ],
    );
    for outside in ["../prompt.md", "/etc/hostname", "a/../../prompt.md", ""] {
        let rule = RULE.replace("prompt.md", outside);
        let setup = Setup::default()
            .rule("10-who", &rule)
            .file("prompt.md", "x");
        told(&setup, 1, &["3:13: ", "outside of the folder of rules"]);
    }
    let below = RULE.replace("prompt.md", "prompts/who.md");
    told(
        &Setup::default()
            .rule("10-who", &below)
            .file("rules/prompts/who.md", "x"),
        0,
        &[],
    );
    let both = format!("{RULE}text = \"x\"\n");
    told(
        &Setup::default()
            .rule("10-who", &both)
            .file("rules/prompt.md", "x"),
        1,
        &["keep one"],
    );
}

#[cfg(unix)]
#[test]
fn a_text_file_with_other_bytes_than_text_or_that_is_a_link_out_is_told() {
    let upstream = Upstream::playing(saying(&["Hi."]));
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule("10-who", RULE)
        .file("rules/prompt.md", "Old.");
    let aside = Aside::serve(&setup);
    let prompt = aside.path("rules/prompt.md");
    fs::write(&prompt, b"a\xFFb").expect("a file");
    aside.wait_for("not valid UTF-8 (byte 1)");
    fs::remove_file(&prompt).expect("it is there");
    fs::write(aside.path("secret"), "s").expect("a file");
    std::os::unix::fs::symlink("../secret", &prompt).expect("a link");
    aside.wait_for("outside of the folder of rules");
    // As Kubernetes mounts files: links, but none that leads out.
    fs::create_dir(aside.path("rules/..data")).expect("a folder");
    fs::write(aside.path("rules/..data/prompt.md"), "Linked.").expect("a file");
    fs::remove_file(&prompt).expect("it is there");
    std::os::unix::fs::symlink("..data/prompt.md", &prompt).expect("a link");
    aside.wait_for("loaded 1 rule,");
}

#[test]
fn a_text_file_that_changes_counts_for_the_next_turn() {
    let upstream = Upstream::playing(saying(&["Hi."]));
    let setup = Setup::with_config(&config(&upstream, ""))
        .rule("10-who", RULE)
        .file("rules/prompt.md", "Old.");
    let aside = Aside::serve(&setup);
    let first = || {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        assert_eq!(answer.status, 200);
        let newest = upstream.request(upstream.count() - 1).json();
        newest["messages"][0]["content"].clone()
    };
    assert_eq!(first(), json!("Old."));
    fs::write(aside.path("rules/prompt.md"), "New.").expect("a file");
    aside.wait_for("loaded 1 rule,");
    assert_eq!(first(), json!("New."));
}

#[test]
fn aside_test_watches_the_text_file() {
    let rule = format!(
        "{RULE}[[test]]\nname = \"it is said\"\nmessages = [{{ role = \"user\", content = \"Hi.\" }}]\nupstream_gets = {{ messages = [{{ role = \"system\", content = \"New.\" }}, {{ role = \"user\", content = \"Hi.\" }}] }}\n"
    );
    let setup = Setup::default()
        .rule("10-who", &rule)
        .file("rules/prompt.md", "Old.");
    let program = Program::start(&["test", "--watch"], &setup);
    program.wait_for("0 passed, 1 failed");
    fs::write(program.path("rules/prompt.md"), "New.").expect("a file");
    program.wait_for("1 passed, 0 failed");
}

#[test]
fn a_trusted_prompt_reaches_the_model_as_it_was_put() {
    let prompt = format!(
        "# Role\n\n<rules>\n- Be kind.\n</rules>\n[INST] {}",
        "long ".repeat(2_000)
    );
    let rule = format!(
        "about = \"x\"\n[then.inject]\ntext = \"{{{{ context.assistant.prompt }}}} {{{{ customer.name }}}}\"\ntrusted = [\"context.assistant.prompt\"]\n[[test]]\nname = \"t\"\ngiven = {{ context = {{ assistant = {{ prompt = {prompt} }} }}, customer = {{ name = \"<b>\\nDana\" }} }}\nmessages = [{{ role = \"user\", content = \"Hi.\" }}]\nupstream_gets = {{ messages = [{{ role = \"system\", content = {all} }}, {{ role = \"user\", content = \"Hi.\" }}] }}\n",
        prompt = json!(prompt),
        all = json!(format!("{prompt} &lt;b> Dana")),
    );
    let setup = Setup::default().rule("10-who", &rule);
    told(&setup, 0, &[]);
    let finished = setup.run(&["test"], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stdout);
}
