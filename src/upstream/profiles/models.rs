//! Names of models, and patterns of them.

/// Whether a pattern means a model: `*` stands for any characters, case counts for nothing. A
/// fine-tuned model (`ft:BASE:…`) is also of its base's pattern, and so is one behind the name of its
/// maker (`openai/gpt-5`, `accounts/fireworks/models/gpt-oss-20b`, `us.anthropic.claude-opus-5`).
pub fn is_match(pattern: &str, model: &str) -> bool {
    let (pattern, model) = (pattern.to_ascii_lowercase(), model.to_ascii_lowercase());
    let tuned = model.strip_prefix("ft:");
    let base = tuned.map(|rest| rest.split(':').next().unwrap_or(rest));
    let behind_maker = model.rsplit_once('/').map(|(_, name)| name);
    let behind_dots = behind_dots(behind_maker.unwrap_or(&model));
    let mut names = [Some(&*model), base, behind_maker, behind_dots]
        .into_iter()
        .flatten();
    names.any(|name| matches(&pattern, name))
}

/// A name behind those of a region and a maker, as Bedrock writes them; a version's dot is none.
fn behind_dots(name: &str) -> Option<&str> {
    let (maker, mut rest) = name.split_once('.')?;
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if maker.is_empty() || !is_word(maker) {
        return None;
    }
    while let Some((_, behind)) = rest.split_once('.').filter(|(word, _)| is_word(word)) {
        rest = behind;
    }
    Some(rest)
}

fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, model, expected) in [
            ("gpt-5", "gpt-5", true),
            ("gpt-5", "gpt-5.1", false),
            ("gpt-5*", "gpt-5.1-mini", true),
            ("gpt-5-*-chat", "gpt-5-x-chat", true),
            ("*-chat", "gpt-5.2-chat", true),
            ("*-chat*", "gpt-5.2-chat-latest", true),
            ("o*", "gpt-4o", false),
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("gpt-4o*", "ft:gpt-4o-mini-2024-07-18:org::id", true),
            ("gpt-4o", "ft:gpt-4o:org::id", true),
            ("GPT-5*", "Openai/gpt-5-mini", true),
            ("google/*", "google/gemma-3", true),
            ("gpt-oss*", "openai.gpt-oss-120b-1:0", true),
            ("claude-opus-5*", "us.anthropic.claude-opus-5-v1:0", true),
            ("5*", "qwen3.5-9b", false),
            ("gpt-oss*", "accounts/fireworks/models/gpt-oss-20b", true),
        ] {
            assert_eq!(is_match(pattern, model), expected, "{pattern} {model}");
        }
    }
}
