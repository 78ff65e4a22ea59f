//! Who gets which bytes: the detectors are asked in order of certainty, and no two findings
//! overlap. A detector that is not wanted still claims its text, so that an IBAN is never taken
//! for a phone number.

use std::ops::Range;

use super::view::View;
use super::{Cues, Detector, Detectors, Finding, Scan, Speaker};
use super::{card, cues, digits, email, iban, ip, phone, ssn};

/// Finds the private values in a text. Pure, linear in the text's length, never panics.
pub fn scan(text: &str, _speaker: Speaker, before: &Cues, wanted: Detectors) -> Scan {
    let mut claims = Claims::default();
    if !wanted.is_empty() && may_hold_a_value(text) {
        let view = View::of(text);
        claim_all(view.text(), before.region(), &mut claims);
        claims.found.retain(|claim| wanted.contains(claim.detector));
        for claim in &mut claims.found {
            let source = view.source_range(claim.start..claim.end);
            (claim.start, claim.end) = (source.start, source.end);
        }
    }
    Scan {
        findings: claims.found,
        after: before.clone(),
    }
}

fn may_hold_a_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_ascii() || digits::has_digit(bytes) || memchr::memchr(b'@', bytes).is_some()
}

fn claim_all(text: &str, region: &str, claims: &mut Claims) {
    for range in email::written(text) {
        let value = text[range.clone()].to_lowercase();
        claims.add(range, Detector::Email, value);
    }
    if !digits::has_digit(text.as_bytes()) {
        return;
    }
    for range in iban::written(text) {
        let value = iban::canonical(&text[range.clone()]);
        claims.add(range, Detector::Iban, value);
    }
    for range in ip::written(text) {
        let value = ip::canonical(&text[range.clone()]);
        claims.add(range, Detector::Ip, value);
    }
    let certain = claims.found.len();
    for run in digits::runs(text) {
        if claims.overlaps(&run.range, certain) {
            continue;
        }
        let length: usize = run.shape().iter().sum();
        if length < 7 {
            continue;
        }
        let place = cues::place_at(text, run.range.start);
        let cards = card::written(text, &run, place);
        if !cards.is_empty() {
            for groups in cards {
                let value = run.digits(text, groups.clone());
                claims.push(run.range_of(groups), Detector::Card, value);
            }
        } else if ssn::is_written(&run, place) {
            let value = run.digits(text, 0..run.groups.len());
            claims.push(run.groups[0].start..run.range.end, Detector::Ssn, value);
        } else if let Some(range) = phone::written(text, &run, place, region) {
            let value = phone::canonical(&text[range.clone()], region);
            claims.push(range, Detector::Phone, value);
        }
    }
    claims.found.sort_by_key(|claim| claim.start);
}

#[derive(Default)]
struct Claims {
    found: Vec<Finding>,
}

impl Claims {
    fn push(&mut self, range: Range<usize>, detector: Detector, value: String) {
        self.found.push(Finding {
            start: range.start,
            end: range.end,
            detector,
            value,
        });
    }

    // Adds to a list in order, unless the place is taken.
    fn add(&mut self, range: Range<usize>, detector: Detector, value: String) {
        let at = self.found.partition_point(|claim| claim.end <= range.start);
        if self
            .found
            .get(at)
            .is_none_or(|next| range.end <= next.start)
        {
            self.found.insert(
                at,
                Finding {
                    start: range.start,
                    end: range.end,
                    detector,
                    value,
                },
            );
        }
    }

    // Whether one of the first claims, which are in order, has some of these bytes.
    fn overlaps(&self, range: &Range<usize>, certain: usize) -> bool {
        let certain = self.found.get(..certain).unwrap_or(&[]);
        let at = certain.partition_point(|claim| claim.end <= range.start);
        certain.get(at).is_some_and(|next| next.start < range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(Detector, &str)]) {
        let all = Detector::ALL.iter().copied().collect();
        let scan = scan(text, Speaker::Caller, &Cues::at_start("US"), all);
        let found: Vec<_> = scan
            .findings
            .iter()
            .map(|found| (found.detector, &text[found.start..found.end]))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn values_of_several_kinds_stand_in_one_text() {
        check(
            "card 4111 1111 1111 1111, a@b.org, SSN 123-45-6789",
            &[
                (Detector::Card, "4111 1111 1111 1111"),
                (Detector::Email, "a@b.org"),
                (Detector::Ssn, "123-45-6789"),
            ],
        );
    }

    #[test]
    fn what_no_reader_sees_does_not_hide_a_number() {
        check(
            "card ４１１１\u{200b}1111\u{a0}1111\u{2011}1111",
            &[(Detector::Card, "４１１１\u{200b}1111\u{a0}1111\u{2011}1111")],
        );
    }

    #[test]
    fn numbers_that_are_not_private_stay() {
        for text in [
            "order 1873828699 will come",
            "unix time 1717331515",
            "ISBN 9787586508564",
            "version 6.28.38",
            "part no. 416-3499-090-61",
            "population of 3,250,670 people",
            "at 10:30 on 12/25",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn only_wanted_kinds_are_reported() {
        let wanted = [Detector::Email].into_iter().collect();
        let scan = scan(
            "4111 1111 1111 1111 a@b.org",
            Speaker::Caller,
            &Cues::at_start("US"),
            wanted,
        );
        assert_eq!(scan.findings.len(), 1);
    }
}
