use super::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Sample {
    name: String,
    size: Option<u8>,
    part: Option<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Part {
    on: bool,
    list: Option<Vec<u8>>,
}

fn problems(text: &str) -> Vec<String> {
    let source = Source::new("f", text);
    let problems = match Document::parse(&source) {
        Ok(document) => document.read::<Sample>().1,
        Err(problems) => problems,
    };
    problems
        .iter()
        .map(|p| format!("{}:{} {}", p.line, p.column, p.message))
        .collect()
}

#[test]
fn every_wrong_value_is_reported_in_one_run() {
    let found = problems("name = 3\nsize = 300\nsise = 1\n[part]\non = 1\nlist = [1, 999]\n");
    let lines: Vec<&str> = found
        .iter()
        .filter_map(|text| text.split(':').next())
        .collect();
    assert_eq!(lines.len(), 5, "{found:?}");
    for line in ["1", "2", "3", "5", "6"] {
        assert!(lines.contains(&line), "{line} in {found:?}");
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Even;

impl TryFrom<String> for Even {
    type Error = String;
    fn try_from(text: String) -> Result<Even, String> {
        text.len()
            .is_multiple_of(2)
            .then_some(Even)
            .ok_or(format!("`{text}` is odd"))
    }
}

#[test]
fn each_wrong_item_of_a_list_is_pointed_at() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Lists {
        top: Vec<Even>,
        inner: std::collections::BTreeMap<String, Vec<Even>>,
    }
    let source = Source::new(
        "f",
        "top = [\"a\", \"bb\", \"ccc\"]\ninner.x = [\"dd\", \"e\"]\n",
    );
    let document = Document::parse(&source).expect("TOML");
    let (lists, problems) = document.read::<Lists>();
    assert!(lists.is_none());
    let mut places: Vec<_> = problems
        .iter()
        .map(|p| (p.line, p.column, p.message.as_str()))
        .collect();
    places.sort();
    assert_eq!(
        places,
        [
            (1, 8, "`a` is odd"),
            (1, 19, "`ccc` is odd"),
            (2, 18, "`e` is odd")
        ]
    );
}

#[test]
fn a_missing_field_is_reported_once() {
    assert_eq!(problems("size = 3\n").len(), 1);
}

#[test]
fn what_is_no_toml_is_reported_with_its_line() {
    let found = problems("name = \"a\"\nsize = \n");
    assert!(found.iter().all(|text| text.starts_with("2:")), "{found:?}");
}
