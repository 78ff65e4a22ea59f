//! `[inspect]`: whether the last turns are kept for people who look on, how many, and whose keys
//! show what is hidden in them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Key;
use crate::files::duration;

/// `[inspect]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InspectConfig {
    /// Whether turns are kept in memory, without what the rules hide, and shown. Default: true.
    pub enabled: bool,
    /// So many turns at most. Default: 500.
    pub turns: usize,
    /// So much memory at most. Default: 32 MiB.
    #[serde(deserialize_with = "duration::size")]
    #[schemars(with = "String")]
    pub memory: usize,
    /// Keys that show, beside one of `admin_keys`, the value that stands behind a placeholder.
    /// Default: none, and no value is kept.
    pub reveal_keys: Vec<Key>,
}

impl Default for InspectConfig {
    fn default() -> InspectConfig {
        InspectConfig {
            enabled: true,
            turns: 500,
            memory: 32 << 20,
            reveal_keys: Vec::new(),
        }
    }
}

impl InspectConfig {
    /// Whether it says the same of what is kept.
    pub(super) fn keeps_as(&self, other: &InspectConfig) -> bool {
        let kept = |config: &InspectConfig| (config.enabled, config.turns, config.memory);
        kept(self) == kept(other)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    fn read(inspect: &str) -> (Option<Config>, String) {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n{inspect}\n");
        let source = crate::config::source("aside.toml", text);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        (config, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn turns_are_shown_unless_the_config_says_no_and_values_only_with_a_key_of_their_own() {
        let (config, told) = read("");
        let inspect = config.unwrap_or_else(|| panic!("{told}")).inspect;
        assert_eq!(
            (
                inspect.enabled,
                inspect.turns,
                inspect.memory,
                inspect.reveal_keys.len()
            ),
            (true, 500, 32 << 20, 0)
        );
        let key = "reveal-key-0123456789";
        let good = format!(
            "[inspect]\nenabled = false\nturns = 9\nmemory = \"1 MiB\"\nreveal_keys = [\"{key}\"]"
        );
        let (config, told) = read(&good);
        let inspect = config.unwrap_or_else(|| panic!("{told}")).inspect;
        assert_eq!(
            (inspect.enabled, inspect.turns, inspect.memory),
            (false, 9, 1 << 20)
        );
        assert!(!format!("{inspect:?}").contains(key));
        for (inspect, expected) in [
            ("[inspect]\nmemory = \"3 cows\"", "`3 cows` is no size"),
            ("[inspect]\nturn = 3", "unknown field `turn`"),
            (
                "[inspect]\nreveal_keys = [\"short\"]",
                "a key of `inspect.reveal_keys` can be guessed",
            ),
        ] {
            let (_, told) = read(inspect);
            assert!(told.contains(expected), "{inspect}: {told}");
            assert!(!told.contains("\"short\""), "{told}");
        }
        let both = format!("{good}\n").replace("[inspect]", "[admin]\n[inspect]");
        let both = format!("admin_keys = [\"{key}\"]\n{both}");
        let source = crate::config::source(
            "aside.toml",
            format!("{both}\n[upstream.a]\nurl = \"http://x\"\n"),
        );
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let told: String = problems.iter().map(ToString::to_string).collect();
        assert!(
            config.is_none()
                && told.contains("one key is among both `admin_keys` and `inspect.reveal_keys`"),
            "{told}"
        );
    }
}
