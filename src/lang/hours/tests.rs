use super::*;

fn second(time: &str) -> i64 {
    let moment: Timestamp = time.parse().expect("a time");
    moment.as_second()
}

fn check(hours: &str, zone: &str, cases: &[(&str, bool)]) {
    let read = WeeklyHours::read(hours, zone).unwrap_or_else(|error| panic!("{hours}: {error}"));
    for (time, expected) in cases {
        assert_eq!(read.contain(second(time)), *expected, "{hours} at {time}");
    }
}

#[test]
fn hours_are_those_of_the_place_and_the_end_is_out() {
    // A Monday; in November Berlin is an hour ahead of UTC.
    let monday = [
        ("2026-11-23T07:59:59Z", false),
        ("2026-11-23T08:00:00Z", true),
        ("2026-11-23T16:29:59Z", true),
        ("2026-11-23T16:30:00Z", false),
        ("2026-11-22T10:00:00Z", false),
    ];
    check("Mon-Fri 09:00-17:30", "Europe/Berlin", &monday);
    // In July it is two hours, and in New York four behind.
    check(
        "Mon-Fri 9-17",
        "Europe/Berlin",
        &[("2026-07-06T07:00:00Z", true)],
    );
    check(
        "monday 9:00\u{2013}17:00",
        "America/New_York",
        &[
            ("2026-07-06T12:59:00Z", false),
            ("2026-07-06T13:00:00Z", true),
            ("2026-07-07T13:00:00Z", false),
        ],
    );
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    check(
        "Fri 22:00-06:00",
        "UTC",
        &[
            ("2026-11-27T21:59:00Z", false),
            ("2026-11-27T22:00:00Z", true),
            ("2026-11-28T05:59:00Z", true),
            ("2026-11-28T06:00:00Z", false),
            ("2026-11-27T05:00:00Z", false),
            ("2026-11-28T23:00:00Z", false),
        ],
    );
    check("Sun 22:00-06:00", "UTC", &[("2026-11-23T05:00:00Z", true)]);
}

#[test]
fn days_may_be_several_and_either_part_may_be_missing() {
    let (monday, wednesday, saturday, sunday) = (
        "2026-11-23T10:00:00Z",
        "2026-11-25T10:00:00Z",
        "2026-11-28T10:00:00Z",
        "2026-11-29T10:00:00Z",
    );
    check(
        "Mon Wed 9-12 13-17",
        "UTC",
        &[
            (monday, true),
            (wednesday, true),
            (saturday, false),
            ("2026-11-25T12:30:00Z", false),
            ("2026-11-25T13:30:00Z", true),
        ],
    );
    check(
        "Sat-Sun",
        "UTC",
        &[(saturday, true), (sunday, true), (monday, false)],
    );
    check(
        "Sat-Mon 9-11; Wed",
        "UTC",
        &[(monday, true), (wednesday, true), (sunday, true)],
    );
    check("08:00-11:00", "UTC", &[(monday, true), (sunday, true)]);
    check(
        "Mon 00:00-24:00",
        "UTC",
        &[
            ("2026-11-23T23:59:59Z", true),
            ("2026-11-24T00:00:00Z", false),
        ],
    );
}

#[test]
fn a_comma_is_between_days_or_times_as_people_write_them() {
    let (monday, wednesday, friday, saturday) = (
        "2026-11-23T10:00:00Z",
        "2026-11-25T10:00:00Z",
        "2026-11-27T10:00:00Z",
        "2026-11-28T10:00:00Z",
    );
    let late = "2026-11-23T20:00:00Z";
    for hours in [
        "Mon,Wed,Fri 9-17",
        "Mon, Wed, Fri 9-17",
        "Mon Wed, Fri, 9-17",
    ] {
        check(
            hours,
            "UTC",
            &[
                (monday, true),
                (wednesday, true),
                (friday, true),
                (late, false),
                (saturday, false),
            ],
        );
    }
    check(
        "Mon-Fri 9-12, 13-17",
        "UTC",
        &[
            (monday, true),
            ("2026-11-23T12:30:00Z", false),
            ("2026-11-23T13:30:00Z", true),
            ("2026-11-28T13:30:00Z", false),
        ],
    );
    check(
        "Mon-Fri 9-17, Sat",
        "UTC",
        &[
            (monday, true),
            (late, false),
            ("2026-11-28T23:00:00Z", true),
        ],
    );
    check(
        "Mon 9-10; 19-21",
        "UTC",
        &[
            (late, true),
            (monday, false),
            ("2026-11-28T20:00:00Z", true),
        ],
    );
}

#[test]
fn when_the_clocks_change_the_wall_clock_counts() {
    // Berlin goes from 02:00 to 03:00 on 29 March 2026, and back on 25 October.
    check(
        "Sun 01:00-04:00",
        "Europe/Berlin",
        &[
            ("2026-03-29T00:30:00Z", true),
            ("2026-03-29T01:30:00Z", true),
            ("2026-03-29T02:00:00Z", false),
            ("2026-10-25T02:59:00Z", true),
            ("2026-10-25T03:00:00Z", false),
        ],
    );
}

#[test]
fn what_says_no_hours_is_told() {
    for (hours, zone, reason) in [
        ("", "UTC", "no hours"),
        (" , ", "UTC", "no hours"),
        ("Mon-Fri 9am-5pm", "UTC", "`9am-5pm`"),
        ("Mon-Fry 09:00-17:00", "UTC", "`Mon-Fry`"),
        ("Mon 09:00", "UTC", "`09:00`"),
        ("Mon 09:60-10:00", "UTC", "`09:60-10:00`"),
        ("Mon 9:0-10:00", "UTC", "`9:0-10:00`"),
        ("Mon 09:00-25:00", "UTC", "`09:00-25:00`"),
        ("Mon 24:00-06:00", "UTC", "`24:00-06:00`"),
        ("Mon 09:00-09:00", "UTC", "at the same time"),
        ("09:00-17:00 Mon", "UTC", "`Mon`"),
        ("Mon", "Europe/Berln", "no time zone"),
    ] {
        let error = WeeklyHours::read(hours, zone).expect_err(hours);
        assert!(error.to_string().contains(reason), "{hours}: {error}");
        assert!(!error.help().is_empty());
    }
}
