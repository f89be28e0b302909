//! A day of the calendar, for the expiry of waivers.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // In this order, so that the derived order is that of time.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// That day, or `None` where the calendar lacks it. Years go from 0 to 9999.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = year <= 9999 && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day in UTC that `time` lies in; no day before 1970 or after 9999.
    pub fn of(time: SystemTime) -> Self {
        const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
        let elapsed = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let mut days = elapsed.as_secs() / SECONDS_PER_DAY;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let length = u64::from(days_in(year, month));
                if days < length {
                    let day = u8::try_from(days + 1).expect("a month has 31 days at most");
                    return Self { year, month, day };
                }
                days -= length;
            }
        }
        Self {
            year: 9999,
            month: 12,
            day: 31,
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let part = |from: usize, to: usize| -> Option<u16> {
            let digits = text.get(from..to)?;
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse().ok())?
        };
        let dashed = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let date = || {
            let month = u8::try_from(part(5, 7)?).ok()?;
            Self::new(part(0, 4)?, month, u8::try_from(part(8, 10)?).ok()?)
        };
        dashed.then(date).flatten().ok_or(NotADate)
    }
}

/// The text is not a day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date; accepted: a day of the calendar as `YYYY-MM-DD`")]
pub struct NotADate;

/// The number of days of a month; 0 where there is no such month.
fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_are_read_and_written_alike() {
        for text in ["2027-03-01", "2028-02-29", "2000-02-29", "0001-12-31"] {
            assert_eq!(
                text.parse::<Date>().map(|date| date.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-04-31",
            "2027-3-1",
            "27-03-01",
            "+027-03-01",
            "2027/03/01",
            "2027-03-01T",
            "2027-03-0ü",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
    }

    #[test]
    fn dates_are_ordered_by_time() {
        let date = |text: &str| text.parse::<Date>().expect(text);
        assert!(date("2026-12-31") < date("2027-01-01"));
        assert!(date("2027-01-31") < date("2027-02-01"));
    }

    #[test]
    fn a_moment_lies_in_its_day() {
        let at = |seconds| Date::of(UNIX_EPOCH + Duration::from_secs(seconds)).to_string();
        assert_eq!(at(0), "1970-01-01");
        assert_eq!(at(951_782_400), "2000-02-29");
        assert_eq!(at(1_803_859_199), "2027-02-28");
        assert_eq!(at(1_803_859_200), "2027-03-01");
        assert_eq!(at(u64::MAX / 4), "9999-12-31");
    }
}
