use super::*;
use crate::chat::request::Takes;
use crate::upstream::fields::EditWhen;
use crate::upstream::profiles::WantsBack;
use crate::upstream::shape::SystemPlace;

fn lines_of(config: &FormConfig, learned: &[Mending]) -> Option<String> {
    config_lines("own", "m", config, learned, &|field| {
        field != "max_completion_tokens"
    })
}

fn named(edits: Vec<FieldEdit>) -> FormConfig {
    FormConfig {
        takes: Takes {
            model: Some("m".to_owned()),
            ..Takes::default()
        },
        edits,
        ..FormConfig::default()
    }
}

fn edit(field: &'static str, action: FieldAction) -> Mending {
    Mending::Field(FieldEdit {
        field: field.into(),
        action,
        when: EditWhen::Always,
    })
}

#[test]
fn what_was_learned_is_one_table_that_can_be_read() {
    let first = ShapeChange {
        system: Some(SystemPlace::First),
        ..ShapeChange::NONE
    };
    let names = ShapeChange {
        names: Some(false),
        ..ShapeChange::NONE
    };
    let learned = [
        Mending::Field(FieldEdit::drop("temperature")),
        Mending::Field(FieldEdit::rename("max_tokens", "max_completion_tokens")),
        Mending::Shape(first),
        Mending::Field(FieldEdit::drop("seed")),
        Mending::Field(FieldEdit::drop_in_tools("strict")),
        Mending::MessageField("audio".to_owned()),
        Mending::Shape(names),
        Mending::Once(FieldEdit::drop("user")),
        edit("reasoning_effort", FieldAction::Default("\"none\"".into())),
    ];
    let text = lines_of(&named(Vec::new()), &learned).expect("lines");
    assert_eq!(
        text,
        "[upstream.own]\n\
         drop = [\"temperature\", \"seed\", \"tools.strict\", \"messages.audio\"]\n\
         rename = { max_tokens = \"max_completion_tokens\" }\n\
         default = { reasoning_effort = \"none\" }\n\
         shape = { system = \"first\", names = false }\n"
    );
    toml::from_str::<toml::Table>(&text).expect("TOML");
    let of_row = lines_of(&FormConfig::default(), &learned[..1]).expect("lines");
    assert_eq!(
        of_row,
        "[[upstream.own.model]]\nmatch = \"m\"\ndrop = [\"temperature\"]\n"
    );
    assert_eq!(lines_of(&FormConfig::default(), &[]), None);
}

#[test]
fn a_line_takes_the_place_of_the_one_that_is_there() {
    let mut config = named(vec![
        FieldEdit::drop("user"),
        FieldEdit::rename("max_tokens", "max_completion_tokens"),
        FieldEdit::default("n", "1"),
    ]);
    config.shape.merge = Some(true);
    let learned = [Mending::Field(FieldEdit::drop("temperature"))];
    // The others stay as they are.
    assert_eq!(
        lines_of(&config, &learned).as_deref(),
        Some("[upstream.own]\ndrop = [\"user\", \"temperature\"]\n")
    );
    let learned = [Mending::Shape(ShapeChange {
        system: Some(SystemPlace::User),
        ..ShapeChange::NONE
    })];
    assert_eq!(
        lines_of(&config, &learned).as_deref(),
        Some("[upstream.own]\nshape = { system = \"user\", merge = true }\n")
    );
}

#[test]
fn what_is_written_means_what_was_learned_whatever_stood_before() {
    let renamed = vec![FieldEdit::rename("max_tokens", "max_completion_tokens")];
    for (config, learned, expected) in [
        // What a default brought goes as well.
        (
            vec![
                FieldEdit::default("seed", "1"),
                FieldEdit::default("n", "1"),
            ],
            vec![edit("seed", FieldAction::Drop)],
            "drop = [\"seed\"]\ndefault = { n = 1 }",
        ),
        // So does what came under another name.
        (
            renamed.clone(),
            vec![edit("max_completion_tokens", FieldAction::Drop)],
            "drop = [\"max_tokens\", \"max_completion_tokens\"]",
        ),
        (
            renamed,
            vec![edit(
                "max_completion_tokens",
                FieldAction::Rename("tokens".into()),
            )],
            "rename = { max_tokens = \"tokens\", max_completion_tokens = \"tokens\" }",
        ),
        // A value that counts whatever came is left out and set.
        (
            Vec::new(),
            vec![edit("effort", FieldAction::Set("\"low\"".into()))],
            "drop = [\"effort\"]\ndefault = { effort = \"low\" }",
        ),
        // Of the two names of a limit only the one that went is bounded.
        (
            Vec::new(),
            vec![
                edit("max_completion_tokens", FieldAction::AtMost(100)),
                edit("max_tokens", FieldAction::AtMost(100)),
            ],
            "drop = [\"max_tokens\"]\ndefault = { max_tokens = 100 }",
        ),
        (
            Vec::new(),
            vec![edit(
                "a b",
                FieldAction::Default("{\"x\":[true,1.5,{}]}".into()),
            )],
            "default = { \"a b\" = { x = [true, 1.5, {}] } }",
        ),
    ] {
        let text = lines_of(&named(config), &learned).expect(expected);
        assert_eq!(text, format!("[upstream.own]\n{expected}\n"));
        toml::from_str::<toml::Table>(&text).expect("TOML");
    }
}

#[test]
fn a_preset_that_carries_state_is_a_line_of_the_upstream() {
    let learned = [
        Mending::WantsBack(WantsBack::Signature),
        Mending::Field(FieldEdit::drop("seed")),
    ];
    assert_eq!(
        lines_of(&FormConfig::default(), &learned).as_deref(),
        Some(
            "[upstream.own]\npreset = \"gemini\"\n\n[[upstream.own.model]]\nmatch = \"m\"\ndrop = [\"seed\"]\n"
        )
    );
    let text = lines_of(&named(Vec::new()), &learned);
    assert_eq!(
        text.as_deref(),
        Some("[upstream.own]\npreset = \"gemini\"\ndrop = [\"seed\"]\n")
    );
}
