use super::*;

#[test]
fn what_a_path_is_compared_with_is_known() {
    let source = "route == 'a' || !('b' != route && call.id == 'c') && route in ['d']";
    let condition = Condition::parse(source).expect(source);
    assert_eq!(condition.compared_with("route"), ["a", "b"]);
}

#[test]
fn what_can_never_hold_is_known_and_nothing_else() {
    for (source, expected) in [
        ("false", true),
        ("1 > 2", true),
        ("'a' == 'b' && call.id == 'x'", true),
        ("call.type == 'a' && call.type == 'b'", true),
        (
            "call.type == 'a' && (turn.number > 1 && call.type == 'b')",
            true,
        ),
        ("call.type == 'a' && call.type != 'a'", true),
        ("'a' == call.type && 'b' == call.type", true),
        ("turn.number < 0", true),
        ("turn.number < -1", true),
        ("turn.number == -1", true),
        ("0 > turn.number", true),
        ("turn.number > 5 && turn.number < 3", true),
        ("turn.number > 3 && turn.number <= 3", true),
        ("turn.number == 2 && turn.number > 2", true),
        ("false || (1 == 2)", true),
        ("call.a == 1 && call.a == 1.5", true),
        ("turn.steps < 0", true),
        ("turn.steps == 2.5", true),
        ("turn.number > 2 && turn.number < 3", true),
        (
            "turn.number >= 2 && turn.number < 9 && turn.number == 1",
            true,
        ),
        ("call.type in []", true),
        ("call.type in ['a', 'b'] && call.type == 'c'", true),
        ("call.type in ['a'] && call.type in ['b', 'c']", true),
        ("call.type in ['a'] && call.type != 'a'", true),
        ("has(call.note) && !has(call.note)", true),
        (
            "turn.user.contains('a') && call.id == 'x' && !turn.user.contains('a')",
            true,
        ),
        ("says(turn.user, ['a']) && !says(turn.user, ['a'])", true),
        (
            "now.within('Mon', 'UTC') && !now.within('Mon', 'UTC')",
            true,
        ),
        ("call.a && !(call.a && call.b) && call.b", true),
        ("true", false),
        ("turn.steps > 6", false),
        ("turn.steps <= 0", false),
        ("call.n > 2 && call.n < 3", false),
        ("call.type in ['a', 'b'] && call.type == 'b'", false),
        ("call.type in ['a', 'b'] && call.type != 'a'", false),
        ("call.type in [call.id] && call.type == 'b'", false),
        ("has(call.note) && !has(call.other)", false),
        ("says(turn.user, ['a']) && !says(turn.user, ['b'])", false),
        (
            "now.within('Mon', 'UTC') && !now.within('Mon', 'Asia/Tokyo')",
            false,
        ),
        ("call.a && !(call.a && call.b)", false),
        ("turn.number < 1", false),
        ("turn.number >= 3 && turn.number <= 3", false),
        ("turn.number > 2 && turn.number < 4", false),
        ("call.type == 'a' || call.type == 'b'", false),
        ("call.type == 'a' && call.type == 'a'", false),
        ("call.type == 'a' && call.id == 'b'", false),
        ("call.type == 'a' && call.type != 'b'", false),
        ("call.a == 1 && call.a == 1.0", false),
        ("!(turn.number < 0)", false),
        ("false || fetch.crm.vip", false),
        ("has(customer.name) && customer.name != ''", false),
        ("call.tags.exists(tag, tag == 'x' && tag == 'y')", false),
        ("'a'.matches('b+') || turn.user.matches('(?i)help')", false),
    ] {
        let condition = Condition::parse(source).unwrap_or_else(|e| panic!("{source}: {e}"));
        assert_eq!(condition.never_holds(), expected, "{source}");
    }
}
