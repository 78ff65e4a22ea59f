//! The manual of stored context, as `aside explain context` shows it.

const ABOUT: &str = "\
`context`: what is known of a call beside its requests, for the condition and the texts of every rule.

- `context.call`: of this call, by its id
- `context.customer`: of the caller, by `customer.number` as Vapi sends it
- `context.assistant`: of the assistant, by its id
- `context.global`: of everybody
- `context.call.vapi`: what Vapi's webhooks told of the call: `status`, `statusTime`, `startedAt`,
  `endedAt`, `endedReason`, and what `[vapi] keep` names: `transcript`, `tools`

Your systems put it, over HTTP, at `/context/SCOPE/ID` (the one id of `global` is `all`): PUT replaces an
object, PATCH merges into it (JSON Merge Patch: null removes a key), GET reads it, DELETE takes it away.

    curl -X PATCH http://127.0.0.1:8080/context/customer/+14155550123 \\
      -H \"authorization: Bearer $CONTEXT_KEY\" -d '{\"plan\": \"gold\"}'

- A 2xx says that every later turn sees the write, also in a call under way.
- An object is JSON, 64 KiB at most. `?ttl=10m` says how long it stays; without it a call's stays as long
  as `[context] ttl` says, any other until it is deleted. With `If-Match` and the `ETag` of what was
  read, a write fails with 412 where somebody wrote in between.
- `context_keys` of the config says who may; without it there is no such path. `[context] store` says where
  it is kept: `memory`, `file:PATH`, or a URL of Redis.
- A turn waits 20 ms for it and goes on without: `context.customer` is then empty, and the turn's
  steps say so. What may be absent is asked for: `has(context.customer.plan)` in a condition,
  `{{ context.customer.plan | default(\"none\") }}` in a text.
- `aside test` and `aside explain` read no store: what is given says what is in it.";

/// A rule that speaks of it.
pub const EXAMPLE: &str = r#"about = "The model knows which plan the caller has."
when = 'has(context.customer.plan)'

[then.inject]
text = "The caller has the plan {{ context.customer.plan }}."

[[test]]
name = "a plan is told"
given = { context = { customer = { plan = "gold" } } }
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [
  { role = "system", content = "The caller has the plan gold." },
  { role = "user", content = "Hi." },
] }

[[test]]
name = "nothing is told of a stranger"
messages = [{ role = "user", content = "Hi." }]
upstream_gets = { messages = [{ role = "user", content = "Hi." }] }
"#;

/// What there is, who puts it, and a rule that speaks of it.
pub fn manual() -> String {
    format!("{ABOUT}\n\nA rule that speaks of it:\n\n{EXAMPLE}")
}
