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
fn another_model_has_another_version() {
    let folder = folder();
    let one = NameModel::load(folder.path()).expect("a model");
    std::fs::write(folder.path().join("model.onnx"), name_model::onnx(&[4])).expect("a file");
    let other = NameModel::load(folder.path()).expect("a model");
    assert_ne!(one.version(), other.version());
}

#[test]
fn what_is_missing_or_wrong_is_told() {
    let message = |spoil: &dyn Fn(&Path)| {
        let folder = folder();
        spoil(folder.path());
        let error = NameModel::load(folder.path()).expect_err("it is spoilt");
        error.to_string()
    };
    let write = |name: &'static str, text: &'static str| {
        message(&move |folder| std::fs::write(folder.join(name), text).expect("a file"))
    };
    let remove = |name: &'static str| {
        message(&move |folder| std::fs::remove_file(folder.join(name)).expect("a file"))
    };
    for (message, expected) in [
        (remove("vocab.txt"), "vocab.txt` can't be read"),
        (remove("config.json"), "config.json` can't be read"),
        (remove("model.onnx"), "it has 0 ONNX files"),
        (write("other.onnx", ""), "it has 2 ONNX files"),
        (write("model.onnx", "x"), "model.onnx` is no part"),
        (write("vocab.txt", "a\nb\n"), "it has no line `[UNK]`"),
        (write("config.json", "{}"), "config.json` is no part"),
        (
            write(
                "config.json",
                r#"{"id2label": {"0": "O", "1": "B-PER", "2": "I-PER"}}"#,
            ),
            "it gives 2 labels, and `config.json` has 3",
        ),
    ] {
        assert!(message.contains(expected), "{message}");
    }
    let missing = NameModel::load(Path::new("/nowhere/model"));
    assert!(missing.is_err());
}
