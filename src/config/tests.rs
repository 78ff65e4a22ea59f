use super::*;

fn read(text: &str) -> (Option<Config>, Vec<String>) {
    let env = |name: &str| (name == "SET").then(|| "s3cr3t-1".to_owned());
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
    let route = config.routes["default"].get_ref();
    assert_eq!(
        (route.connect, route.first_token, route.stall),
        (
            Duration::from_secs(1),
            Duration::from_secs(3),
            Duration::from_secs(5)
        )
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
            "1:1 `0.0.0.0:80` is open to others",
        ),
        (
            "listen = \"nowhere\"\n",
            "1:10 invalid socket address syntax",
        ),
        ("keys = [\"\"]\n", "1:8 a key is empty"),
        ("[limits]\nbody = \"8 cows\"\n", "2:8 `8 cows` is no size"),
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
fn the_whole_config_of_the_contract_is_read() {
    let text = r#"
        listen = "0.0.0.0:8080"
        workers = 2
        rules = "rules"
        keys = ["${SET}"]
        context_keys = ["${SET}"]
        admin_keys = ["${SET}"]
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
        [log]
        format = "text"
    "#;
    let (config, problems) = read(text);
    assert!(config.is_some(), "{problems:?}");
    assert_eq!(
        problems.len(),
        3,
        "a warning for each part that has no effect yet: {problems:?}"
    );
}
