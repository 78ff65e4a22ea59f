//! Whose a piece is, of streams as servers number them.

use super::*;

/// Index (-1: none), id, name and arguments of each piece, and what the calls are then.
fn check(pieces: &[(i64, &str, &str, &str)], expected: &[&str]) {
    let mut calls = Calls::default();
    let mut texts: Vec<String> = Vec::new();
    for (index, id, name, arguments) in pieces {
        let joined = calls.join(&CallPiece {
            index: u64::try_from(*index).ok(),
            is_legacy: false,
            place: None,
            id,
            name,
            arguments,
        });
        let at = joined.lane.serial;
        texts.resize(texts.len().max(at + 1), String::new());
        texts[at].push_str(arguments);
    }
    let told: Vec<String> = texts
        .iter()
        .zip(&calls.calls)
        .map(|(text, call)| format!("{} {text}", call.tool))
        .collect();
    assert_eq!(told, expected, "{pieces:?}");
}

#[test]
fn a_new_id_or_name_begins_a_new_call() {
    for index in [-1, 0] {
        check(
            &[
                (index, "a", "look_up", ""),
                (index, "", "", "{1"),
                (index, "", "", "}"),
                (index, "b", "pay", "{2}"),
            ],
            &["look_up {1}", "pay {2}"],
        );
        check(
            &[(index, "", "look_up", "{1}"), (index, "", "pay", "{2}")],
            &["look_up {1}", "pay {2}"],
        );
        check(
            &[(index, "a", "pay", "{1}"), (index, "b", "", "{2}")],
            &["pay {1}", " {2}"],
        );
    }
    check(
        &[
            (0, "a", "x", "1"),
            (1, "b", "y", "2"),
            (0, "", "", "1"),
            (1, "b", "", "2"),
        ],
        &["x 11", "y 22"],
    );
}

#[test]
fn an_id_of_its_own_makes_no_piece_a_call_while_arguments_are_under_way() {
    for index in [-1, 0] {
        for first in ["", "{\"a\""] {
            check(
                &[
                    (index, "1", "pay", first),
                    (index, "2", "", "{\"c\":["),
                    (index, "3", "", "\"}\\\"]\"]"),
                    (index, "4", "", "}"),
                    (index, "5", "look_up", "{"),
                    (index, "6", "", "}"),
                ],
                &[&format!("pay {first}{{\"c\":[\"}}\\\"]\"]}}"), "look_up {}"][..],
            );
        }
        check(
            &[(index, "1", "pay", "{"), (index, "2", "pay", "{}")],
            &["pay {", "pay {}"],
        );
    }
}

#[test]
fn a_name_behind_its_arguments_is_that_of_their_call() {
    for index in [-1, 0] {
        for id in ["a", ""] {
            check(
                &[(index, id, "", "{1"), (index, "", "pay", "}")],
                &["pay {1}"],
            );
            check(
                &[(index, id, "", "{1}"), (index, "", "pay", "")],
                &["pay {1}"],
            );
            check(
                &[
                    (index, id, "", "{"),
                    (index, "a", "pay", "1"),
                    (index, "a", "pay", "}"),
                ],
                &["pay {1}"],
            );
        }
    }
}

#[test]
fn arguments_behind_whole_ones_are_those_of_another_call() {
    for index in [-1, 0] {
        check(
            &[(index, "", "pay", "{1}"), (index, "", "pay", "{2}")],
            &["pay {1}", "pay {2}"],
        );
        check(
            &[
                (index, "a", "pay", ""),
                (index, "", "", "{1}\n"),
                (index, "", "", "{2"),
                (index, "", "", "}"),
            ],
            &["pay {1}\n", "pay {2}"],
        );
        check(
            &[
                (index, "a", "pay", "{1}"),
                (index, "a", "", " "),
                (index, "", "", "\n"),
            ],
            &["pay {1} \n"],
        );
    }
}

#[test]
fn names_come_in_pieces_late_and_again() {
    check(
        &[(0, "a", "look", ""), (0, "", "_up", ""), (0, "", "", "{}")],
        &["look_up {}"],
    );
    check(
        &[(0, "a", "", ""), (0, "", "", ""), (0, "", "pay", "{}")],
        &["pay {}"],
    );
    check(
        &[
            (0, "a", "pay", "{"),
            (0, "a", "pay", "}"),
            (0, "", "pay", ""),
        ],
        &["pay {}"],
    );
    check(&[(-1, "", "pay", ""), (-1, "a", "", "{}")], &["pay {}"]);
}

#[test]
fn a_known_id_leads_back_to_its_call() {
    check(
        &[(0, "a", "x", "1"), (0, "b", "y", "2"), (0, "a", "", "1")],
        &["x 11", "y 2"],
    );
}

#[test]
fn pieces_of_one_chunk_without_numbers_go_on_by_their_places() {
    let mut calls = Calls::default();
    let mut join = |place: u64, name: &str, arguments: &str| {
        let joined = calls.join(&CallPiece {
            index: None,
            is_legacy: false,
            place: Some(place),
            id: "",
            name,
            arguments,
        });
        (joined.lane.serial, joined.ended.is_some())
    };
    assert_eq!(
        [
            join(0, "x", "{"),
            join(1, "y", "{"),
            join(0, "", "}"),
            join(1, "", "}")
        ],
        [(0, false), (1, false), (0, false), (1, false)]
    );
}
