//! What a caller says of a name, and what he says of other things in the same words.

use crate::detect::Detector::Name;
use crate::detect::testing::check;

fn check_names(text: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|name| (Name, *name)).collect();
    check(text, &expected);
}

#[test]
fn what_is_said_of_a_name_tells_of_it() {
    for (text, expected) in [
        (
            "grace is my first name and church is my last",
            &["grace", "church"][..],
        ),
        (
            "joy is my given name and banks is my family name",
            &["joy", "banks"],
        ),
        ("i'm dee, short for deirdre", &["dee", "deirdre"]),
        ("it's lex, short for alexander", &["lex", "alexander"]),
        ("june, like the month", &["june"]),
        ("i'm frank and this is my wife joy", &["frank", "joy"]),
        (
            "i'm will and my brother's mark we both need it",
            &["will", "mark"],
        ),
        ("me dean and our two boys", &["dean"]),
        ("the name on the bell is ortega", &["ortega"]),
        ("the name on the buzzer is price", &["price"]),
        (
            "could be desjardins could be bouchard",
            &["desjardins", "bouchard"],
        ),
        ("try kowalski or maybe kowalska", &["kowalski", "kowalska"]),
        (
            "on the paper it's charles edward lamont the third",
            &["charles edward lamont the third"],
        ),
        ("name of pope", &["pope"]),
        ("tell hank at the gate", &["hank"]),
        ("tanabe, hiroshi", &["tanabe", "hiroshi"]),
        ("p j o'rourke", &["p j o'rourke"]),
        ("next of kin elspeth", &["elspeth"]),
        (
            "may is the name, like the month, may robinson",
            &["may", "may robinson"],
        ),
        ("i'm jun, calling from cebu", &["jun"]),
        (
            "uh bongani m, m for mother, k h i z e, mkhize",
            &["bongani", "m, m for mother, k h i z e", "mkhize"],
        ),
    ] {
        check_names(text, expected);
    }
}

#[test]
fn what_is_said_of_other_things_tells_nothing() {
    for text in [
        "friday is my last day",
        "water is my first choice and juice is my second",
        "it's green, like the grass",
        "it's hot like the desert",
        "an app, short for application",
        "i'm happy and my wife is too",
        "i'm tired and my brother's late",
        "the name on the box is galaxy",
        "the name of the product is bloom",
        "it could be damp or maybe mould",
        "try water or maybe tea",
        "book the third or the fourth",
        "text stop instead",
        "visa, mastercard",
        "next of kin form",
        "i'm fine, calling about the bill",
        "it came up as declined",
        "me and the kids and our two dogs",
    ] {
        check(text, &[]);
    }
}
