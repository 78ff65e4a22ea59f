//! Whether a test's model is asked, and what a rule answers in its place.

use super::compared::differences;
use super::cuts::ArrivedReply;
use super::{Case, Ran, TestFailure};
use crate::chat::chunk::ChunkHead;
use crate::ruleset::Passage;

impl Case {
    /// What comes otherwise where the test says whether the model is asked. `passed`: the turn behind
    /// its rules; none: one of them refused it.
    pub(super) fn judge_asked(&self, passed: Option<&Passage>, ran: &mut Ran) {
        let (Some(asked), Some(passed)) = (self.fields.model_asked, passed) else {
            return;
        };
        match (asked, passed.answered_by()) {
            (true, None) => {}
            (false, Some(_)) => ran.failures.extend(self.own_replies(passed)),
            (true, Some(rule)) => {
                let came = format!("no model was asked: `{rule}` answers");
                ran.fail("model_asked", "true", came);
            }
            (false, None) => {
                ran.fail("model_asked", "false", "the model is asked".to_owned());
            }
        }
    }

    /// What arrives otherwise of a rule's answer, as a stream or as a completion.
    fn own_replies(&self, passed: &Passage) -> Vec<TestFailure> {
        let case = &*self.fields;
        let head = ChunkHead::made("t", 0, None);
        for is_streamed in [true, false] {
            let Some(made) = passed.own_reply() else {
                continue;
            };
            let heard = match is_streamed {
                true => ArrivedReply::of_stream(&made.stream(&head, true)),
                false => ArrivedReply::of_completion(&made.completion(&head)),
            };
            let mut failures = Vec::new();
            let mut fail = |field: String, expected: String, actual: String| {
                failures.push(TestFailure {
                    field,
                    expected,
                    actual,
                    case: (!is_streamed).then(|| "the reply is not streamed".to_owned()),
                });
            };
            if let Some(expected) = &case.caller_hears
                && heard.text != *expected
            {
                fail("caller_hears".to_owned(), expected.clone(), heard.text);
            }
            let calls = case.tool_gets.iter();
            for (at, expected, came) in calls.flat_map(|calls| differences(calls, &heard.calls)) {
                fail(format!("tool_gets[{at}]"), expected, came);
            }
            if !failures.is_empty() {
                return failures;
            }
        }
        Vec::new()
    }
}
