//! Refusals that name several fields, and those of limits that are too low or too high.

use super::*;

#[test]
fn fields_that_are_named_together_go_together() {
    let fields = [
        "seed",
        "logit_bias",
        "frequency_penalty",
        "presence_penalty",
    ];
    let each = |line: &dyn Fn(&str) -> String, between: &str| fields.map(line).join(between);
    let google = |name: &str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\": Cannot find field.")
    };
    let property = |name: &str| format!("property '{name}' is unsupported");
    for said in [
        each(&google, "\n"),
        each(&property, "\n"),
        each(&property, "; "),
        each(&property, ". "),
        format!(
            "Unrecognized request arguments supplied: {}",
            fields.join(", ")
        ),
        format!(
            "The following parameters are not supported: `{}`",
            fields.join("`, `")
        ),
        format!("'{}' are not supported by this model", fields.join("', '")),
        format!(
            "Extra inputs are not permitted: [\"{}\"]",
            fields.join("\", \"")
        ),
    ] {
        let ways = ways(&openai(&said, "", ""));
        let first = ways.first().map_or("", |way| way);
        for field in fields {
            let line = format!("drop = [\"{field}\"]");
            assert!(first.contains(&line), "{said}: {ways:?}");
        }
    }
}

#[test]
fn fields_of_which_one_may_stay_go_one_by_one() {
    for said in [
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        "'logprobs' is not supported with 'response_format'",
        "Unknown parameter: 'logit_bias'. Supported parameters are: temperature, top_p, max_tokens",
    ] {
        let ways = ways(&openai(said, "", ""));
        let is_of_two = |way: &String| way.matches("drop").count() > 1;
        assert!(!ways.first().is_some_and(is_of_two), "{said}: {ways:?}");
    }
}

#[test]
fn a_limit_that_is_too_low_goes_in_this_request_alone() {
    for said in [
        "Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.",
        "max_tokens is too small for this request; increase max_tokens",
        "Invalid 'max_tokens': integer below minimum value. Expected a value >= 300, but got 250 instead.",
        "max_completion_tokens must be at least 1024",
    ] {
        let ways = ways(&openai(said, "", ""));
        let both = "once drop = [\"max_completion_tokens\"] & once drop = [\"max_tokens\"]";
        assert_eq!(ways.first().map_or("", |way| way), both, "{said}: {ways:?}");
        assert!(
            ways.iter().all(|way| way.starts_with("once ")),
            "{said}: {ways:?}"
        );
    }
}

#[test]
fn a_limit_is_known_in_words_as_well() {
    for said in [
        "too many tokens: max tokens must be less than or equal to 200, the maximum output for this model - received 250.",
        "Max Tokens should be no more than 200",
        "maxTokens must be lower than or equal to 200",
    ] {
        check(
            said,
            "drop = [\"max_completion_tokens\"]\ndefault = { max_completion_tokens = 200 } & drop = [\"max_tokens\"]\ndefault = { max_tokens = 200 }",
        );
    }
}
