//! A model for names in a running server: asked once a message, loaded anew by SIGHUP, and refused
//! where it is broken.

use std::fs;

use crate::aside::{Aside, Setup, config};
use crate::fixtures::name_model;
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, says, stop, stream_head, turn, whole};

const RULE: &str =
    "about = \"x\"\n[then.redact]\nfind = [\"name\"]\nrestore = []\nunknown = \"?\"\n";

/// An upstream that says what it was sent; the caller hears `?` for what was hidden.
fn upstream() -> Upstream {
    Upstream::start(|request, _| {
        if request.head.starts_with("GET") {
            return whole("404 Not Found", "", "");
        }
        let json = request.json();
        let messages = json["messages"].as_array().expect("messages");
        let said = messages.last().expect("one")["content"].as_str();
        let said = said.expect("a text").replace(['[', ']'], "|");
        vec![stream_head(), says(&said), stop(), ScriptStep::EndChunks]
    })
}

fn sent(aside: &Aside, text: &str) -> String {
    let answer = aside.client().post(CHAT, &[], &turn(text));
    assert_eq!(answer.status, 200);
    Reply::read(&answer.text()).heard()
}

fn setup(upstream: &Upstream) -> Setup {
    let config = config(upstream, "");
    let detect = "[detect]\nnames = \"model\"\nmodel = \"model\"\n";
    Setup::with_config(&format!("{config}{detect}")).rule("10-a", RULE)
}

#[test]
fn a_model_finds_names_until_another_takes_its_place() {
    let upstream = upstream();
    let folder = tempfile::tempdir().expect("a folder");
    name_model::write(folder.path());
    let place = folder.path().display().to_string();
    let config = format!(
        "{}[detect]\nnames = \"model\"\nmodel = \"{place}\"\n",
        config(&upstream, "")
    );
    let mut aside = Aside::serve(&Setup::with_config(&config).rule("10-a", RULE));
    for _ in 0..2 {
        assert_eq!(sent(&aside, "so ask vrenka at noon"), "so ask |?| at noon");
    }
    let onnx = folder.path().join("model.onnx");
    fs::write(&onnx, "broken").expect("a file");
    aside.program().signal("HUP");
    aside.wait_for("kept the config as it was");
    assert_eq!(sent(&aside, "so ask vrenka at noon"), "so ask |?| at noon");
    fs::write(&onnx, name_model::onnx(&[5])).expect("a file");
    aside.program().signal("HUP");
    aside.wait_for("loaded 1 rule");
    assert_eq!(
        sent(&aside, "so ask vrenka at noon"),
        "so ask vrenka at noon"
    );
}

#[test]
fn a_model_that_is_not_there_is_told_with_its_place() {
    let upstream = upstream();
    for command in [
        &["check"][..],
        &["test"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let finished = setup(&upstream).run(command, "");
        assert_eq!(finished.code, Some(1), "{command:?}: {}", finished.stderr);
        for part in [
            "the model for names can't be used: `model` can't be read",
            "aside.toml:",
        ] {
            assert!(
                finished.stderr.contains(part),
                "{command:?}: {}",
                finished.stderr
            );
        }
    }
}
