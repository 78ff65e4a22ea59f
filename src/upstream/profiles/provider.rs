//! What OpenTelemetry's conventions for generative AI call a provider (`gen_ai.provider.name`), for
//! metrics and traces.

use super::Profile;

/// The names that the conventions know, by preset. Every other provider has the name of its preset.
const KNOWN: &[(&str, &str)] = &[
    ("anthropic", "anthropic"),
    ("azure", "azure.ai.openai"),
    ("bedrock", "aws.bedrock"),
    ("deepseek", "deepseek"),
    ("gemini", "gcp.gemini"),
    ("groq", "groq"),
    ("mistral", "mistral_ai"),
    ("openai", "openai"),
    ("perplexity", "perplexity"),
    ("xai", "x_ai"),
];

impl Profile {
    /// The provider's name in metrics and traces.
    pub fn provider_name(&self) -> &'static str {
        let mut known = KNOWN.iter();
        let found = known.find(|(preset, _)| *preset == self.name);
        found.map_or(self.name, |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::PROFILES;
    use super::*;

    #[test]
    fn every_known_name_is_of_a_preset_and_no_two_are_alike() {
        let names: Vec<_> = PROFILES
            .iter()
            .map(|profile| profile.provider_name())
            .collect();
        for (preset, name) in KNOWN {
            assert!(
                PROFILES.iter().any(|profile| profile.name == *preset),
                "{preset}"
            );
            assert_eq!(
                names.iter().filter(|known| *known == name).count(),
                1,
                "{name}"
            );
        }
        assert!(names.contains(&"custom") && names.contains(&"vllm"));
    }
}
