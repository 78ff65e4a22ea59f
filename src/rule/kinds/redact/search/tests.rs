use super::*;

#[test]
fn the_memo_changes_nothing() {
    let mut search = Search::new(&["KEEP@example.com".into()]);
    search.add_detector(Detector::Email);
    let known = KnownValues::default();
    let before = Cues::at_start("US");
    let text = "Write to a.b@example.com or to keep@example.com, whatever suits you best today.";
    let fresh = search.find_afresh(text, Speaker::Caller, &before, &known);
    for _ in 0..2 {
        let repeated = crate::rule::kinds::redact::repeated::RepeatedValues::default();
        let context = SearchContext {
            speaker: Speaker::Caller,
            before: &before,
            known: &known,
            repeated: &repeated,
            clock: &crate::rule::Clock::default(),
        };
        let found = search.find(text, context);
        assert_eq!(found.hits, fresh.hits);
    }
    assert_eq!(fresh.hits.len(), 1);
}
