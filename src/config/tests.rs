use super::*;
use crate::text::host::Origin;
use std::time::Duration;

fn read(text: &str) -> (Option<Config>, Vec<String>) {
    let env = |name: &str| match name {
        "SET" => Some("s3cr3t-1".to_owned()),
        "CONTEXT" => Some("s3cr3t-3".to_owned()),
        "ADMIN" => Some("s3cr3t-2".to_owned()),
        _ => None,
    };
    let (config, problems) = Config::read(
        &Source::secret("aside.toml", text),
        &Overrides::default(),
        &env,
    );
    (
        config,
        problems
            .iter()
            .map(|p| format!("{}:{} {}", p.line, p.column, p.message))
            .collect(),
    )
}

#[test]
fn the_defaults_are_those_of_the_contract() {
    let (config, problems) = read("[upstream.openai]\npreset = \"openai\"\nkey = \"${SET}\"\n");
    let config = config.unwrap_or_else(|| panic!("{problems:?}"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.limits.body, 8 << 20);
    let limits = &config.limits;
    assert_eq!((limits.streams, limits.injected), (4000, 256 << 10));
    assert!(limits.streams_per_key.is_none() && limits.turns_per_key.is_none());
    assert!(limits.call_turns.is_none() && limits.call_tokens.is_none());
    let route = config.routes["default"].get_ref();
    assert_eq!(
        [route.connect, route.first_token, route.stall, route.whole],
        [1, 3, 5, 30].map(Duration::from_secs)
    );
    assert_eq!(
        config.upstreams["openai"]
            .get_ref()
            .key
            .as_ref()
            .map(Key::expose),
        Some("s3cr3t-1")
    );
    assert!(
        !format!("{config:?}").contains("s3cr3t-1"),
        "keys are not shown"
    );
}

#[test]
fn every_problem_is_told_with_its_place() {
    for (text, place) in [
        ("", "1:1 there is no upstream"),
        ("[upstream.a]\n", "1:1 the upstream `a` has no `url`"),
        (
            "[upstream.a]\nurl = \"http://x\"\nkey = \"${NOT_SET}\"\n",
            "3:7 the environment variable `NOT_SET` is not set",
        ),
        (
            "[upstream.a]\nurl = \"http://x\"\n[route.default]\nupstreams = [\"b\"]\n",
            "4:14 there is no upstream `b`",
        ),
        (
            "listen = \"0.0.0.0:80\"\n[upstream.a]\nurl = \"http://x\"\n",
            "1:10 `0.0.0.0:80` is open to others",
        ),
        (
            "listen = \"nowhere\"\n",
            "1:10 invalid socket address syntax",
        ),
        ("keys = [\"\"]\n", "1:9 a key is empty"),
        (
            "[upstream.a]\nurl = \"http://x\"\n[admin]\nlisten = \"0.0.0.0:90\"\n",
            "4:10 `0.0.0.0:90` is open to others, and there are no `admin_keys`",
        ),
        (
            "[upstream.a]\nurl = \"http://x\"\n[fetch]\nhosts = [\"a.example\", \"https://b.example/api\"]\n",
            "4:23 a host has no scheme, user or path; write `b.example`",
        ),
        ("[limits]\nbody = \"8 cows\"\n", "2:8 `8 cows` is no size"),
        (
            "[limits]\nstreams = 0\nturns_per_key = \"20/day\"\n",
            "2:11 0 would let no turn through: write 1 or more",
        ),
        (
            "[limits]\nstreams = 0\nturns_per_key = \"20/day\"\n",
            "3:17 `20/day` is no rate: write a number of turns",
        ),
        (
            "[limits]\nstreams_per_key = 0\n",
            "2:19 0 would let no turn through",
        ),
        ("[limits]\ncall_turns = -3\n", "2:14 -3 would let no turn"),
        ("[limits]\ncall_tokens = 0\n", "2:15 0 would let no turn"),
        ("[limits]\ninjected = \"0\"\n", "2:12 `0` is no size"),
        (
            "[upstream.a]\nprest = \"openai\"\n",
            "2:1 unknown field `prest`",
        ),
    ] {
        let (config, problems) = read(text);
        assert!(config.is_none(), "{text}");
        assert!(
            problems.iter().any(|problem| problem.starts_with(place)),
            "{text}: {problems:?}"
        );
    }
}

#[test]
fn a_problem_of_a_flag_names_the_flag() {
    let over = Overrides {
        listen: Some(SocketAddr::from(([0, 0, 0, 0], 80))),
        ..Overrides::default()
    };
    let text = "listen = \"127.0.0.1:80\"\n[upstream.a]\nurl = \"http://x\"\n";
    let source = Source::secret("aside.toml", text);
    let (_, problems) = Config::read(&source, &over, &|_| None);
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    let shown = problem.to_string();
    assert!(
        shown.starts_with("error: --listen or ASIDE_LISTEN: `0.0.0.0:80` is open to others"),
        "{shown}"
    );
    assert!(shown.contains("\nhelp: set `keys"), "{shown}");
}

#[test]
fn a_key_that_opens_two_kinds_of_doors_is_a_warning() {
    for (one, other) in [
        ("keys", "context_keys"),
        ("keys", "admin_keys"),
        ("context_keys", "admin_keys"),
    ] {
        let text = format!(
            "{one} = [\"a\"]\n{other} = [\"b\", \"a\"]\n[upstream.a]\nurl = \"http://x\"\n"
        );
        let (config, problems) = read(&text);
        assert!(config.is_some() && problems.len() == 1, "{problems:?}");
        assert!(
            problems[0].contains(&format!("among both `{one}` and `{other}`")),
            "{problems:?}"
        );
    }
}

#[test]
fn the_whole_config_of_the_contract_is_read() {
    let text = r#"
        listen = "0.0.0.0:8080"
        workers = 2
        rules = "rules"
        keys = ["${SET}"]
        context_keys = ["${CONTEXT}"]
        admin_keys = ["${ADMIN}"]
        [upstream.openai]
        preset = "openai"
        key = "${SET}"
        [upstream.backup]
        preset = "openrouter"
        key = "${SET}"
        model = "meta-llama/llama-3.3-70b-instruct"
        headers = { HTTP-Referer = "https://example.com" }
        fields = ["provider"]
        [route.default]
        upstreams = ["openai", "backup"]
        connect = "1s"
        first_token = "3s"
        stall = "5s"
        whole = "30s"
        hedge = "1200ms"
        on_error = "speak"
        apology = "Sorry."
        [context]
        store = "memory"
        [fetch]
        hosts = ["crm.example.com"]
        [limits]
        body = "8 MiB"
        streams = 4000
        [vapi]
        secret = "${SET}"
        [admin]
        listen = "0.0.0.0:9090"
        [log]
        format = "text"
    "#;
    let (config, problems) = read(text);
    let config = config.unwrap_or_else(|| panic!("{problems:?}"));
    let (origin, _) = Origin::split("https://crm.example.com/customers").expect("a URL");
    assert!(origin.is_among(&config.fetch.hosts()) && !config.fetch.private);
    assert_eq!(problems.len(), 0, "{problems:?}");
}

#[test]
fn an_apology_without_words_is_refused() {
    for apology in ["", "  ", "..."] {
        let text = format!(
            "[upstream.a]\nurl = \"http://a/v1\"\n[route.default]\nupstreams = [\"a\"]\napology = \"{apology}\"\n"
        );
        let source = Source::new("aside.toml", text);
        let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        assert!(
            problems[0].to_string().contains("says nothing"),
            "{}",
            problems[0]
        );
    }
}
