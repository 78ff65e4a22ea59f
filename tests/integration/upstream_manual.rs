//! What people read of the presets is made of their rows: the command, the page, README's table.

use ::aside::upstream::profiles::{BaseUrl, PROFILES};

use crate::aside::Setup;

const PAGE: &str = include_str!("../../docs/upstreams.md");
const README: &str = include_str!("../../README.md");

#[test]
fn the_page_of_upstreams_is_what_the_command_prints() {
    let finished = Setup::default().run(&["explain", "upstream"], "");
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert_eq!(
        PAGE, finished.stdout,
        "write it anew: `aside explain upstream > docs/upstreams.md`"
    );
    for profile in PROFILES {
        let row = format!("\n| `{}` | {} |", profile.name, profile.title);
        assert!(PAGE.contains(&row), "{row}");
    }
}

#[test]
fn the_readmes_table_has_every_preset_with_where_its_key_is() {
    let table = README.split("\n| preset | server |").nth(1);
    let rows = table.expect("a table").lines().skip(2);
    let rows: Vec<_> = rows.take_while(|line| line.starts_with('|')).collect();
    let expected = PROFILES.iter().map(|profile| {
        let url = match profile.base {
            BaseUrl::Fixed(_) => "its own".to_owned(),
            BaseUrl::Local(url) => format!("`{url}`, or yours"),
            BaseUrl::Own(url) => format!("yours, as `{url}`"),
        };
        let key = match profile.key_page {
            "" => "no key".to_owned(),
            page => format!("<{page}>"),
        };
        let (name, title) = (profile.name, profile.title);
        format!("| `{name}` | {title} | {url} | {key} |")
    });
    assert_eq!(rows, expected.collect::<Vec<_>>());
}
