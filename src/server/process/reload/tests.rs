//! Rules that change on disk, look by look.

use super::*;
use crate::server::state::files::read_rules;
use crate::server::state::rules::Rulesets;
use std::fs;
use tempfile::TempDir;

struct Setting {
    folder: TempDir,
    live: Arc<LiveSnapshot>,
    watcher: RulesWatcher,
}

fn rule(text: &str) -> String {
    format!("about = \"x\"\n[then.inject]\ntext = \"{text}\"\n")
}

impl Setting {
    fn new(config: &str) -> Setting {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = folder.path().join("rules");
        fs::create_dir(&rules).expect("a folder");
        fs::write(rules.join("10-a.toml"), rule("one")).expect("a file");
        let path = folder.path().join("aside.toml");
        let text = format!(
            "rules = {:?}\n[upstream.mock]\nurl = \"http://127.0.0.1:9/v1\"\n{config}\n",
            rules.display().to_string()
        );
        fs::write(&path, text).expect("a file");
        let source = read_config(&path).expect("the config");
        let origin = ConfigOrigin {
            config: Some(path),
            over: Overrides::default(),
            env: |_| None,
        };
        let (config, problems) = Config::read(&source, &origin.over, &origin.env);
        let config = config.unwrap_or_else(|| panic!("{problems:?}"));
        let sources = read_rules(&rules).expect("the rules");
        let (ruleset, problems) = Ruleset::read(sources, &origin.env);
        let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        let rulesets = Rulesets::same_for_all(&config, ruleset);
        let snapshot = Snapshot::new(&config, &source, &rulesets).expect("a server");
        let live = Arc::new(LiveSnapshot::new(snapshot));
        let watcher = RulesWatcher::new(live.clone(), config, origin);
        Setting {
            folder,
            live,
            watcher,
        }
    }

    fn rules(&self) -> PathBuf {
        self.folder.path().join("rules")
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.rules().join(name), bytes).expect("a file");
    }

    /// The rules that are served of the only folder.
    fn ruleset(&self) -> Arc<Ruleset> {
        let now = self.live.now();
        let rules = now.rules.values().next().expect("rules");
        rules.ruleset.clone()
    }

    fn version(&self) -> String {
        self.ruleset().version().to_owned()
    }

    fn look_twice(&mut self) {
        self.watcher.look();
        self.watcher.look();
    }

    fn edit_config(&self, from: &str, to: &str) {
        let path = self.folder.path().join("aside.toml");
        let text = fs::read_to_string(&path).expect("the config");
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replace(from, to)).expect("a file");
    }

    /// What is wrong on disk.
    #[track_caller]
    fn broken(&self) -> String {
        let broken = self.live.broken();
        assert!(broken.is_any());
        all_in_one_line(&broken.problems())
    }
}

#[test]
fn r27_what_stands_still_for_two_looks_is_taken() {
    let mut setting = Setting::new("");
    let first = setting.version();
    setting.look_twice();
    assert_eq!(setting.version(), first);
    setting.write("10-a.toml", rule("two"));
    assert_eq!(setting.watcher.look(), SETTLE);
    assert_eq!(setting.version(), first, "it may still be written");
    setting.write("20-b.toml", rule("half"));
    setting.watcher.look();
    assert_eq!(setting.version(), first, "it was still written");
    setting.watcher.look();
    assert_ne!(setting.version(), first);
    assert_eq!(setting.ruleset().rules().len(), 2);
}

#[test]
fn r27_what_is_broken_keeps_the_last_good_rules() {
    let mut setting = Setting::new("");
    let first = setting.version();
    let failing = format!(
        "{}[[test]]\nname = \"it fails\"\ncaller = \"a\"\nmodel_gets = \"b\"\n",
        rule("x")
    );
    let fetching = "about = \"x\"\n[fetch.crm]\nurl = \"https://elsewhere.example/a\"\n[then.inject]\ntext = \"{{ fetch.crm.a }}\"\n";
    for (bytes, expected) in [
        (&b"about = \"x\n"[..], "20-b.toml:1:"),
        (b"about = \"x\"\n[then.injekt]\n", "did you mean `inject`?"),
        (&[b'#', 0xff, b'\n'], "not valid UTF-8"),
        (&vec![b'#'; 10 << 20], "more than it may have"),
        (
            failing.as_bytes(),
            "20-b.toml:5:9: the test `it fails` fails at `model_gets`",
        ),
        (fetching.as_bytes(), "may not be asked"),
    ] {
        setting.write("20-b.toml", bytes);
        setting.look_twice();
        assert_eq!(setting.version(), first);
        let told = setting.broken();
        assert!(told.contains(expected) && !told.contains('\n'), "{told}");
    }
    fs::remove_file(setting.rules().join("20-b.toml")).expect("it is there");
    fs::create_dir(setting.rules().join("20-b.toml")).expect("a folder");
    setting.look_twice();
    assert!(setting.broken().contains("no file"), "{}", setting.broken());
    fs::remove_dir_all(setting.rules()).expect("it is there");
    setting.look_twice();
    assert!(setting.broken().contains("does not exist"));
    assert_eq!(setting.version(), first);
    fs::create_dir(setting.rules()).expect("a folder");
    setting.write("10-a.toml", rule("one"));
    setting.look_twice();
    assert!(!setting.live.broken().is_any());
    assert_eq!(setting.version(), first);
    setting.write("10-a.toml", rule("two"));
    setting.look_twice();
    assert_ne!(setting.version(), first);
}

#[test]
fn r27_a_test_of_all_rules_that_fails_keeps_the_last_good_rules() {
    let mut setting = Setting::new("");
    fs::create_dir(setting.rules().join("tests")).expect("a folder");
    let hi = "{ \"messages\": [{ \"role\": \"user\", \"content\": \"Hi.\" }] }";
    setting.write("tests/hi.json", hi);
    let chain = "[[test]]\nname = \"all\"\nrequest = \"hi.json\"\nmodel_gets = \"Hi.\"\n";
    setting.write("tests/a.toml", chain);
    setting.look_twice();
    assert!(!setting.live.broken().is_any());
    let first = setting.version();
    setting.write("tests/hi.json", hi.replace("Hi", "Ho"));
    setting.write("10-a.toml", rule("two"));
    setting.look_twice();
    let told = setting.broken();
    assert!(
        told.contains("tests/a.toml:2:9: the test `all` fails at `model_gets`"),
        "{told}"
    );
    assert_eq!(setting.version(), first);
    setting.write("tests/a.toml", chain.replace("hi.json", "none.json"));
    setting.look_twice();
    let told = setting.broken();
    assert!(
        told.contains("`none.json`: the file can't be read: it does not exist"),
        "{told}"
    );
    assert_eq!(setting.version(), first);
    setting.write("tests/a.toml", chain);
    setting.write("tests/hi.json", hi);
    setting.look_twice();
    assert!(!setting.live.broken().is_any());
    assert_ne!(setting.version(), first);
}

#[test]
fn s15_a_folder_has_200_rules_at_most() {
    let mut setting = Setting::new("");
    for number in 1..200 {
        setting.write(&format!("20-{number:03}.toml"), rule("one"));
    }
    setting.look_twice();
    assert_eq!(setting.ruleset().rules().len(), 200);
    setting.write("30-more.toml", rule("one"));
    setting.look_twice();
    assert!(setting.broken().contains("201 rule files, more than 200"));
}

#[test]
fn r27_old_rules_are_freed_when_their_last_turn_ends() {
    let mut setting = Setting::new("");
    let turn = setting.live.now();
    let of_turn = || turn.rules.values().next().expect("rules").ruleset.clone();
    let old = Arc::downgrade(&of_turn());
    setting.write("10-a.toml", rule("two"));
    setting.look_twice();
    assert!(old.upgrade().is_some(), "a turn uses them");
    let reply = of_turn();
    drop(turn);
    assert!(old.upgrade().is_some(), "its reply uses them");
    drop(reply);
    assert!(old.upgrade().is_none());
}

#[test]
fn a_call_keeps_its_rules_where_the_config_says_so() {
    for (reload, is_kept) in [("turn", false), ("call", true)] {
        let mut setting = Setting::new("");
        setting.edit_config("rules =", &format!("reload = \"{reload}\"\nrules ="));
        setting.watcher.read_all();
        let version = |call| {
            let now = setting.live.now();
            let route = now.usual_route().expect("a route");
            let rules = now.rules_of(route, call).expect("rules");
            rules.ruleset.version().to_owned()
        };
        let first = version(Some("a"));
        setting.write("10-a.toml", rule("two"));
        setting.watcher.look();
        setting.watcher.look();
        assert_eq!(version(Some("a")) == first, is_kept, "{reload}");
        assert_ne!(version(Some("b")), first);
        assert_ne!(version(None), first);
    }
}

#[test]
fn s01_a_new_config_counts_at_once_and_a_broken_one_not_at_all() {
    let mut setting = Setting::new("");
    let before = setting.live.now();
    let key = |setting: &Setting, key: &str| setting.live.now().keys.is_callers(key);
    setting.edit_config("rules =", "keys = [\"old\", \"new\"]\nrules =");
    setting.watcher.read_all();
    assert!(key(&setting, "old") && key(&setting, "new"));
    setting.edit_config("\"old\", ", "");
    setting.watcher.read_all();
    assert!(!key(&setting, "old") && key(&setting, "new"));
    assert!(
        !before.keys.has_callers(),
        "a turn under way has what it began with"
    );
    setting.edit_config("\"new\"", "\"newer\", 3");
    setting.watcher.read_all();
    assert!(key(&setting, "new") && !key(&setting, "newer"));
    let after = setting.live.now();
    assert!(
        before.rules.keys().eq(after.rules.keys())
            && (before.rules.values().zip(after.rules.values()))
                .all(|(one, other)| Arc::ptr_eq(one, other)),
        "the rules were not new"
    );
}

#[test]
fn an_upstream_that_is_the_same_keeps_what_is_known_of_it() {
    let second = "[upstream.other]\nurl = \"http://127.0.0.1:8/v1\"\nheaders = { X-A = \"1\" }\n[route.default]\nupstreams = [\"mock\", \"other\"]";
    let mut setting = Setting::new(second);
    let upstreams = |setting: &Setting| {
        let snapshot = setting.live.now();
        let route = snapshot.route("default").expect("the route");
        (route.plan.upstreams.clone(), route.apology.clone())
    };
    let (before, _) = upstreams(&setting);
    setting.edit_config("X-A = \"1\"", "X-A = \"2\"");
    setting.edit_config(
        "\"mock\", \"other\"]",
        "\"mock\", \"other\"]\napology = \"Oh.\"",
    );
    setting.watcher.read_all();
    let (after, apology) = upstreams(&setting);
    assert!(Arc::ptr_eq(&before[0], &after[0]));
    assert!(!Arc::ptr_eq(&before[1], &after[1]));
    assert_eq!(apology, "Oh.");
}

#[test]
fn new_hosts_are_checked_against_the_rules() {
    let mut setting = Setting::new("[fetch]\nhosts = [\"crm.example.com\"]");
    let fetching = "about = \"x\"\n[fetch.crm]\nurl = \"https://crm.example.com/a\"\n[then.inject]\ntext = \"{{ fetch.crm.a }}\"\n";
    setting.write("20-b.toml", fetching);
    setting.look_twice();
    let served = setting.version();
    assert_eq!(setting.ruleset().rules().len(), 2);
    setting.edit_config("crm.example.com", "other.example.com");
    setting.watcher.read_all();
    assert!(setting.broken().contains("may not be asked"));
    assert_eq!(setting.version(), served);
    setting.edit_config("other.example.com", "crm.example.com");
    setting.watcher.read_all();
    assert!(!setting.live.broken().is_any());
}

#[test]
fn another_folder_of_rules_comes_with_its_config() {
    let mut setting = Setting::new("");
    let first = setting.version();
    let other = setting.folder.path().join("other");
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("10-b.toml"), "about = ").expect("a file");
    let (from, to) = (setting.rules(), other.display().to_string());
    setting.edit_config(&from.display().to_string(), &to);
    setting.edit_config("rules =", "keys = [\"a\"]\nrules =");
    setting.watcher.read_all();
    assert!(setting.broken().contains("10-b.toml:1:"));
    assert!(
        setting.live.now().keys.is_callers("a"),
        "the config is good"
    );
    assert_eq!(setting.version(), first);
    fs::write(other.join("10-b.toml"), rule("b")).expect("a file");
    setting.look_twice();
    assert_eq!(setting.ruleset().rules()[0].name, "10-b");
    assert!(!setting.live.broken().is_any());
}

#[test]
fn without_a_config_file_a_signal_reads_the_rules_alone() {
    let mut setting = Setting::new("");
    setting.watcher.origin.config = None;
    let first = setting.version();
    setting.edit_config("rules =", "keys = [\"a\"]\nrules =");
    setting.write("10-a.toml", rule("two"));
    setting.watcher.read_all();
    assert_ne!(setting.version(), first);
    assert!(!setting.live.now().keys.has_callers());
}
