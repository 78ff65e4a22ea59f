use super::*;
use crate::net::host::Origin;
use std::time::Duration;

const KEY: &str = "0123456789abcdef";

fn read(text: &str) -> (Option<Config>, Vec<String>) {
    let env = |name: &str| match name {
        "SET" => Some("s3cr3t-1-0123456789".to_owned()),
        "CONTEXT" => Some("s3cr3t-3-0123456789".to_owned()),
        "ADMIN" => Some("s3cr3t-2-0123456789".to_owned()),
        _ => None,
    };
    let (config, problems) = Config::read(
        &crate::config::source("aside.toml", text),
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
        [
            route.connect,
            route.first_token,
            route.think,
            route.stall,
            route.whole
        ],
        [1, 3, 8, 5, 30].map(Duration::from_secs)
    );
    assert_eq!(
        config.upstreams["openai"]
            .get_ref()
            .key
            .as_ref()
            .map(|key| key.get_ref().expose()),
        Some("s3cr3t-1-0123456789")
    );
    assert!(
        !format!("{config:?}").contains("s3cr3t-1-0123456789"),
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
            "1:10 `nowhere` is no address to listen at: write `127.0.0.1:8080`",
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
    let source = crate::config::source("aside.toml", text);
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
fn a_key_that_opens_two_kinds_of_doors_is_refused() {
    for (one, other) in [
        ("keys", "context_keys"),
        ("keys", "admin_keys"),
        ("context_keys", "admin_keys"),
    ] {
        let text = format!(
            "{one} = [\"{KEY}\"]\n{other} = [\"another-{KEY}\", \"{KEY}\"]\n[upstream.a]\nurl = \"http://x\"\n"
        );
        let (config, problems) = read(&text);
        assert!(config.is_none() && problems.len() == 1, "{problems:?}");
        let place = format!("2:{} one key is", other.len() + 4);
        assert!(problems[0].starts_with(&place), "{problems:?}");
        assert!(
            problems[0].contains(&format!("among both `{one}` and `{other}`")),
            "{problems:?}"
        );
        assert!(!problems[0].contains(KEY), "{problems:?}");
    }
}

#[test]
fn a_key_that_can_be_guessed_is_a_warning() {
    for list in ["keys", "context_keys", "admin_keys"] {
        let with = |keys: &str| {
            read(&format!(
                "{list} = {keys}\n[upstream.a]\nurl = \"http://x\"\n"
            ))
        };
        let (config, problems) = with("[\"s3cr3t-s3cr3t-1\"]");
        assert!(config.is_some() && problems.len() == 1, "{problems:?}");
        assert!(
            problems[0].contains(&format!("a key of `{list}` can be guessed")),
            "{problems:?}"
        );
        assert!(!problems[0].contains("s3cr3t"), "{problems:?}");
        let (_, problems) = with("[\"s3cr3t\", \"guess-me\"]");
        assert!(problems[0].contains("2 keys of"), "{problems:?}");
        assert_eq!(with(&format!("[\"{KEY}\"]")).1.len(), 0);
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

const UPSTREAM: &str = "[upstream.a]\nurl = \"http://x\"\n";

#[test]
fn a_variable_without_braces_is_told() {
    for (text, place) in [
        (
            "keys = [\"$ASIDE_KEY\"]\n",
            "1:9 `$ASIDE_KEY` is no variable without braces",
        ),
        (
            "keys = [\"$aside_key\"]\n",
            "1:9 `$aside_key` is no variable",
        ),
        (
            "[vapi]\nsecret = \"$(VAPI_SECRET)\"\n",
            "2:10 `$VAPI_SECRET` is no variable",
        ),
        (
            "[upstream.b]\nurl = \"http://$HOST/v1\"\n",
            "2:7 `$HOST` is no variable",
        ),
        (
            "[upstream.b]\nurl = \"http://x\"\nheaders = { Authorization = \"Bearer $KEY\" }\n",
            "3:29 `$KEY` is no variable",
        ),
        ("rules = \"$HOME/rules\"\n", "1:9 `$HOME` is no variable"),
    ] {
        let (config, problems) = read(&format!("{text}{UPSTREAM}"));
        assert!(config.is_none() && problems.len() == 1, "{problems:?}");
        assert!(problems[0].starts_with(place), "{problems:?}");
    }
    let text =
        format!("{UPSTREAM}[route.default]\nupstreams = [\"a\"]\napology = \"That is $FIVE.\"\n");
    let (config, problems) = read(&text);
    assert!(config.is_some() && problems.len() == 1, "{problems:?}");
    let (config, problems) = read(&format!(
        "keys = [\"pa$$WORD1-and-so-on\", \"$5a-and-so-on-and-on\"]\n{UPSTREAM}"
    ));
    assert!(config.is_some() && problems.is_empty(), "{problems:?}");
}

#[test]
fn a_preset_without_its_key_is_told() {
    for preset in ["openai", "openrouter", "together"] {
        let (config, problems) = read(&format!("[upstream.a]\npreset = \"{preset}\"\n"));
        assert!(config.is_none() && problems.len() == 1, "{problems:?}");
        assert!(
            problems[0].starts_with("2:10 the upstream `a` has no `key`"),
            "{problems:?}"
        );
        for good in [
            "key = \"${SET}\"",
            "forward = true",
            "headers = { Authorization = \"Bearer x\" }",
            "headers = { Api-Key = \"x\" }",
            "url = \"http://127.0.0.1:9/v1\"",
        ] {
            let (config, problems) =
                read(&format!("[upstream.a]\npreset = \"{preset}\"\n{good}\n"));
            assert!(
                config.is_some() && problems.is_empty(),
                "{good}: {problems:?}"
            );
        }
    }
    let (_, problems) =
        read("[upstream.a]\npreset = \"openai\"\nurl = \"https://api.openai.com/v1\"\n");
    assert!(
        problems[0].contains("`api.openai.com` refuses"),
        "{problems:?}"
    );
}

#[test]
fn a_host_that_is_never_asked_is_a_warning() {
    let hosts =
        "[\"crm.example.com\", \"10.0.0.7:8443\", \"localhost:9000\", \"crm.local\", \"[::1]\"]";
    let (config, problems) = read(&format!("{UPSTREAM}[fetch]\nhosts = {hosts}\n"));
    assert!(config.is_some());
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(
        problems[0].starts_with("4:29 `10.0.0.7:8443` is never asked"),
        "{problems:?}"
    );
    let (_, problems) = read(&format!(
        "{UPSTREAM}[fetch]\nhosts = {hosts}\nprivate = true\n"
    ));
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn a_key_under_the_wrong_table_is_told_where_it_belongs() {
    for (text, expected, help) in [
        (
            "[upstream.a]\nurl = \"http://x\"\nkeys = [\"k\"]\n",
            "`keys` does not belong below `[upstream.a]`",
            "move the line to the top",
        ),
        (
            "[upstream.a]\nurl = \"http://x\"\n[limits] # most\nlisten_ = 3\nrules = \"r\"\n",
            "`rules` does not belong below `[limits]`",
            "move the line to the top",
        ),
        (
            "[upstream.a]\nurl = \"http://x\"\nfirst_token = \"3s\"\n",
            "unknown field `first_token`",
            "it belongs below `[route.NAME]`",
        ),
        (
            "[upstream]\nurl = \"http://x\"\n",
            "a table `[upstream]` has no name of its own",
            "write `[upstream.NAME]`",
        ),
        (
            "listen = 8080\n",
            "`listen` must be an address such as \"127.0.0.1:8080\", not a number",
            "between quotes",
        ),
        (
            "[route.default]\nstall = 5\n",
            "`stall` must be a duration such as \"1200ms\", not a number",
            "between quotes",
        ),
        (
            "upstream = [\"a\"]\n",
            "`upstream` must be a table, not a list",
            "a table of its own",
        ),
        (
            "preset = \"openai\"\n",
            "unknown field `preset`",
            "it belongs below `[upstream.NAME]`",
        ),
        (
            "[upstream.a]\nprest = \"openai\"\n",
            "unknown field `prest`",
            "did you mean `preset`?",
        ),
    ] {
        let source = crate::config::source("aside.toml", text);
        let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let problem = problems.iter().find(|problem| problem.message == expected);
        let told = problem
            .and_then(|problem| problem.help.clone())
            .unwrap_or_default();
        assert!(told.contains(help), "{text}: {problems:?}");
    }
}
