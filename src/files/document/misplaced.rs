//! A field that is known, but stands in the wrong table: the problem says where it belongs.

use serde_json::Value;

use crate::files::problem::{Problem, Source};

/// What is said of a field that there is none of in its table.
const UNKNOWN: &str = "unknown field `";
/// What is said of a table that should be within one.
const NO_NAME: &str = "has no name of its own";
/// What is said of a value that should be a table.
const NO_TABLE: &str = "must be a table, not a";

/// Says of each unknown field where it belongs, as far as the schema of the file tells. A field that
/// only stands in the wrong place is not missing besides.
pub fn say_where_fields_belong(
    source: &Source,
    problems: &mut Vec<Problem>,
    schema: &dyn Fn() -> Value,
) {
    let is_of_place = |problem: &Problem| {
        problem.message.starts_with(UNKNOWN) || problem.message.contains(NO_TABLE)
    };
    if !problems.iter().any(is_of_place) {
        return;
    }
    let schema = schema();
    let lines: Vec<&str> = source.text.lines().collect();
    let mut moved = Vec::new();
    for problem in problems.iter_mut() {
        let Some(name) = problem.message.strip_prefix(UNKNOWN) else {
            say_that_each_has_a_name(problem, &lines, &schema);
            continue;
        };
        let name = name.trim_end_matches('`').to_owned();
        let table = table_of(problem, &lines);
        let mut homes = Vec::new();
        find(&schema, &name, "", &mut homes);
        match table {
            Some(table) if homes.iter().any(String::is_empty) => {
                let table = table.split('#').next().unwrap_or_default().trim();
                problem.message = format!("`{name}` does not belong below `{table}`");
                problem.help = Some(format!(
                    "move the line to the top of the file, above the first `[`: what follows `{table}` belongs to it"
                ));
                moved.push(format!("`{name}` is missing"));
            }
            _ => {
                let has_guess = problem
                    .help
                    .as_ref()
                    .is_some_and(|help| help.starts_with("did you"));
                homes.retain(|home| !home.is_empty());
                if !has_guess && (1..=3).contains(&homes.len()) {
                    let homes: Vec<String> = homes.iter().map(|home| format!("`{home}`")).collect();
                    problem.help = Some(format!("it belongs below {}", homes.join(" or ")));
                    moved.push(format!("`{name}` is missing"));
                }
            }
        }
    }
    let mut told = Vec::new();
    problems.retain(|problem| {
        // Each field of a table without a name would say the same.
        let is_again = problem.message.contains(NO_NAME) && told.contains(&problem.message);
        told.push(problem.message.clone());
        !is_again && !moved.contains(&problem.message)
    });
}

/// `[upstream]` with the fields of one: each has a name.
fn say_that_each_has_a_name(problem: &mut Problem, lines: &[&str], schema: &Value) {
    let table = table_of(problem, lines).filter(|_| problem.message.contains(NO_TABLE));
    let name = table.map(|table| table.split('#').next().unwrap_or_default().trim());
    let name = name
        .map(|table| table.trim_matches(['[', ']', ' ']))
        .unwrap_or_default();
    let field = problem.message.split('`').nth(1).unwrap_or_default();
    // What is no field of such a table may be the name itself.
    if !schema["properties"][name]["additionalProperties"]["properties"][field].is_null() {
        problem.message = format!("a table `[{name}]` {NO_NAME}");
        problem.help = Some(format!(
            "write `[{name}.NAME]`, with a name that you choose"
        ));
    }
}

/// The header of the table in which a problem is.
fn table_of<'l>(problem: &Problem, lines: &[&'l str]) -> Option<&'l str> {
    let before = lines.get(..problem.line).unwrap_or_default().iter().rev();
    before
        .map(|line| line.trim())
        .find(|line| line.starts_with('['))
}

/// The headers of the tables that have a field; empty for the top of the file.
fn find(schema: &Value, field: &str, path: &str, homes: &mut Vec<String>) {
    let properties = schema["properties"].as_object();
    if properties.is_some_and(|properties| properties.contains_key(field)) {
        homes.push(match path {
            "" => String::new(),
            path => format!("[{path}]"),
        });
    }
    for (name, below) in properties.into_iter().flatten() {
        // Tests have fields of their own, that nothing else should have.
        if below["type"] == "object" {
            find(below, field, &joined(path, name), homes);
        }
    }
    let named = &schema["additionalProperties"];
    if named["type"] == "object" {
        find(named, field, &joined(path, "NAME"), homes);
    }
}

fn joined(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}
