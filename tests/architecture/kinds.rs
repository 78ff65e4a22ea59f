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
        for kind in KINDS.iter().map(|kind| kind.name) {
            let told = [
                format!("kind == \"{kind}\""),
                format!("name == \"{kind}\""),
                format!("\"then\", \"{kind}\""),
                format!("/then/{kind}\""),
                format!("named(\"{kind}\")"),
            ];
            let told = told.iter().filter(|told| source.code.contains(*told));
            wrong.extend(told.map(|told| format!("{}: {told}", source.path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
