//! What people read when the config is not right: each mistake, as `aside check` shows it.

use crate::aside::Setup;
use crate::mistakes::{INJECT, snapshot};

/// Mistakes in the config.
const CONFIGS: &[(&str, &str)] = &[
    ("config_without_upstream", "listen = \"127.0.0.1:80\"\n"),
    (
        "config_with_misspelt_table",
        "[upstraem.openai]\npreset = \"openai\"\n",
    ),
    (
        "config_with_misspelt_preset",
        "[upstream.a]\npreset = \"opena\"\n",
    ),
    (
        "config_with_unset_variable",
        "keys = [\"${NO_SUCH_KEY}\"]\n[upstream.a]\npreset = \"openai\"\n",
    ),
    (
        "config_open_to_all",
        "listen = \"0.0.0.0:8080\"\n[upstream.a]\npreset = \"openai\"\nkey = \"k\"\n",
    ),
    (
        "config_with_unknown_upstream",
        "[upstream.openai]\npreset = \"openai\"\nkey = \"k\"\n[route.default]\nupstreams = [\"opnai\"]\n",
    ),
    (
        "config_with_wrong_duration",
        "[upstream.a]\npreset = \"openai\"\n[route.default]\nupstreams = [\"a\"]\nstall = \"5 weeks\"\n",
    ),
    (
        "config_with_variable_without_braces",
        "keys = [\"$ASIDE_KEY\"]\n[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n",
    ),
    (
        "config_with_preset_without_key",
        "[upstream.a]\npreset = \"openai\"\n",
    ),
    (
        "config_with_two_keys",
        "[upstream.a]\npreset = \"openai\"\nkey_file = \"/run/secrets/openai\"\nkey = \"sk-live-0123456789\"\n",
    ),
    (
        "config_with_key_file_that_is_not_there",
        "[upstream.a]\npreset = \"openai\"\nkey_file = \"/nowhere/key\"\n",
    ),
    (
        "config_with_word_for_key_header",
        "[upstream.a]\npreset = \"openai\"\nkey = \"sk-live-0123456789\"\nkey_header = \"Bearer\"\n",
    ),
    (
        "config_with_key_under_the_wrong_table",
        "[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\nkeys = [\"sk-live-0123456789\"]\n",
    ),
    (
        "config_with_fragment_in_url",
        "[upstream.a]\nurl = \"http://127.0.0.1:9/v1#x\"\n",
    ),
    (
        "config_with_bare_port",
        "listen = \"8080\"\n[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n",
    ),
    (
        "config_with_number_in_quotes",
        "workers = \"2\"\nopen = \"yes\"\nkeys = \"a\"\n[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n",
    ),
    (
        "config_not_closed",
        "[upstream.a\npreset = \"openai\"\n[limits]\nbody = \"8 cows\"\n",
    ),
];

#[test]
fn each_mistake_in_the_config_is_shown_with_its_place() {
    for (name, config) in CONFIGS {
        snapshot(name, &Setup::with_config(config).rule("10-rule", INJECT), 1);
    }
}

#[test]
fn a_host_of_a_private_network_and_a_route_that_is_none_are_doubts_of_the_config() {
    let config = "[upstream.a]\nurl = \"http://127.0.0.1:9/v1\"\n[route.sales]\nupstreams = [\"a\"]\n[fetch]\nhosts = [\"crm.example.com\", \"10.0.0.7:8443\", \"crm.local\"]\n";
    let rule = "about = \"x\"\nwhen = 'route == \"salse\"'\n[then.inject]\ntext = \"a\"\n";
    let setup = Setup::with_config(config).rule("10-rule", rule);
    snapshot("doubts_of_a_config", &setup, 0);
}

#[test]
fn a_bare_address_to_listen_at_is_told_what_to_write() {
    for (address, help) in [
        ("8080", "`127.0.0.1:8080`"),
        ("0.0.0.0", "`0.0.0.0:8080`"),
        ("localhost:9000", "`127.0.0.1:9000`"),
    ] {
        for command in ["serve", "demo"] {
            let finished = Setup::default().run(&[command, "--listen", address], "");
            assert_eq!(finished.code, Some(2), "{}", finished.stderr);
            assert!(finished.stderr.contains(help), "{}", finished.stderr);
            assert!(!finished.stderr.contains("syntax"), "{}", finished.stderr);
        }
    }
}
