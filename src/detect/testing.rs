//! What the detectors' tests share: one text of a caller, and what is found in it.

use super::{Cues, Detector, Scan, Speaker, scan};

/// Scans a text as the first of a call.
pub(crate) fn scanned(text: &str) -> Scan {
    let all = Detector::ALL.iter().copied().collect();
    scan(text, Speaker::Caller, &Cues::at_start("US"), all)
}

/// Checks what is found in a text, in order.
pub(crate) fn check(text: &str, expected: &[(Detector, &str)]) {
    let scan = scanned(text);
    let found: Vec<_> = scan
        .findings
        .iter()
        .map(|found| (found.detector, &text[found.start..found.end]))
        .collect();
    assert_eq!(found, expected, "{text}");
}

/// Checks that the only value in a text is of this kind.
pub(crate) fn check_one(detector: Detector, text: &str, value: &str) {
    check(text, &[(detector, value)]);
}
