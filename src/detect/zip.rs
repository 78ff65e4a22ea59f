//! Postal codes: five or nine digits in the US, letters and digits elsewhere.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Zip,
    "zip, zip code, zip codes, zipcode, zip is, zip plus four, zip code is, postal code, postalcode, postcode, post code, \
     billing zip, billing zip code, billing postcode, billing postal code, shipping zip, zip code on file, home zip, \
     mailing zip, p code, pcode, postal pin, pin code of my area, area pin code, plz, postleitzahl, code postal, codigo postal, código postal, eircode, pin code for my area, five digit zip, five digit zip code, postal zip, zip postal code",
)];

/// Whether so many digits are one where it was spoken of.
pub(super) fn fits(length: usize) -> bool {
    matches!(length, 5 | 9)
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            (
                "my zip code is thirty seven eight twenty two",
                "thirty seven eight twenty two",
            ),
            ("billing zip: NN3R 8ZE", "NN3R 8ZE"),
            ("the 60614 zip code", "60614"),
        ] {
            check_one(Detector::Zip, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        check("zip files are 300 megabytes", &[]);
    }
}
