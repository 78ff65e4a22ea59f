use super::*;
use crate::fixtures::name_model;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    name_model::write(folder.path());
    folder
}

fn found<'t>(model: &NameModel, text: &'t str) -> Vec<&'t str> {
    let names = model.names(text, &|| false).expect("an answer");
    names.into_iter().map(|name| &text[name]).collect()
}

#[test]
fn words_of_names_are_found_with_all_their_pieces() {
    let folder = folder();
    let model = NameModel::load(folder.path()).expect("a model");
    assert_eq!(
        found(&model, "Ask Vrenka Odko, ask for ÓDKO."),
        ["Vrenka", "Odko", "ÓDKO"]
    );
    assert_eq!(found(&model, ""), [""; 0]);
    assert_eq!(found(&model, "ask for"), [""; 0]);
}

#[test]
fn long_texts_are_read_to_their_end() {
    let folder = folder();
    let model = NameModel::load(folder.path()).expect("a model");
    let text = "ask for odko . ".repeat(1000);
    assert_eq!(found(&model, &text).len(), 1000);
}

#[test]
fn whoever_has_enough_gets_no_answer() {
    let folder = folder();
    let model = NameModel::load(folder.path()).expect("a model");
    assert_eq!(model.names("ask vrenka", &|| true), None);
}

#[test]
fn the_files_may_stand_above_the_onnx_file() {
    let folder = folder();
    let path = folder.path();
    std::fs::create_dir(path.join("onnx")).expect("a folder");
    std::fs::rename(path.join("model.onnx"), path.join("onnx/model.onnx")).expect("a move");
    for place in [path.to_owned(), path.join("onnx/model.onnx")] {
        NameModel::load(&place).expect("a model");
    }
}

#[test]
fn a_model_with_any_other_file_has_another_version() {
    let folder = folder();
    let version = || {
        let model = NameModel::load(folder.path()).expect("a model");
        model.version().to_owned()
    };
    let first = version();
    assert_eq!(version(), first);
    let others = [
        ("model.onnx", name_model::onnx(&[4])),
        (
            "vocab.txt",
            name_model::WORDS.join("\n").replace("ask", "tell").into(),
        ),
        (
            "config.json",
            br#"{"id2label": {"0": "O", "1": "B-SURNAME"}}"#.to_vec(),
        ),
    ];
    for (name, other) in others {
        let file = folder.path().join(name);
        let before = std::fs::read(&file).expect("a file");
        std::fs::write(&file, other).expect("a file");
        assert_ne!(version(), first, "{name}");
        std::fs::write(&file, before).expect("a file");
    }
    assert_eq!(version(), first);
}
