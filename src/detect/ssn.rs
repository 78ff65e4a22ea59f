//! US social security numbers.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Ssn,
    "ssn, s s n, ssn number, ssn no, social, socials, social number, social security, social security number, \
     social security no, social security num, social security card, social security card number, social insurance number, \
     sin number, soc sec, soc, soc number, ss number, ss no, ss, s s number, s s, tax id, tax id number, tax identification number, \
     tin, t i n, taxpayer id, taxpayer identification number, itin, i t i n, socialsecuritynumber",
)];

/// Whether so many digits are one where it was spoken of.
pub(super) fn fits(length: usize) -> bool {
    length == 9
}

/// Whether groups of digits are written as nothing else is.
pub(super) fn is_its_form(shape: &[usize]) -> bool {
    shape == [3, 2, 4]
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            ("SSN 493-58-2962", "493-58-2962"),
            (
                "my social is double one two seven two six one wait no one seven nine",
                "double one two seven two six one wait no one seven nine",
            ),
            ("last four of social oh nine two zero", "oh nine two zero"),
            ("309-91-0667 is on file", "309-91-0667"),
        ] {
            check_one(Detector::Ssn, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in ["my social life at 5", "social media has 123456789 users"] {
            check(text, &[]);
        }
    }
}
