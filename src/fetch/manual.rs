//! The manual of `[fetch.NAME]`, as `aside explain fetch` shows it. Its fields are those of the schema.

use serde_json::Value;

use super::section::Fetch;
use crate::files::schema;

const ABOUT: &str = "\
`[fetch.NAME]`: facts that a rule asks of your systems over HTTP, before the rules of a turn run.

What is answered is `fetch.NAME`, for the condition and the texts of every rule: define a fetch in one
rule, speak of it in any. It is asked where a rule speaks of it whose `when` holds as far as it does not
speak of `fetch`; in one turn all are asked at once, and an answer serves all turns that would ask
the same while it is fresh.";

const RULES: &str = "\
- Where nothing is known in time `fetch.NAME` is null, or its last known value, and the turn's steps say
  why. An answer that comes late, up to 10 seconds, is there for the next turn.
- An answer is JSON, 64 KiB at most, with a status of 2xx.
- The config names the hosts that may be asked, as in `[fetch] hosts = [\"crm.example.com\"]`; private
  addresses are asked with `private = true` alone, and no redirect is followed.
- `${NAME}` reads the environment, in `url`, `headers` and `body`. Scheme and host stand in `url` as they
  are; values in it are percent-encoded. In a `body`, write `\"{{ turn.user }}\"` within JSON, or
  `{{ turn.user | tojson }}` for a whole value.
- `aside test` and `aside explain` ask nobody: what is given says what was answered.";

/// A rule with a fetch.
pub const EXAMPLE: &str = r#"about = "The model knows which plan the caller has."
when = 'fetch.crm.plan != "none"'

[then.inject]
text = "The caller has the plan {{ fetch.crm.plan }}."

[fetch.crm]
url = "https://crm.example.com/customers/{{ customer.number }}"
pick = "/customer"
within = "80ms"

[[test]]
name = "a plan is told"
given = { fetch = { crm = { plan = "gold" } } }
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [
  { role = "system", content = "The caller has the plan gold." },
  { role = "user", content = "Hi." },
] }

[[test]]
name = "nothing is told where nothing is known in time"
given = { fetch = { crm = { plan = "none" } } }
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [{ role = "user", content = "Hi." }] }
"#;

/// What a fetch is, its fields, and a rule that has one.
pub fn manual() -> String {
    let schema: Value = Fetch::schema(&mut schema::generator()).into();
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.map(|(name, field)| {
        let about = field["description"].as_str().unwrap_or_default();
        format!("- `{name}`: {}", about.replace('\n', " "))
    });
    let fields: Vec<String> = fields.collect();
    let fields = fields.join("\n");
    format!("{ABOUT}\n\n{fields}\n\n{RULES}\n\nA rule that asks:\n\n{EXAMPLE}")
}
