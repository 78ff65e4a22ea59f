use super::*;
use crate::chat::request::Takes;
use crate::files::Source;
use crate::record::LineReading;
use crate::ruleset::Ruleset;

const RULE: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]";

fn watched(text: &str) -> Watched {
    let (ruleset, _) = Ruleset::read(vec![Source::new("a.toml", RULE)], &|_| None);
    let body = serde_json::json!({ "messages": [{ "role": "user", "content": text }] });
    Watched {
        body: body.to_string().into(),
        ruleset: Arc::new(ruleset.expect("a rule")),
        steps: Vec::new(),
        at: String::new(),
        turn: "turn_1".to_owned(),
        call: None,
        route: "default".to_owned(),
        vapi: Default::default(),
        context: None,
        fetch: None,
        most_injected: 1 << 20,
        upstream: "main".to_owned(),
        takes: Takes::default(),
        failures: Vec::new(),
        shaped: Vec::new(),
        got: None,
        reply: Vec::new(),
        ended: "answered",
        timeline: None,
    }
}

fn writer(file: PathBuf, most: usize) -> LineWriter {
    let options = Options {
        file,
        most,
        seal: None,
    };
    LineWriter {
        options,
        open: None,
        is_failing: false,
    }
}

fn lines(path: &Path) -> usize {
    let text = fs::read_to_string(path).expect("a recording");
    let reading = LineReading(None);
    let lines = text.lines();
    lines.filter(|line| reading.line(line).is_ok()).count()
}

#[test]
fn a_recording_is_its_owners_and_turns_over_at_its_bound() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/turns.jsonl");
    let mut writer = writer(path.clone(), 3000);
    for _ in 0..20 {
        assert!(writer.record(&watched("Hi.")));
    }
    for path in [&path, &older(&path)] {
        let metadata = fs::metadata(path).expect("it is there");
        assert!(metadata.len() <= 3000, "{}", metadata.len());
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert!(lines(path) > 0);
    }
    let files = fs::read_dir(folder.path().join("deep")).expect("a folder");
    assert_eq!(files.count(), 2);
}

#[test]
fn half_a_line_of_a_run_before_spoils_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    fs::write(&path, "{\"half\":").expect("written");
    assert!(writer(path.clone(), 1 << 20).record(&watched("Hi.")));
    assert_eq!(lines(&path), 1);
}

#[test]
fn r28_after_a_disk_that_takes_nothing_it_goes_on_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    // The device fails as a full disk does: at every write.
    let mut writer = writer("/dev/full".into(), 1 << 20);
    assert!(!writer.record(&watched("Hi.")) && !writer.record(&watched("Hi.")));
    writer.options.file.clone_from(&path);
    assert!(writer.record(&watched("Hi.")));
    assert_eq!(lines(&path), 1);
}

#[test]
fn a_link_that_somebody_put_there_is_not_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("turns.jsonl");
    let theirs = folder.path().join("theirs");
    fs::write(&theirs, "theirs").expect("a file");
    std::os::unix::fs::symlink(&theirs, &path).expect("a link");
    let options = writer(path.clone(), 1 << 20).options;
    let error = Recorder::start(options).expect_err("it does not start");
    assert!(error.to_string().contains("symbolic link"), "{error}");
    // Nor is one that takes the place of the file later.
    fs::remove_file(&path).expect("a link");
    let mut writer = writer(path.clone(), 1 << 20);
    assert!(writer.record(&watched("Hi.")));
    fs::remove_file(&path).expect("a file");
    std::os::unix::fs::symlink(&theirs, &path).expect("a link");
    assert!(!writer.record(&watched("Hi.")));
    assert_eq!(fs::read_to_string(&theirs).expect("a file"), "theirs");
    fs::remove_file(&path).expect("a link");
    assert!(writer.record(&watched("Hi.")));
    assert_eq!(lines(&path), 1);
}

#[test]
fn a_file_that_was_moved_deleted_or_emptied_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("deep/turns.jsonl");
    let moved = folder.path().join("deep/turns.moved");
    let mut writer = writer(path.clone(), 1 << 20);
    assert!(writer.record(&watched("Hi.")));
    fs::rename(&path, &moved).expect("it is moved");
    assert!(writer.record(&watched("Hi.")) && writer.record(&watched("Hi.")));
    assert_eq!((lines(&moved), lines(&path)), (1, 2));
    fs::remove_dir_all(folder.path().join("deep")).expect("it is deleted");
    assert!(writer.record(&watched("Hi.")));
    assert_eq!(lines(&path), 1);
    File::create(&path).expect("it is emptied");
    assert!(writer.record(&watched("Hi.")));
    assert_eq!(lines(&path), 1);
    fs::rename(&path, &moved).expect("it is moved");
    assert!(writer.reopened().is_ok() && path.exists());
}

#[test]
fn what_is_too_much_is_dropped_and_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = writer(folder.path().join("turns.jsonl"), 1 << 20).options;
    let recorder = Recorder::start(options).expect("it starts");
    let mut giant = watched("Hi.");
    giant.reply = vec!["x".repeat(MOST_BYTES).into()];
    recorder.take(giant);
    assert_eq!((recorder.dropped(), recorder.waiting()), (1, 0));
}
