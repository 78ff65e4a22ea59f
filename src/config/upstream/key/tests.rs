use crate::config::{Config, Overrides, source};

/// The problems of an upstream with these lines, each with its place.
fn problems(lines: &str) -> Vec<String> {
    let text = format!("[upstream.a]\nurl = \"http://x\"\n{lines}");
    let source = source("aside.toml", text);
    let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
    let told = problems.iter().map(|problem| {
        assert!(!problem.to_string().contains("s3cr3t"), "{problem}");
        format!("{}:{} {}", problem.line, problem.column, problem.message)
    });
    told.collect()
}

#[test]
fn an_upstream_has_one_key_from_one_place() {
    let oauth =
        "oauth = { token_url = \"https://a\", client_id = \"i\", client_secret = \"s3cr3t\" }";
    let sources = [
        "key = \"s3cr3t\"",
        "key_file = \"s3cr3t\"",
        "key_command = [\"s3cr3t\"]",
        oauth,
    ];
    for (at, one) in sources.iter().enumerate() {
        assert_eq!(problems(one), [""; 0], "{one}");
        for other in sources.iter().skip(at + 1) {
            for lines in [format!("{one}\n{other}"), format!("{other}\n{one}")] {
                let found = problems(&lines);
                assert!(found.len() == 1 && found[0].starts_with("4:"), "{found:?}");
                assert!(found[0].ends_with("; keep one"), "{found:?}");
            }
        }
        let found = problems(&format!("{one}\nforward = true"));
        assert!(found.len() == 1 && found[0].contains("and `forward = true`; keep one"));
        assert_eq!(problems(&format!("{one}\nforward = false")), [""; 0]);
    }
}

#[test]
fn what_a_key_can_not_be_is_told_at_its_place() {
    for (lines, told) in [
        ("key_command = []", "3:15 this names no program"),
        ("key_command = [\"\"]", "3:15 this names no program"),
        (
            "key_command = \"vault s3cr3t\"",
            "3:15 `key_command` must be a list",
        ),
        (
            "key_command = [\"a\"]\nkey_lifetime = \"0s\"",
            "4:16 `0s` is too short",
        ),
        (
            "key_command = [\"a\"]\nkey_lifetime = \"soon\"",
            "4:16 `soon` is no duration",
        ),
        (
            "key = \"s3cr3t\"\nkey_lifetime = \"5m\"",
            "4:16 `key_lifetime` says how long",
        ),
        (
            "key = \"s3cr3t\"\nkey_header = \"Bearer\"",
            "4:14 this is the word before the key",
        ),
        (
            "key = \"s3cr3t\"\nkey_header = \"a b\"",
            "4:14 this is no header",
        ),
        (
            "key = \"s3cr3t\"\nkey_header = \"Authorization\"",
            "4:14 the key goes into this header alone",
        ),
        (
            "key_header = \"api-key\"",
            "3:14 `key_header` says where the key goes",
        ),
        (
            "oauth = { token_url = \"https://a\", client_id = \"i\" }",
            "3:9 `client_secret` is missing",
        ),
        (
            "oauth = { token_url = \"https://a\", client_id = \"\", client_secret = \"s3cr3t\" }",
            "3:9 the `client_id` is empty",
        ),
        (
            "oauth = { token_url = \"https://a\", client_id = \"i\", client_secret = \"s3cr3t\", scopes = \"a\" }",
            "unknown field `scopes`",
        ),
        (
            "oauth = { token_url = \"https://a\", client_id = \"i\", client_secret = \"\" }",
            "a key is empty",
        ),
    ] {
        let found = problems(lines);
        assert!(
            found.iter().any(|problem| problem.contains(told)),
            "{lines}: {found:?}"
        );
    }
}
