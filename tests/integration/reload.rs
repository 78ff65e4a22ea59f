//! Rules and config that change under load: no turn fails, and each uses one version.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::DEADLINE;
use crate::aside::{Aside, Setup, config};
use crate::client::{Answer, Client};
use crate::metrics::{scrape, wait_for};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{CHAT, Reply, says, stop, stream_head, turn, turn_of, whole};

const BROKEN: &str = "aside_reload_rules_broken";
const KEPT: &str = r#"aside_reload_total{what="rules",outcome="kept"}"#;

/// A rule that marks both directions with its version.
fn rule(number: usize) -> String {
    format!(
        "about = \"x\"\n[then.rewrite]\nfind = 'TOKEN'\nreplace = \"v{number}\"\nin = [\"user\", \"reply\"]\n\n\
         [[test]]\nname = \"both\"\ncaller = \"TOKEN\"\nmodel_gets = \"v{number}\"\n"
    )
}

/// An upstream that says what it was sent and then a token of its own, before which it may wait.
fn upstream() -> Upstream {
    Upstream::start(|request, _| {
        if request.head.starts_with("GET") {
            return whole("404 Not Found", "", "");
        }
        let json = request.json();
        let messages = json["messages"].as_array().expect("messages");
        let said = messages.last().expect("one")["content"].as_str();
        let said = said.expect("a text").to_owned();
        let mut steps = vec![stream_head(), says(&format!("sent {said} heard "))];
        if said.contains("wait") {
            steps.push(ScriptStep::Wait(1));
        }
        steps.extend([says("TOK"), says("EN."), stop(), ScriptStep::EndChunks]);
        steps
    })
}

/// The version of the rules that an answer tells, and the mark that both its directions bear.
fn used(answer: &Answer, body: &str) -> (String, String) {
    assert_eq!(answer.status, 200);
    let version = answer.header("x-aside-rules").expect("a version");
    let heard = Reply::read(body).heard();
    let marks = heard.strip_prefix("sent ").and_then(|rest| {
        let (sent, heard) = rest.strip_suffix('.')?.split_once(" heard ")?;
        (sent.trim_end_matches(" wait") == heard).then(|| heard.to_owned())
    });
    let mark = marks.unwrap_or_else(|| panic!("two versions in one turn: `{heard}`"));
    (version.to_owned(), mark)
}

fn ask(client: &mut Client) -> (String, String) {
    let answer = client.post(CHAT, &[], &turn("TOKEN"));
    let body = answer.text();
    used(&answer, &body)
}

/// Asks until a turn bears this mark; gives its version.
#[track_caller]
fn wait_for_mark(aside: &Aside, mark: &str) -> String {
    let began = Instant::now();
    loop {
        let (version, found) = ask(&mut aside.client());
        if found == mark {
            return version;
        }
        assert!(began.elapsed() < DEADLINE, "never `{mark}`, but `{found}`");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Writes a file as editors do: beside, then in its place.
fn replace(path: &Path, bytes: impl AsRef<[u8]>) {
    let beside = path.with_extension("swp");
    fs::write(&beside, bytes).expect("a file");
    fs::rename(&beside, path).expect("it is renamed");
}

/// Puts another folder behind `..data`, as Kubernetes does.
fn swap_data(rules: &Path, number: usize) {
    let folder = format!("..v{number}");
    fs::create_dir(rules.join(&folder)).expect("a folder");
    fs::write(rules.join(&folder).join("10-a.toml"), rule(number)).expect("a file");
    let beside = rules.join("..data_tmp");
    symlink(&folder, &beside).expect("a link");
    let older = fs::read_link(rules.join("..data"));
    fs::rename(&beside, rules.join("..data")).expect("it is renamed");
    let file = rules.join("10-a.toml");
    if fs::symlink_metadata(&file).is_ok_and(|file| !file.is_symlink()) {
        fs::remove_file(&file).expect("it is there");
    }
    if fs::symlink_metadata(&file).is_err() {
        symlink("..data/10-a.toml", &file).expect("a link");
    }
    if let Ok(older) = older {
        fs::remove_dir_all(rules.join(older)).expect("it was there");
    }
}

fn serve(upstream: &Upstream, top: &str) -> Aside {
    let config = config(upstream, "first_token = \"15s\"\nstall = \"600s\"");
    Aside::serve(&Setup::with_config(&format!("{top}\n{config}")).rule("10-a", &rule(0)))
}

/// Asks on and on; gives the marks that each version had.
fn load(address: SocketAddr, is_over: &AtomicBool) -> BTreeMap<String, Vec<String>> {
    let mut client = Client::to(address);
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while !is_over.load(Ordering::Relaxed) {
        let (version, mark) = ask(&mut client);
        let marks = seen.entry(version).or_default();
        if !marks.contains(&mark) {
            marks.push(mark);
        }
        thread::sleep(Duration::from_millis(5));
    }
    seen
}

/// Makes the folder bad in one of many ways; the file that is at fault.
fn spoil(rules: &Path, way: usize) -> PathBuf {
    let file = rules.join("20-b.toml");
    match way {
        0 => replace(&file, "about = \"x\"\n[then.injekt]\n"),
        // Half written: what comes first is good by itself, and its end is not there yet.
        1 => fs::write(&file, &rule(7)[..60]).expect("a file"),
        2 => fs::write(&file, vec![b'#'; 10 << 20]).expect("a file"),
        3 => fs::write(&file, b"about = \"\xff\"\n").expect("a file"),
        // Nobody can read a folder as a file, nor a link that leads nowhere.
        4 => fs::create_dir(&file).expect("a folder"),
        5 => symlink("nowhere.toml", &file).expect("a link"),
        _ => replace(
            &file,
            rule(7).replace("model_gets = \"v7\"", "model_gets = \"other\""),
        ),
    }
    file
}

fn remove(path: &Path) {
    let removed = match fs::symlink_metadata(path).is_ok_and(|found| found.is_dir()) {
        true => fs::remove_dir(path),
        false => fs::remove_file(path),
    };
    removed.expect("it is there");
}

/// `ASIDE_TEST_RELOADS=1000` runs it in full.
#[test]
fn r27_rules_change_under_load_and_every_turn_uses_one_version() {
    let reloads = std::env::var("ASIDE_TEST_RELOADS").ok();
    let reloads: usize = reloads.and_then(|it| it.parse().ok()).unwrap_or(60);
    let upstream = upstream();
    let mut aside = serve(&upstream, "");
    let rules = aside.path("rules");
    let mut early = aside.client();
    early.send("POST", CHAT, &[], &turn("TOKEN wait"));
    let early_head = early.head();
    let early_body = early.read_until("heard ");
    let is_over = AtomicBool::new(false);
    let address = aside.address;
    let mut memory = Vec::new();
    let (mut versions, mut turns_served) = (BTreeMap::new(), 0);
    versions.insert(ask(&mut aside.client()).0, "v0".to_owned());
    thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| load(address, &is_over)))
            .collect();
        let began = Instant::now();
        for number in 1..=reloads {
            match number % 3 {
                0 => swap_data(&rules, number),
                1 => replace(&rules.join("10-a.toml"), rule(number)),
                _ => fs::write(rules.join("10-a.toml"), rule(number)).expect("a file"),
            }
            aside.program().signal("HUP");
            let mark = format!("v{number}");
            let version = wait_for_mark(&aside, &mark);
            versions.insert(version.clone(), mark.clone());
            let spoilt = spoil(&rules, number % 7);
            aside.program().signal("HUP");
            wait_for(&aside, &[(BROKEN, 1.0)]);
            assert_eq!(ask(&mut aside.client()), (version, mark));
            remove(&spoilt);
            aside.program().signal("HUP");
            wait_for(&aside, &[(BROKEN, 0.0)]);
            memory.extend(aside.program().resident_bytes());
        }
        // Without its only file the folder still is a good one, without its folder it is not.
        remove(&rules.join("10-a.toml"));
        let version = wait_for_mark(&aside, "TOKEN");
        versions.insert(version, "TOKEN".to_owned());
        fs::remove_dir_all(&rules).expect("it is there");
        wait_for(&aside, &[(BROKEN, 1.0)]);
        assert_eq!(ask(&mut aside.client()).1, "TOKEN");
        eprintln!(
            "{reloads} reloads, each good and bad, took {:?}",
            began.elapsed()
        );
        is_over.store(true, Ordering::Relaxed);
        for client in clients {
            for (version, marks) in client.join().expect("no turn failed") {
                assert_eq!(marks, [versions[&version].clone()], "{version}");
                turns_served += 1;
            }
        }
    });
    assert!(turns_served > reloads / 2, "the load saw many versions");
    assert_eq!(versions.len(), reloads + 2);
    // The stream that began before it all.
    upstream.open(1);
    let body = early_body + &early.rest();
    let (version, mark) = used(&early_head, &body);
    assert_eq!((versions[&version].as_str(), mark.as_str()), ("v0", "v0"));
    if let [.., last] = memory.as_slice() {
        let middle = memory[memory.len() / 2];
        eprintln!("memory: {} MB, then {} MB", middle >> 20, last >> 20);
        assert!(*last < middle + (64 << 20), "old rules are freed");
    }
}

#[test]
fn r27_without_a_signal_what_is_broken_is_told_once_and_what_is_good_is_taken() {
    let upstream = upstream();
    let aside = serve(&upstream, "");
    let version = wait_for_mark(&aside, "v0");
    let broken = aside.path("rules/20-b.toml");
    replace(&broken, "about = \"x\"\n[then.injekt]\n");
    let line = aside.wait_for("kept the rules");
    let expected = format!(
        "version {version}: rules/20-b.toml:2:7: unknown kind `injekt`; did you mean `inject`?"
    );
    assert!(line.contains(&expected), "{line}");
    let found = wait_for(&aside, &[(BROKEN, 1.0)]);
    assert_eq!(found.get(KEPT), Some(&1.0));
    // Many looks later it is still told once.
    replace(&aside.path("rules/10-a.toml"), rule(1));
    let began = Instant::now();
    while scrape(&aside).get(KEPT) != Some(&2.0) {
        assert!(began.elapsed() < DEADLINE);
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(ask(&mut aside.client()), (version, "v0".to_owned()));
    fs::remove_file(&broken).expect("it is there");
    let newer = wait_for_mark(&aside, "v1");
    wait_for(&aside, &[(BROKEN, 0.0), (KEPT, 2.0)]);
    aside.wait_for(&format!("loaded 1 rule, version {newer}"));
    let printed = aside.printed();
    assert_eq!(printed.matches("kept the rules").count(), 2, "{printed}");
}

#[test]
fn r27_a_call_keeps_the_rules_with_which_it_began_where_the_config_says_so() {
    let upstream = upstream();
    let aside = serve(&upstream, "reload = \"call\"");
    let of_call = |call: &str| {
        let answer = aside.client().post(CHAT, &[], &turn_of(call, "TOKEN"));
        let body = answer.text();
        used(&answer, &body).1
    };
    assert_eq!(of_call("call-1"), "v0");
    replace(&aside.path("rules/10-a.toml"), rule(1));
    wait_for_mark(&aside, "v1");
    assert_eq!(of_call("call-1"), "v0");
    assert_eq!(of_call("call-2"), "v1");
}

#[test]
fn s01_keys_and_upstreams_change_at_a_signal_and_streams_go_on() {
    let (first, second) = (upstream(), upstream());
    let mut aside = serve(&first, "keys = [\"old-key-1\"]");
    let path = aside.path("aside.toml");
    let text = fs::read_to_string(&path).expect("the config");
    let bearer = |key: &str| format!("Bearer {key}");
    let status = |aside: &Aside, key: &str| {
        let headers = [("authorization", bearer(key))];
        let headers = headers
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        aside.client().post(CHAT, &headers, &turn("TOKEN")).status
    };
    let mut early = aside.client();
    let old = bearer("old-key-1");
    early.send(
        "POST",
        CHAT,
        &[("authorization", &old)],
        &turn("TOKEN wait"),
    );
    let head = early.head();
    let body = early.read_until("heard ");
    for (keys, expected, line) in [
        ("\"old-key-1\", \"new-key-2\"", [200, 200], 1),
        ("\"new-key-2\"", [401, 200], 2),
    ] {
        let text = text.replace("\"old-key-1\"", keys);
        replace(&path, text.replace(&first.url(), &second.url()));
        aside.program().signal("HUP");
        let loaded = r#"aside_reload_total{what="config",outcome="loaded"}"#;
        wait_for(&aside, &[(loaded, f64::from(line))]);
        assert_eq!(
            [status(&aside, "old-key-1"), status(&aside, "new-key-2")],
            expected
        );
    }
    assert_eq!(first.count(), 1, "only the early stream");
    // What is broken changes nothing, and nothing of it is shown.
    let broken = text.replace("\"old-key-1\"", "\"secret-key-3\"\nkey = \"secret-key-4\"");
    replace(&path, broken);
    aside.program().signal("HUP");
    let line = aside.wait_for("kept the config as it was");
    assert!(line.contains("aside.toml:"), "{line}");
    assert_eq!(
        [status(&aside, "new-key-2"), status(&aside, "secret-key-3")],
        [200, 401]
    );
    let restart = text.replace(
        "\"old-key-1\"]",
        "\"new-key-2\"]\nworkers = 9\n[log]\nformat = \"json\"",
    );
    replace(&path, restart);
    aside.program().signal("HUP");
    let line = aside.wait_for("needs a restart");
    assert!(line.contains("log.format"), "{line}");
    // The environment says how many workers there are, whatever the file says.
    assert!(!aside.printed().contains("field=\"workers\""));
    assert_eq!(status(&aside, "new-key-2"), 200);
    first.open(1);
    let body = body + &early.rest();
    assert_eq!(used(&head, &body).1, "v0");
    let printed = aside.printed();
    for secret in ["old-key-1", "new-key-2", "secret-key-3", "secret-key-4"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
