use super::*;

fn hit(start: usize, end: usize, label: usize) -> Hit {
    Hit {
        start,
        end,
        label,
        identity: Seeds::default().identity(&label),
    }
}

#[test]
fn overlapping_hits_hide_all_that_any_of_them_hides() {
    let search = Search::new(&[]);
    let joined = search.without_overlaps(
        "0123456789",
        vec![hit(4, 9, 1), hit(0, 2, 0), hit(3, 5, 2), hit(3, 5, 3)],
    );
    assert_eq!(joined.len(), 2);
    assert_eq!((joined[1].start, joined[1].end, joined[1].label), (3, 9, 1));
    let same = search.without_overlaps("0123456789", vec![hit(1, 3, 5), hit(1, 3, 6)]);
    assert_eq!((same.len(), same[0].label), (1, 5));
}

#[test]
fn the_memo_changes_nothing() {
    let mut search = Search::new(&["KEEP@example.com".into()]);
    search.add_detector(Detector::Email);
    let known = Known::default();
    let before = Cues::at_start("US");
    let text = "Write to a.b@example.com or to keep@example.com, whatever suits you best today.";
    let fresh = search.find_afresh(text, Speaker::Caller, &before, &known);
    for _ in 0..2 {
        let repeated = Repeated::default();
        let given = Given {
            speaker: Speaker::Caller,
            before: &before,
            known: &known,
            repeated: &repeated,
        };
        let found = search.find(text, given);
        assert_eq!(found.hits, fresh.hits);
    }
    assert_eq!(fresh.hits.len(), 1);
}
