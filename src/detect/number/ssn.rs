//! US social security numbers.

/// Whether groups of digits are written as nothing else is.
pub(crate) fn is_its_form(shape: &[usize]) -> bool {
    shape == [3, 2, 4]
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

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
    fn two_digits_and_seven_are_an_employers() {
        for value in [
            "four one dash two eight three double oh six seven",
            "41-2830067",
        ] {
            check_one(Detector::Id, &format!("our tax id is {value}"), value);
        }
        let value = "four one two dash eight three dash double oh six seven";
        check_one(Detector::Ssn, &format!("my tax id is {value}"), value);
    }

    #[test]
    fn other_numbers_stay() {
        for text in ["my social life at 5", "social media has 123456789 users"] {
            check(text, &[]);
        }
    }
}
