use super::*;
use crate::net::tls;
use crate::upstream::form::FormConfig;
use crate::upstream::key::{KeptKey, KeyPlace, KeySource};
use crate::upstream::profiles::Preset;

fn probe_of(preset: &str, url: &str) -> Probe {
    let preset = Profile::named(preset).map(Preset).expect(preset);
    let key = KeptKey::new(KeySource::None, KeyPlace::default()).expect("no key");
    let form = FormConfig::default();
    let upstream = Upstream::new("a", preset, url, Arc::new(key), &[], form).expect(url);
    let tls = tls::from_environment().expect("roots");
    Probe::new(Arc::new(upstream), None, tls, None, Duration::from_secs(1))
}

#[test]
fn a_server_that_a_preset_knows_is_told() {
    for (preset, url, known) in [
        ("custom", "https://api.groq.com/openai/v1", Some("groq")),
        ("openai", "https://api.groq.com/openai/v1", Some("groq")),
        ("groq", "https://api.groq.com/openai/v1", None),
        ("custom", "https://groq.example.com/v1", None),
        ("custom", "http://127.0.0.1:11434/v1", None),
    ] {
        assert_eq!(
            probe_of(preset, url).known_preset(),
            known,
            "{preset} {url}"
        );
    }
}

#[test]
fn where_it_is_asked_is_shown_without_what_may_be_secret() {
    let probe = probe_of("custom", "https://a.example/v1?key=s3cr3t");
    assert_eq!(probe.shown_url(), "https://a.example/v1/chat/completions");
}
