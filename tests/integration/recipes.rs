//! The recipes in `examples/recipes`: each folder is a set of rules that works as it stands, with its
//! tests, and says why. One for another client than Vapi has the config beside its rules.

use std::fs;
use std::path::{Path, PathBuf};

use crate::aside::Setup;

fn recipes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/recipes");
    let entries = fs::read_dir(folder).expect("the recipes are there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths.filter(|path| path.is_dir()).collect()
}

/// Its rules, and how commands are told of them.
fn told(recipe: &Path) -> (PathBuf, Vec<String>) {
    let config = recipe.join("aside.toml");
    if !config.exists() {
        return (recipe.to_owned(), vec![recipe.display().to_string()]);
    }
    let rules = recipe.join("rules");
    let path = |path: &Path| path.display().to_string();
    let arguments = ["--config".to_owned(), path(&config)];
    let folder = ["--rules".to_owned(), path(&rules)];
    (rules, [arguments, folder].concat())
}

#[test]
fn every_recipe_works_and_says_why() {
    let recipes = recipes();
    assert!(recipes.len() > 1, "{recipes:?}");
    let setup = Setup::default()
        .env("ASIDE_KEY", "key-of-a-caller-that-nobody-guesses")
        .env("OPENAI_API_KEY", "key-of-an-upstream-that-nobody-guesses");
    for recipe in recipes {
        let folder = recipe.display().to_string();
        let (rules, arguments) = told(&recipe);
        for command in ["check", "test"] {
            let arguments = arguments.iter().map(String::as_str);
            let all: Vec<&str> = std::iter::once(command).chain(arguments).collect();
            let finished = setup.run(&all, "");
            let told = format!("{}{}", finished.stdout, finished.stderr);
            assert_eq!(finished.code, Some(0), "{folder}\n{told}");
            assert!(!told.contains("warning: "), "{folder}\n{told}");
            assert!(!told.contains("\n0 passed"), "{folder}\n{told}");
        }
        for file in fs::read_dir(&rules).expect("its files") {
            let file = file.expect("it can be read").path();
            if file.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = fs::read_to_string(&file).expect("text");
            let why = text
                .lines()
                .take_while(|line| line.starts_with('#'))
                .count();
            assert_eq!(why, 3, "{file:?} has three lines of why");
            assert!(text.contains("[[test]]"), "{file:?} has a test");
        }
    }
}

/// The tests of a client's own turns count: told otherwise, they fail.
#[test]
fn the_turns_of_other_clients_are_read_by_their_config() {
    let setup = Setup::default()
        .env("ASIDE_KEY", "key-of-a-caller-that-nobody-guesses")
        .env("OPENAI_API_KEY", "key-of-an-upstream-that-nobody-guesses");
    for recipe in recipes().iter().filter(|it| it.join("aside.toml").exists()) {
        let (rules, arguments) = told(recipe);
        let arguments = arguments.iter().map(String::as_str);
        let all: Vec<&str> = std::iter::once("test").chain(arguments).collect();
        let with = setup.run(&all, "");
        let without = setup.run(&["test", &rules.display().to_string()], "");
        assert_eq!(with.code, Some(0), "{}{}", with.stdout, with.stderr);
        assert_eq!(without.code, Some(1), "{}", without.stdout);
    }
}
