use crate::lang::condition::Condition;

fn told(source: &str) -> Option<String> {
    let error = Condition::parse(source).err()?;
    let place = error.range.and_then(|range| source.get(range));
    Some(format!(
        "{}|{}|{}",
        place.unwrap_or("-"),
        error.message,
        error.help.unwrap_or_default()
    ))
}

#[test]
fn what_is_never_alike_is_not_compared() {
    for (source, place, message) in [
        (
            "now > '2026-01-01T00:00:00Z'",
            "now > '2026-01-01T00:00:00Z'",
            "`now` is a time and `'2026-01-01T00:00:00Z'` a text",
        ),
        (
            "'2026-01-01' <= now",
            "'2026-01-01' <= now",
            "`'2026-01-01'` is a text and `now` a time",
        ),
        ("now == '2026'", "now == '2026'", "is a time"),
        ("'x' != now", "'x' != now", "`now` a time"),
        (
            "context.call.due < now",
            "context.call.due < now",
            "`context.call.due` is never a time",
        ),
        (
            "now >= variables['due']",
            "now >= variables['due']",
            "`variables['due']` never a time",
        ),
        (
            "call.id == 'x' && (now > call.startedAt)",
            "now > call.startedAt",
            "never a time",
        ),
        (
            "timestamp(call.a) > 5",
            "timestamp(call.a) > 5",
            "is a time and `5` a number",
        ),
        (
            "now - timestamp(call.startedAt) > 60",
            "now - timestamp(call.startedAt) > 60",
            "is a duration and `60` a number",
        ),
        (
            "now - timestamp(call.startedAt) > '60s'",
            "now - timestamp(call.startedAt) > '60s'",
            "a duration",
        ),
        (
            "now + 60 > timestamp(call.a)",
            "now + 60",
            "added or subtracted",
        ),
        (
            "now - '1h' > timestamp(call.a)",
            "now - '1h'",
            "added or subtracted",
        ),
        (
            "now.getHours() >= '9'",
            "now.getHours() >= '9'",
            "is a number and `'9'` a text",
        ),
        ("turn.number == '3'", "turn.number == '3'", "is a number"),
        (
            "turn.user == 3",
            "turn.user == 3",
            "is a text and `3` a number",
        ),
        ("'3' == turn.number", "'3' == turn.number", "is a text"),
        (
            "request.model == true",
            "request.model == true",
            "true or false",
        ),
        ("route == ['a']", "route == ['a']", "a list"),
        (
            "size(turn.user) > '10'",
            "size(turn.user) > '10'",
            "is a number",
        ),
        (
            "call.startedAt.getHours() > 8",
            "call.startedAt",
            "`getHours` needs a time",
        ),
        (
            "turn.user.getHours() > 8",
            "turn.user",
            "`getHours` needs a time",
        ),
        ("now.startsWith('2026')", "now", "`startsWith` needs a text"),
        (
            "turn.number.matches('3')",
            "turn.number",
            "`matches` needs a text",
        ),
    ] {
        let told = told(source).unwrap_or_else(|| panic!("{source} is taken"));
        let (at, rest) = told.split_once('|').expect("a place");
        assert_eq!(at, place, "{told}");
        assert!(rest.contains(message), "{message} in {told}");
        assert!(
            !rest.ends_with('|')
                || rest.contains("true or false")
                || rest.contains("a list")
                || source == "turn.user == 3",
            "no help: {told}"
        );
    }
}

#[test]
fn a_zone_a_time_and_a_duration_that_are_none_are_told() {
    for (source, place, message) in [
        (
            "now.getHours('Europe/Berln') > 8",
            "'Europe/Berln'",
            "there is no time zone `Europe/Berln`",
        ),
        (
            "now.getDayOfWeek(\"CEST+9\") == 0",
            "\"CEST+9\"",
            "no time zone",
        ),
        (
            "timestamp(call.a).getMinutes('25:00') == 0",
            "'25:00'",
            "no time zone",
        ),
        (
            "now > timestamp('tomorrow')",
            "'tomorrow'",
            "`tomorrow` is no time",
        ),
        (
            "now > timestamp('2026-01-01')",
            "'2026-01-01'",
            "is no time",
        ),
        (
            "now - timestamp(call.a) > duration('5 days')",
            "'5 days'",
            "`5 days` is no duration",
        ),
    ] {
        let told = told(source).unwrap_or_else(|| panic!("{source} is taken"));
        assert!(told.starts_with(place), "{told}");
        assert!(told.contains(message), "{message} in {told}");
    }
}

#[test]
fn a_key_that_is_never_there_is_told_in_every_spelling() {
    for source in [
        "turn.numbr > 1",
        "turn['numbr'] > 1",
        "has(turn.numbr)",
        "1 < turn.numbr",
        "!(turn.numbr == 1)",
        "call.tags.exists(tag, tag == turn.numbr)",
        "turn.numbr.x == 1",
        "[turn.numbr] == []",
    ] {
        let told = told(source).unwrap_or_else(|| panic!("{source} is taken"));
        assert!(told.contains("`turn` has no `numbr`"), "{told}");
        assert!(told.contains("did you mean `turn.number`?"), "{told}");
    }
    for source in [
        "request.modle == 'x'",
        "context.callz.a == 1",
        "has(context.calls)",
        "context.call.vapi.stat == 'ended'",
        "route.name == 'x'",
        "turn.user.text == 'x'",
        "now.hour > 3",
    ] {
        assert!(told(source).is_some(), "{source}");
    }
}

#[test]
fn what_may_work_is_taken() {
    for source in [
        "now > timestamp('2026-01-01T00:00:00Z')",
        "timestamp(context.call.due) < now",
        "now - timestamp(call.startedAt) > duration('60s')",
        "now + duration('1h') > timestamp(call.a)",
        "now.getHours('Europe/Berlin') >= 9 && now.getHours('+02:00') < 17",
        "now.getDayOfWeek('America/New_York') in [0, 6]",
        "(now - timestamp(call.a)).getMinutes() > 3",
        "turn.user == null || turn.user != ''",
        "turn.number == 1.0 || turn.number > 1u",
        "call.a == 'x' || call.a == 3 || call.a == true || call.a == [1]",
        "call.tags.exists(now, now == 'x')",
        "string(turn.number) == '3'",
        "string(now).startsWith('2026')",
        "int(call.age) > 3 && size(call.tags) == 0",
        "(call.x ? turn.number : 0) > 1",
        "turn.user + ' ' + turn.assistant == 'a b'",
        "turn.user.contains(call.word)",
        "context.call.vapi.status == 'in-progress'",
        "context.call.vapi.tools.any.result == 'x'",
        "has(context.customer.anything.at.all)",
        "fetch.crm.number == '3'",
    ] {
        assert_eq!(told(source), None, "{source}");
    }
}

#[test]
fn what_is_neither_true_nor_false_decides_nothing() {
    for (source, place, message) in [
        (
            "turn.user",
            "turn.user",
            "`turn.user` is a text, and never true or false",
        ),
        (
            "turn.number",
            "turn.number",
            "`turn.number` is a number, and never",
        ),
        ("now", "now", "`now` is a time, and never"),
        ("turn", "turn", "`turn` is an object, and never"),
        ("route", "route", "`route` is a text"),
        ("!turn.user", "turn.user", "`turn.user` is a text"),
        (
            "call.id == 'x' && turn.steps",
            "turn.steps",
            "`turn.steps` is a number",
        ),
        ("turn.assistant || call.vip", "turn.assistant", "is a text"),
        ("turn.user ? true : false", "turn.user", "is a text"),
        (
            "turn.interrupted == 'yes'",
            "turn.interrupted == 'yes'",
            "is true or false",
        ),
        (
            "turn.interrupted == 1",
            "turn.interrupted == 1",
            "is true or false",
        ),
        (
            "1 != turn.interrupted",
            "1 != turn.interrupted",
            "true or false",
        ),
    ] {
        let told = told(source).unwrap_or_else(|| panic!("{source}"));
        assert!(told.starts_with(&format!("{place}|")), "{source}: {told}");
        assert!(told.contains(message), "{source}: {told}");
    }
    for source in [
        "turn.interrupted",
        "!turn.interrupted",
        "turn.interrupted == true",
        "turn.interrupted != null",
        "metadata",
        "customer.vip",
        "customer.vip && !metadata.test",
        "context.call.asked ? true : false",
        "turn.user == 'x' || customer.vip",
    ] {
        assert_eq!(told(source), None, "{source}");
    }
}

#[test]
fn what_a_function_or_an_operator_is_given_must_fit() {
    for (source, place, message) in [
        (
            "turn.user.startsWith(3)",
            "3",
            "`startsWith` takes a text, and `3` is a number",
        ),
        (
            "customer.name.endsWith(true)",
            "true",
            "`endsWith` takes a text",
        ),
        (
            "turn.user.contains(turn.number)",
            "turn.number",
            "`contains` takes a text",
        ),
        (
            "'a' in turn.user",
            "'a' in turn.user",
            "`turn.user` is a text|write `turn.user.contains('a')`",
        ),
        (
            "1 in turn.number",
            "1 in turn.number",
            "`turn.number` is a number",
        ),
        (
            "turn.number in ['1']",
            "turn.number in ['1']",
            "never in this list|write 1 without quotes",
        ),
        (
            "turn.user in [1, 2]",
            "turn.user in [1, 2]",
            "never in this list",
        ),
        (
            "!(turn.interrupted in ['yes'])",
            "turn.interrupted in ['yes']",
            "never in this list",
        ),
        (
            "turn.user[0] == 'a'",
            "turn.user",
            "`turn.user` is a text, and has no items",
        ),
        ("size(turn.number) > 1", "turn.number", "has no size"),
    ] {
        let told = told(source).unwrap_or_else(|| panic!("{source}"));
        assert!(told.starts_with(&format!("{place}|")), "{source}: {told}");
        assert!(told.contains(message), "{source}: {told}");
    }
    for source in [
        "turn.user.startsWith(customer.name)",
        "context.call.list.contains(3)",
        "'a' in customer.tags",
        "'a' in customer",
        "turn.number in [1, 2]",
        "customer.age in ['1', 2]",
        "turn.user in [customer.name]",
        "variables['x'] == 3",
        "size(customer.tags) > 1",
        "customer.tags.all(tag, tag.startsWith('a'))",
    ] {
        assert_eq!(told(source), None, "{source}");
    }
}
