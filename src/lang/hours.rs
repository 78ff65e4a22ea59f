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

    /// Whether no moment is within both. Nothing is said of hours in different zones.
    pub fn never_meet(&self, other: &WeeklyHours) -> bool {
        let (own, others) = (self.minutes(), other.minutes());
        let mut both = own.iter().zip(&others);
        self.zone == other.zone && !both.any(|(own, other)| *own && *other)
    }

    /// Whether each moment of these is within the others. Nothing is said of hours in different zones.
    pub fn lie_within(&self, other: &WeeklyHours) -> bool {
        let (own, others) = (self.minutes(), other.minutes());
        let mut both = own.iter().zip(&others);
        self.zone == other.zone && both.all(|(own, other)| !own || *other)
    }

    /// The minutes of a week, from Monday's midnight on: which of them are within.
    fn minutes(&self) -> Vec<bool> {
        let day = usize::try_from(DAY).unwrap_or_default();
        let mut minutes = vec![false; 7 * day];
        let length = minutes.len();
        for window in &self.windows {
            let days = window
                .days
                .iter()
                .enumerate()
                .filter(|(_, is_named)| **is_named);
            for (place, _) in days {
                for minute in window.start..window.end {
                    let minute = usize::try_from(minute).unwrap_or_default();
                    if let Some(within) = minutes.get_mut((place * day + minute) % length) {
                        *within = true;
                    }
                }
            }
        }
        minutes
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
mod tests;
