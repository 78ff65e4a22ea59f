//! Hours of a week in a place, as people write them: `Mon-Fri 09:00-17:30, Sat 10:00-14:00`.
//!
//! A window may go over midnight: it belongs to the day on which it begins. It knows no holidays, and
//! no clock: the moment is handed in.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// Windows of a week, in a time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct WeeklyHours {
    windows: Vec<HoursWindow>,
    zone: TimeZone,
}

/// A window of the days on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HoursWindow {
    days: [bool; 7],
    /// In minutes of the day.
    start: i32,
    /// In minutes from the midnight before `start`; more than a day's where it goes over midnight.
    end: i32,
}

/// Why a text says no hours. It completes "failed to read the hours".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A word is neither a day nor a time.
    #[error("`{0}` is neither a day nor a time")]
    Word(String),
    /// There is nothing to it.
    #[error("there are no hours in it")]
    Empty,
    /// A time has no length.
    #[error("`{0}` begins and ends at the same time")]
    Nothing(String),
    /// There is no such zone.
    #[error("there is no time zone `{0}`")]
    Zone(String),
}

const DAY: i32 = 24 * 60;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const LONG_DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl HoursError {
    /// What to write instead.
    pub fn help(&self) -> &'static str {
        match self {
            HoursError::Word(_) | HoursError::Empty => {
                "write days and times of 24 hours, as in `Mon-Fri 09:00-17:30, Sat 10:00-14:00`"
            }
            HoursError::Nothing(_) => "the whole day is `00:00-24:00`, or its name alone",
            HoursError::Zone(_) => {
                "write a name such as `Europe/Berlin`, `America/New_York` or `UTC`"
            }
        }
    }
}

impl WeeklyHours {
    /// Reads hours in a zone.
    pub fn read(hours: &str, zone: &str) -> Result<WeeklyHours, HoursError> {
        let zone = TimeZone::get(zone).map_err(|_| HoursError::Zone(zone.to_owned()))?;
        let mut windows = Vec::new();
        for group in hours.split(';') {
            read_group(group, &mut windows)?;
        }
        match windows.is_empty() {
            true => Err(HoursError::Empty),
            false => Ok(WeeklyHours { windows, zone }),
        }
    }

    /// Whether a moment, in seconds since 1970, is within them.
    pub fn contain(&self, second: i64) -> bool {
        let Ok(moment) = Timestamp::from_second(second) else {
            return false;
        };
        let local = moment.to_zoned(self.zone.clone());
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let (today, yesterday) = (place(&local), before(&local));
        self.windows.iter().any(|window| {
            let begins = |day: usize| window.days.get(day) == Some(&true);
            let is_in = |minute: i32| (window.start..window.end).contains(&minute);
            (begins(today) && is_in(minute)) || (begins(yesterday) && is_in(minute + DAY))
        })
    }
}

/// Reads what stands between two semicolons, as people write opening hours: `Mon, Wed, Fri 9-17` are
/// three days of the same times, `Mon-Fri 9-12, 13-17` two times of the same days. Days behind which
/// no time stands are whole ones, and times before which no day stands are of every day.
fn read_group(group: &str, windows: &mut Vec<HoursWindow>) -> Result<(), HoursError> {
    let nothing = [false; 7];
    // Those that have no time yet, and those of the time before.
    let (mut waiting, mut before) = (nothing, None);
    for part in group.split(',') {
        let (days, times) = read_part(part)?;
        for (day, is_named) in days.iter().enumerate() {
            waiting[day] |= is_named;
        }
        if times.is_empty() {
            continue;
        }
        let of = match waiting == nothing {
            true => before.unwrap_or([true; 7]),
            false => std::mem::replace(&mut waiting, nothing),
        };
        before = Some(of);
        let window = |(start, end)| HoursWindow {
            days: of,
            start,
            end,
        };
        windows.extend(times.into_iter().map(window));
    }
    if waiting != nothing {
        windows.push(HoursWindow {
            days: waiting,
            start: 0,
            end: DAY,
        });
    }
    Ok(())
}

/// The days, by their places, and the times in minutes that stand between two commas.
type HoursPart = ([bool; 7], Vec<(i32, i32)>);

fn read_part(part: &str) -> Result<HoursPart, HoursError> {
    let mut days = [false; 7];
    let mut times = Vec::new();
    for word in part.split_whitespace() {
        match (read_days(word), times.is_empty()) {
            (Some(named), true) => {
                for day in named {
                    days[day] = true;
                }
            }
            _ => times.push(read_time_range(word)?),
        }
    }
    Ok((days, times))
}

/// The days of `Mon` or `Mon-Fri`, by their places; none: it names no day.
fn read_days(word: &str) -> Option<Vec<usize>> {
    let lower = word.to_lowercase();
    let (first, last) = match lower.split_once(['-', '\u{2013}']) {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(&lower)?, day(&lower)?),
    };
    // `Sat-Mon` goes on over the end of the week.
    let count = (last + 7 - first) % 7 + 1;
    Some((first..first + count).map(|day| day % 7).collect())
}

fn day(name: &str) -> Option<usize> {
    let is_it = |known: &[&str; 7]| known.iter().position(|day| *day == name);
    is_it(&DAYS).or_else(|| is_it(&LONG_DAYS))
}

/// The minutes of `09:00-17:30`.
fn read_time_range(word: &str) -> Result<(i32, i32), HoursError> {
    let wrong = || HoursError::Word(word.to_owned());
    let (start, end) = word.split_once(['-', '\u{2013}']).ok_or_else(wrong)?;
    let (start, end) = (
        minute(start).ok_or_else(wrong)?,
        minute(end).ok_or_else(wrong)?,
    );
    match end.cmp(&start) {
        std::cmp::Ordering::Greater => Ok((start, end)),
        std::cmp::Ordering::Equal => Err(HoursError::Nothing(word.to_owned())),
        // Over midnight. What begins at 24:00 begins on no day.
        std::cmp::Ordering::Less if start < DAY => Ok((start, end + DAY)),
        std::cmp::Ordering::Less => Err(wrong()),
    }
}

/// The minute of the day of `9`, `9:00` or `09:00`; `24:00` is the end of the day.
fn minute(time: &str) -> Option<i32> {
    let (hour, minute) = time.split_once(':').unwrap_or((time, "00"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(hour) || hour.len() > 2 || !is_digits(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= DAY).then_some(whole)
}

/// The place of a moment's day in the week, from Monday on.
fn place(local: &Zoned) -> usize {
    day_place(local.weekday())
}

/// The place of the day before.
fn before(local: &Zoned) -> usize {
    let yesterday = local.date().checked_sub(1.day());
    yesterday.map_or(0, |date| day_place(date.weekday()))
}

fn day_place(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(time: &str) -> i64 {
        let moment: Timestamp = time.parse().expect("a time");
        moment.as_second()
    }

    fn check(hours: &str, zone: &str, cases: &[(&str, bool)]) {
        let read =
            WeeklyHours::read(hours, zone).unwrap_or_else(|error| panic!("{hours}: {error}"));
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
}
