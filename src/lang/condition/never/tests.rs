use super::*;

#[test]
fn what_a_path_is_compared_with_is_known() {
    let source = "route == 'a' || !('b' != route && call.id == 'c') && route in ['d']";
    let condition = Condition::parse(source).expect(source);
    let compared = condition.compared_with("route").into_iter();
    let compared: Vec<(String, &str)> = compared
        .map(|(text, range)| {
            (
                text,
                range.and_then(|range| source.get(range)).unwrap_or(""),
            )
        })
        .collect();
    let expected = [
        ("a", "route == 'a'"),
        ("b", "'b' != route"),
        ("d", "route in ['d']"),
    ];
    assert_eq!(
        compared,
        expected.map(|(text, part)| (text.to_owned(), part))
    );
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
        ("now.getDayOfWeek() == 7", true),
        ("now.getMonth('Europe/Berlin') > 11", true),
        ("now.getHours() == 24", true),
        ("now.getDate() < 1", true),
        ("now.getHours('UTC') >= 18 && now.getHours('UTC') < 8", true),
        ("size(turn.user) < 0", true),
        ("turn.user.size() > 5 && size(turn.user) < 3", true),
        ("turn.user.lowerAscii() == 'Yes'", true),
        ("turn.user.lowerAscii().contains('Refund')", true),
        ("turn.user.upperAscii().startsWith('Re')", true),
        ("turn.user.trim() == ' yes'", true),
        ("turn.user.lowerAscii() in ['Yes', 'No']", true),
        ("customer.number == 12025550143", true),
        ("call.type == true", true),
        (
            "customer.number.startsWith('+1') && customer.number.startsWith('+49')",
            true,
        ),
        (
            "call.type == 'webCall' && call.type.contains('Phone')",
            true,
        ),
        ("call.type in ['a', 'b'] && call.type.endsWith('c')", true),
        ("call.note == null && call.note.contains('a')", true),
        ("!has(call.note) && call.note == 'a'", true),
        (
            "!has(context.call.note) && context.call.note.text.contains('a')",
            true,
        ),
        (
            "call.type in ['a', 'b'] && call.type != 'a' && call.type != 'b'",
            true,
        ),
        (
            "now > timestamp('2026-12-24T00:00:00Z') && now < timestamp('2026-12-20T00:00:00Z')",
            true,
        ),
        (
            "now.within('Mon 9-12', 'UTC') && now.within('Mon 13-17', 'UTC')",
            true,
        ),
        (
            "now.within('Sun 22:00-06:00', 'UTC') && now.within('Tue', 'UTC')",
            true,
        ),
        (
            "now.within('Mon 10-12', 'UTC') && !now.within('Mon-Fri 9-17', 'UTC')",
            true,
        ),
        ("call.type != call.type", true),
        ("turn.number < turn.number", true),
        ("now.getDayOfWeek() == 0", false),
        (
            "now.getHours('UTC') >= 18 || now.getHours('UTC') < 8",
            false,
        ),
        (
            "now.getHours('UTC') >= 18 && now.getHours('Asia/Tokyo') < 8",
            false,
        ),
        ("now.getHours() >= 8 && now.getHours() < 18", false),
        ("timestamp(call.at).getHours() == 23", false),
        ("size(turn.user) < 1", false),
        ("turn.user.lowerAscii() == 'yes'", false),
        ("turn.user.lowerAscii() != 'Yes'", false),
        ("turn.user.lowerAscii().contains('ÄÖ')", false),
        ("turn.user.trim().contains(' a')", false),
        ("turn.user.lowerAscii() in ['Yes', 'no']", false),
        ("customer.number != 1", false),
        ("customer.age == 42", false),
        (
            "customer.number.startsWith('+1') && customer.number.startsWith('+1202')",
            false,
        ),
        ("call.a.contains('x') && call.a.contains('y')", false),
        ("call.type == 'webCall' && call.type.contains('web')", false),
        ("!has(call.note) && call.other == 'a'", false),
        ("!has(call.note) || call.note == 'a'", false),
        ("!has(call.note) && call.notes == 'a'", false),
        (
            "call.type in ['a', 'b', 'c'] && call.type != 'a' && call.type != 'b'",
            false,
        ),
        (
            "now.within('Sun 22:00-06:00', 'UTC') && now.within('Mon', 'UTC')",
            false,
        ),
        (
            "now.within('Mon 9-12', 'UTC') && now.within('Mon 13-17', 'Asia/Tokyo')",
            false,
        ),
        (
            "now.within('Mon 8-12', 'UTC') && !now.within('Mon-Fri 9-17', 'UTC')",
            false,
        ),
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

#[test]
fn the_part_is_shown_that_never_holds_and_why() {
    for (source, part, kind, why) in [
        (
            "call.id == 'x' && turn.number < 0",
            "turn.number < 0",
            IdleKind::Never,
            "since `turn.number` is a whole number from 0 on",
        ),
        (
            "call.type == 'a' && call.id == 'x' && call.type == 'b'",
            "call.type == 'b'",
            IdleKind::Never,
            "beside `call.type == 'a'`",
        ),
        (
            "now.getDayOfWeek(\"UTC\") == 7 || call.id == 'x'",
            "now.getDayOfWeek(\"UTC\") == 7",
            IdleKind::PartNever,
            "since `now.getDayOfWeek(\"UTC\")` is a whole number from 0 to 6",
        ),
        (
            "call.id == 'x' && (call.type == 'a' || turn.user.lowerAscii().contains('No'))",
            "turn.user.lowerAscii().contains('No')",
            IdleKind::PartNever,
            "since `turn.user.lowerAscii()` has no capital letters",
        ),
        (
            "turn.number > 1 && (call.type != 'a' || call.type != 'b')",
            "call.type != 'a' || call.type != 'b'",
            IdleKind::PartAlways,
            "since `call.type` is never both",
        ),
        (
            "call.a && !call.a",
            "!call.a",
            IdleKind::Never,
            "since the rest says just that",
        ),
    ] {
        let condition = Condition::parse(source).unwrap_or_else(|e| panic!("{source}: {e}"));
        let parts = condition.idle_parts();
        let [found] = parts.as_slice() else {
            panic!("{source}: {parts:?}");
        };
        let shown = found.range.clone().and_then(|range| source.get(range));
        assert_eq!(shown, Some(part), "{source}");
        assert_eq!(
            (found.kind, found.why.as_deref()),
            (kind, Some(why)),
            "{source}"
        );
    }
    for source in [
        "call.type != 'a' && call.type != 'b'",
        "call.a != 'a' || call.b != 'b'",
        "call.busy || turn.number > 3",
    ] {
        let condition = Condition::parse(source).expect(source);
        assert_eq!(condition.idle_parts(), [], "{source}");
    }
}
