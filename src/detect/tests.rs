use std::fs;
use std::path::Path;

use super::number::NumberKind;
use super::{Cues, Detector, Detectors, Speaker, scan};

/// The values that no row of `number/kinds.rs` is of, and one that is told without any words.
const OTHERS: &[(Detector, &str)] = &[
    (Detector::Email, "amy@example.com"),
    (Detector::Ip, "49.239.22.54"),
    (Detector::Url, "https://example.com/a"),
    (Detector::Address, "I live at 12 Main Street"),
    (Detector::Name, "my name is Amy Adams"),
    (Detector::Secret, "the password is hunter22"),
];

#[test]
fn every_detector_has_a_row_of_numbers_or_a_finder_of_its_own() {
    for &detector in Detector::ALL {
        let other = OTHERS.iter().find(|(other, _)| *other == detector);
        assert!(
            NumberKind::found_by(detector).is_some() != other.is_some(),
            "{detector:?} is a kind of number or another value, not both and not neither"
        );
        let Some((_, text)) = other else { continue };
        let wanted: Detectors = [detector].into_iter().collect();
        let found = scan(text, Speaker::Caller, &Cues::at_start("US"), wanted).findings;
        assert!(!found.is_empty(), "nobody finds {detector:?}");
    }
}

#[test]
fn every_file_of_a_value_is_asked_by_the_scan() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/detect/value");
    let scan = include_str!("scan.rs");
    let boundary = include_str!("boundary.rs");
    let mut files = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy();
        if name == "mod" || path.is_dir() {
            continue;
        }
        files += 1;
        assert!(
            scan.contains(&format!("    {name}::claim")),
            "no list in scan.rs has a line for value/{name}.rs"
        );
        let code = fs::read_to_string(&path).expect("a file");
        let reaches = code.contains("REACH: ValueReach") || code.contains("reach::REACH");
        assert_eq!(
            reaches,
            boundary.contains(&format!("&{name}::REACH")),
            "value/{name}.rs says how far back its values reach, and boundary.rs asks it"
        );
    }
    assert!(files > 5, "the files are found");
}
