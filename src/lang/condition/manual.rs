//! The manual of conditions, as `aside explain when` shows it.

use std::fmt::Write;

const ABOUT: &str = "\
`when`: the condition of a rule, in CEL (https://cel.dev). Without one the rule always runs.

It sees what a template sees:

- `call`, `customer`, `phoneNumber`, `assistant`, `metadata`, `variables`: as Vapi sent them, without
  secrets; `{}` where it sent none
- `context.call`, `context.customer`, `context.assistant`, `context.global`: what your systems stored
- `fetch.NAME`: what a `[fetch.NAME]` got
- `turn.number`: user messages so far; 0 where the assistant speaks first
- `turn.user`, `turn.assistant`: what each said last
- `turn.steps`: how often tools were called since the caller spoke
- `turn.interrupted`: whether the caller cut in; null where Vapi does not say so
- `request.model`, `route`
- `now`: the time

A comparison with something absent or null is false, and the step of the rule says what it was;
`has(context.call.note)` asks whether it is there. A `redact` rule whose condition can't be decided
runs, every other is skipped.

`aside check` finds names and functions that there are none of, what can't be compared, and conditions
or parts of them that can't hold: what contradicts the rest, `now.getDayOfWeek() == 7` (Sunday is 0),
`turn.user.lowerAscii() == \"Yes\"`. In TOML a condition stands best between single quotes, three of
them where it has several lines.

Beside CEL's own functions there are

- `says(TEXT, [WORDS])`: whether any of these words or phrases is said, whole, in any case. Any signs may
  stand between the words of a phrase; apostrophes may be missing.
- `TIME.within(HOURS, ZONE)`: whether a time is within hours of a week in a place, the end excluded. A
  window over midnight belongs to the day on which it begins. \"Mon, Wed 9-12, 13-17\" are two days with
  two times each; days without a time behind them are whole ones, times without a day before them are of
  every day. It knows no holidays.
- `TEXT.matches(PATTERN)`: a regular expression; `r\"…\"` keeps its backslashes.
";

/// Conditions, and when each holds.
const EXAMPLES: &[(&str, &str)] = &[
    (
        r#"call.type == "inboundPhoneCall""#,
        "on calls that come in",
    ),
    (
        r#"says(turn.user, ["goodbye", "call me back"])"#,
        "\"Okay, good... GOODBYE!\", but not \"goodbyes\"",
    ),
    (
        r#"!now.within("Mon-Fri 09:00-17:30, Sat 10-14", "Europe/Berlin")"#,
        "outside opening hours in Berlin, in summer as in winter",
    ),
    (
        r#"now.within("Fri-Sat 22:00-06:00", "America/New_York")"#,
        "in the nights to Saturday and to Sunday",
    ),
    ("turn.steps > 6", "where tools call each other without end"),
    (
        "turn.interrupted == true",
        "where Vapi says that the caller cut in",
    ),
    (
        r#"has(customer.name) && !has(context.customer.vip)"#,
        "for callers with a name of whom nothing is stored",
    ),
    (
        r#"turn.user.matches(r"(?i)\border \d{4,8}\b")"#,
        "where an order is named",
    ),
];

/// What conditions are, with examples.
pub fn manual() -> String {
    let mut out = format!("{ABOUT}\nExamples:\n");
    for (condition, holds) in EXAMPLES {
        // Writing to a string does not fail.
        let _ = write!(out, "\n    when = '{condition}'\n        {holds}\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::condition::Condition;
    use crate::lang::facts::ROOTS;

    #[test]
    fn every_example_is_a_condition_that_can_hold_and_every_name_is_there() {
        for (source, _) in EXAMPLES {
            let condition = Condition::parse(source).unwrap_or_else(|e| panic!("{source}: {e}"));
            assert!(!condition.never_holds(), "{source}");
            assert!(!source.contains('\''), "it stands between single quotes");
        }
        for root in ROOTS {
            let is_named = [format!("`{root}`"), format!("`{root}.")];
            assert!(is_named.iter().any(|name| ABOUT.contains(name)), "{root}");
        }
    }
}
