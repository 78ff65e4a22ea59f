//! Which of a model's labels say that a word is of a person's name: read off its `config.json`.

use std::collections::HashMap;

use serde::Deserialize;

/// What models call names, without the `B-` and `I-` before it.
const OF_NAMES: [&str; 6] = [
    "GIVEN_NAME",
    "SURNAME",
    "PER",
    "PERSON",
    "FIRST_NAME",
    "LAST_NAME",
];

/// The labels of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameLabels {
    /// By their number, whether it is one for names.
    is_name: Vec<bool>,
}

#[derive(Debug, Deserialize)]
struct WrittenLabels {
    id2label: HashMap<usize, String>,
}

impl NameLabels {
    /// Reads the labels; else what is wrong with them.
    pub(super) fn of(config: &str) -> Result<NameLabels, String> {
        let config: WrittenLabels =
            serde_json::from_str(config).map_err(|error| error.to_string())?;
        let labels = config.id2label;
        let is_name = (0..labels.len())
            .map(|id| labels.get(&id).map(|label| is_of_name(label)))
            .collect::<Option<Vec<bool>>>()
            .ok_or("the numbers of its labels have gaps")?;
        if !is_name.contains(&true) {
            return Err(
                "none of its labels is for names, such as B-GIVEN_NAME or B-PER".to_owned(),
            );
        }
        Ok(NameLabels { is_name })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.is_name.len()
    }

    /// How sure a model is that a piece is of a name, by what it says of each label: from 0 to 1.
    pub(super) fn share_of_names(&self, scores: &[f32]) -> f32 {
        let most = scores.iter().copied().fold(f32::MIN, f32::max);
        let (mut names, mut all) = (0.0, 0.0);
        for (score, is_name) in scores.iter().zip(&self.is_name) {
            let weight = (score - most).exp();
            all += weight;
            names += if *is_name { weight } else { 0.0 };
        }
        names / all
    }
}

fn is_of_name(label: &str) -> bool {
    let label = label
        .strip_prefix("B-")
        .or(label.strip_prefix("I-"))
        .unwrap_or(label);
    OF_NAMES.contains(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_names_are_told_from_others() {
        let labels = NameLabels::of(r#"{"id2label": {"0": "O", "1": "B-SURNAME", "2": "B-CITY"}}"#)
            .expect("labels");
        assert!(labels.share_of_names(&[0.0, 9.0, 0.0]) > 0.9);
        assert!(labels.share_of_names(&[0.0, 1.0, 9.0]) < 0.1);
    }

    #[test]
    fn labels_without_names_are_refused() {
        for config in [
            r#"{"id2label": {"0": "O", "1": "B-CITY"}}"#,
            r#"{"id2label": {"1": "B-PER"}}"#,
            "{}",
            "x",
        ] {
            assert!(NameLabels::of(config).is_err(), "{config}");
        }
    }
}
