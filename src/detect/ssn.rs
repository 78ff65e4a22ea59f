//! US social security numbers.

use super::cues::Place;
use super::digits::Run;

/// Whether a run of digits is one: nine digits in its place, or written 3-2-4 anywhere.
pub(super) fn is_written(run: &Run, place: Place) -> bool {
    let shape = run.shape();
    let grouped = shape == [3, 2, 4] && !run.is_glued;
    match place {
        Place::Ssn => shape.iter().sum::<usize>() == 9,
        Place::Reference => false,
        _ => grouped,
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::runs;
    use super::*;

    fn check(text: &str, place: Place, expected: bool) {
        assert_eq!(
            runs(text).iter().any(|run| is_written(run, place)),
            expected,
            "{text}"
        );
    }

    #[test]
    fn grouped_digits_are_one_anywhere() {
        check("123-45-6789", Place::Anywhere, true);
        check("123 45 6789", Place::Anywhere, true);
        check("123456789", Place::Anywhere, false);
        check("123-45-6789", Place::Reference, false);
    }

    #[test]
    fn nine_digits_are_one_in_its_place() {
        check("123456789", Place::Ssn, true);
        check("12345678", Place::Ssn, false);
    }
}
