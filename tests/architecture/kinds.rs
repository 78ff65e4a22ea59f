//! A kind of rule is known by its own file and the list: nothing else in the code names one.

use aside::rule::KINDS;

use super::sources;

#[test]
fn no_code_knows_a_kind_by_its_name() {
    let mut wrong = Vec::new();
    let sources = sources();
    let others = sources
        .iter()
        .filter(|source| !source.path.starts_with("src/rule/kinds/"));
    for source in others {
        for kind in KINDS {
            if source.code.contains(&format!("\"{}\"", kind.name)) {
                wrong.push(format!("{}: `{}`", source.path, kind.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
