use super::*;

fn problems(text: &str) -> Vec<String> {
    let source = Source::new("rules/10-a.toml", text);
    let (file, problems) = read(&source, &|_| None);
    assert_eq!(file.is_none(), !problems.is_empty());
    problems
        .iter()
        .map(|p| format!("{}:{} {}", p.line, p.column, p.message))
        .collect()
}

#[test]
fn a_good_file_is_read() {
    let source = Source::new(
        "rules/10-a.toml",
        "about = \"x\"\npercent = 10\n[then.inject]\ntext = \"y\"\n",
    );
    let (file, problems) = read(&source, &|_| None);
    assert!(problems.is_empty(), "{problems:?}");
    let file = file.expect("no problem was found");
    assert_eq!(
        (
            file.name.as_str(),
            file.kind.name,
            file.percent,
            file.fails_closed
        ),
        ("10-a", "inject", Some(10), false)
    );
}

#[test]
fn a_rule_has_exactly_one_kind() {
    for text in [
        "about = \"x\"",
        "about = \"x\"\n[then]\n",
        "about = \"x\"\nthen = 3",
    ] {
        assert_eq!(problems(text).len(), 1, "{text}");
    }
    let two =
        problems("about = \"x\"\n[then.inject]\ntext = \"a\"\n[then.redact]\nfind = [\"card\"]\n");
    assert_eq!(two.len(), 1);
    assert!(
        two[0].starts_with("4:") && two[0].contains("exactly one"),
        "{two:?}"
    );
    assert!(problems("about = \"x\"\n[then.injekt]\ntext = \"a\"\n")[0].contains("unknown kind"));
}

#[test]
fn all_problems_of_a_file_are_found_in_one_run() {
    let found = problems(
        "abuot = \"x\"\nwhen = 'cal.type == 1'\npercent = 101\n[then.redact]\nfind = [\"crad\", \"emial\"]\nstyle = \"blur\"\n",
    );
    for line in ["1:", "3:", "5:", "6:"] {
        assert!(
            found.iter().any(|problem| problem.starts_with(line)),
            "{line} in {found:?}"
        );
    }
}

#[test]
fn fields_that_do_not_go_together_are_pointed_at() {
    for (then, expected) in [
        (
            "[then.rewrite]\nfind = 'a+'\nreplace = '$1'\n",
            &["3:8 `find` can't be", "4:11 `replace` speaks of"][..],
        ),
        (
            "[then.redact]\nfind = [\"card\"]\nrestore = [\"NAME\"]\nkeep_last = 2\n",
            &["4:11 `restore` names `NAME`", "5:13 `keep_last` says"],
        ),
        (
            "[then.redact]\nfind = [\"crad\"]\nrestore = [\"CARD\"]\nkeep_last = 2\n",
            &["3:9 unknown detector", "5:13 `keep_last` says"],
        ),
        (
            "[then.redact]\nreply = true\n[then.redact.patterns]\nA = 'x+'\nB = 'y*z'\n",
            &["5:5 the pattern `A`", "6:5 the pattern `B`"],
        ),
        (
            "[then.redact]\nfind = []\n",
            &["3:8 a redact rule looks for nothing"],
        ),
        (
            "[then.redact]\nkeep = []\n",
            &["2:1 a redact rule looks for nothing"],
        ),
    ] {
        let found = problems(&format!("about = \"x\"\n{then}"));
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (problem, start) in found.iter().zip(expected) {
            assert!(problem.starts_with(start), "{start} in {found:?}");
        }
    }
    let found = problems("about = 3\n[then.rewrite]\nfind = 'a+'\nreplace = ''\nin = [\"rply\"]\n");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn the_caret_points_into_the_condition() {
    let found =
        problems("about = \"x\"\nwhen = 'cal.type == \"a\"'\n[then.inject]\ntext = \"a\"\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("2:9 "), "{found:?}");
}

#[test]
fn a_key_under_the_wrong_table_is_told_where_it_belongs() {
    for (text, expected, help) in [
        (
            "[then.inject]\ntext = \"a\"\nabout = \"x\"\n",
            "3:1 `about` does not belong below `[then.inject]`",
            "move the line to the top",
        ),
        (
            "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nwhen = 'route == \"a\"'\n",
            "4:1 `when` does not belong below `[then.redact]`",
            "move the line to the top",
        ),
        (
            "about = \"x\"\n[then.inject]\ntext = \"a\"\n[[test]]\nname = \"t\"\nmodel_gets = \"x\"\ncaller = \"x\"\npercent = 3\n",
            "8:1 `percent` does not belong below `[[test]]`",
            "move the line to the top",
        ),
        (
            "about = \"x\"\nplace = \"end\"\n[then.inject]\ntext = \"a\"\n",
            "2:1 unknown field `place`",
            "it belongs below `[then.inject]`",
        ),
    ] {
        let source = Source::new("rules/10-a.toml", text);
        let (_, problems) = read(&source, &|_| None);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let told = format!(
            "{}:{} {}",
            problems[0].line, problems[0].column, problems[0].message
        );
        assert_eq!(told, expected);
        assert!(
            problems[0]
                .help
                .as_ref()
                .is_some_and(|told| told.contains(help)),
            "{problems:?}"
        );
    }
}

#[test]
fn a_file_with_the_line_ends_of_windows_has_the_same_texts_and_places() {
    let text =
        "about = \"x\"\n[then.inject]\ntext = \"\"\"\nOne\n\ntwo {{ custmer.name }}\n\"\"\"\n";
    let good = text.replace("custmer", "customer");
    let texts = [
        good.clone(),
        good.replace('\n', "\r\n"),
        format!("\u{FEFF}{good}"),
    ]
    .map(|text| {
        let source = Source::new("rules/10-a.toml", text);
        let (file, problems) = read(&source, &|_| None);
        assert!(problems.is_empty(), "{problems:?}");
        let does = file.expect("it is read").does;
        does.writes[0].text.source().to_owned()
    });
    assert_eq!(texts[0], "One\n\ntwo {{ customer.name }}\n");
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        assert_eq!(problems(&text), ["6:8 there is no `custmer` here"]);
    }
}
