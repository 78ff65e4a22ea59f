//! The recipes in `examples/recipes`: each folder is a set of rules that works as it stands, with its
//! tests, and says why.

use std::fs;
use std::path::{Path, PathBuf};

use crate::aside::Setup;

fn recipes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/recipes");
    let entries = fs::read_dir(folder).expect("the recipes are there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths.filter(|path| path.is_dir()).collect()
}

#[test]
fn every_recipe_works_and_says_why() {
    let recipes = recipes();
    assert!(recipes.len() > 1, "{recipes:?}");
    for recipe in recipes {
        let folder = recipe.display().to_string();
        for command in ["check", "test"] {
            let finished = Setup::default().run(&[command, &folder], "");
            let told = format!("{}{}", finished.stdout, finished.stderr);
            assert_eq!(finished.code, Some(0), "{folder}\n{told}");
            assert!(!told.contains("warning: "), "{folder}\n{told}");
            assert!(!told.contains("\n0 passed"), "{folder}\n{told}");
        }
        for file in fs::read_dir(&recipe).expect("its files") {
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
