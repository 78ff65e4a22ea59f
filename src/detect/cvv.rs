//! Card security codes: three or four digits where one was spoken of.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Cvv,
    "cvv, c v v, cvc, c v c, cvv2, cvv code, c v v code, cvc code, cvv number, c v v number, csc, c s c, cid, cid code, cvd, \
     security code, security number, card security code, security number on the back, code on the back, number on the back, \
     numbers on the back, digits on the back, three digits on the back, three digit code, three digit security code, \
     three digit number on the back, four digits on the front, four digit code on the front, \
     code on the back of the card, three numbers on the back, sec code, scode, security digits, card verification, \
     card verification value, card verification code, card verification number, back of the card, on the back, \
     last three digits on the back, three digits, security code on the back, code on the front",
)];

/// Whether so many digits are one.
pub(super) fn fits(length: usize) -> bool {
    (3..=4).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            ("the c v v is three zero eight", "three zero eight"),
            ("three digits on the back fifty five six", "fifty five six"),
            ("security code 243", "243"),
        ] {
            check_one(Detector::Cvv, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        check("the security code did not work 4 times", &[]);
    }
}
