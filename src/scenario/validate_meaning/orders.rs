//! Orders of regulators: scope, and the day from which they must be obeyed.

use chrono::{Days, Months, NaiveDate};

use super::{Checker, Names};
use crate::scenario::diagnostic::{clip, nearest};
use crate::scenario::source::Path;
use crate::scenario::{Order, schema};

impl Checker<'_> {
    pub(super) fn orders(&mut self, file: &schema::File, names: &Names) -> Vec<Order> {
        let last = super::last_day(&file.scenario);
        let mut orders = Vec::new();
        for (i, o) in file.orders.iter().enumerate() {
            let path = Path::root().key("order").index(i);
            let jurisdictions =
                self.mask(&path.key("jurisdictions"), "jurisdiction", &o.jurisdictions, names.jurisdictions);
            let prohibits = self.mask(&path.key("prohibits"), "purpose", &o.prohibits, names.purposes) as u32;
            let categories = match &o.categories {
                Some(list) => self.mask(&path.key("categories"), "category", list, names.categories) as u32,
                None => u32::MAX,
            };
            for (key, empty, of) in [
                ("jurisdictions", o.jurisdictions.is_empty(), "people of no jurisdiction"),
                ("prohibits", o.prohibits.is_empty(), "no purpose"),
                ("categories", o.categories.as_ref().is_some_and(Vec::is_empty), "no category"),
            ] {
                if empty {
                    let message = format!("order `{}` is about {of}: `{key}` is empty", o.id);
                    let help = match key {
                        "categories" => "name at least one, or leave `categories` out for all",
                        _ => "name at least one",
                    };
                    self.error(&path.key(key), message, "empty", help.into());
                }
            }
            let deadline = match &o.deadline {
                schema::Deadline::Day(day) => {
                    let at = path.key("deadline");
                    if self.root.locate_nearest(&at).as_str().is_some() {
                        let help = format!("write {} without quotes", day.0);
                        self.error(&at, "a day is written without quotes".into(), "in quotes", help);
                    }
                    day.0
                }
                schema::Deadline::Span(text) => after(o.notice.0, text).unwrap_or_else(|| {
                    let help = match span_meant(text) {
                        Some(span) => format!("did you mean \"{span}\"?"),
                        None => {
                            "write a day such as 2018-01-18 without quotes, or a span: \"1 month\", \"30 days\"".into()
                        }
                    };
                    let message = format!("\"{}\" is no span of time", clip(text, 60));
                    self.error(&path.key("deadline"), message, "not understood", help);
                    self.hint("a span is a number and days, weeks, months or years; it runs from the notice");
                    o.notice.0
                }),
            };
            if deadline < o.notice.0 {
                let message = format!("the deadline {deadline} is before the notice {}", o.notice.0);
                let help = "write a day on or after the notice, or swap the two".into();
                self.error(&path.key("deadline"), message, "before the notice", help);
            } else if last.is_some_and(|last| o.notice.0 > last) {
                let message = format!("order `{}` is of a day after the run: no day of it has to obey", o.id);
                let help = "run until after the deadline (`days`), or take the order out".into();
                self.warning(&path.key("notice"), message, "after the last day of the run", help);
            }
            orders.push(Order {
                id: o.id.as_str().into(),
                title: o.title.clone(),
                regulator: o.regulator.clone(),
                regime: o.regime.clone(),
                status: o.status.clone(),
                source: o.source.clone(),
                jurisdictions,
                prohibits,
                categories,
                notice: o.notice.0,
                deadline,
            });
        }
        orders
    }
}

/// The day that a span such as "1 month", "3 weeks" or "30 days" after a day ends on. A month ends on the same day of the
/// month, or on the last one if the month is shorter.
fn after(notice: NaiveDate, span: &str) -> Option<NaiveDate> {
    let (number, unit) = span.trim().split_once(char::is_whitespace)?;
    let n: u32 = number.parse().ok()?;
    match unit.trim().trim_end_matches('s') {
        "day" => notice.checked_add_days(Days::new(n.into())),
        "week" => notice.checked_add_days(Days::new(u64::from(n) * 7)),
        "month" => notice.checked_add_months(Months::new(n)),
        "year" => notice.checked_add_months(Months::new(n.checked_mul(12)?)),
        _ => None,
    }
}

/// The span that was meant by a text that is none: "one month", "30", "1month", "2 wks".
fn span_meant(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = if digits > 0 { text.split_at(digits) } else { text.split_once(char::is_whitespace)? };
    const WORDS: [&str; 13] =
        ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let n: u32 = match WORDS.iter().position(|w| *w == number) {
        Some(at) => at.max(1) as u32,
        None => number.parse().ok()?,
    };
    let unit = unit.trim_matches([' ', '-', '.']);
    let unit = if unit.is_empty() { "day" } else { nearest(unit, ["day", "week", "month", "year"])? };
    Some(format!("{n} {unit}{}", if n == 1 { "" } else { "s" }))
}

#[cfg(test)]
mod span_tests {
    use super::*;

    #[test]
    fn spans_end_on_a_day() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
        assert_eq!(after(day(2017, 12, 18), "1 month"), Some(day(2018, 1, 18)));
        assert_eq!(after(day(2018, 1, 31), "1 month"), Some(day(2018, 2, 28)));
        assert_eq!(after(day(2017, 12, 18), "30 days"), Some(day(2018, 1, 17)));
        assert_eq!(after(day(2017, 12, 18), "2 weeks"), Some(day(2018, 1, 1)));
        let meant = |text| span_meant(text).unwrap_or_default();
        assert_eq!(
            ["one month", "30", "3weeks", "2 yrs", "soon"].map(meant),
            ["1 month", "30 days", "3 weeks", "", ""]
        );
        assert_eq!(after(day(2017, 12, 18), "soon"), None);
        assert_eq!(after(day(2017, 12, 18), "1 moon"), None);
        assert_eq!(after(day(2017, 12, 18), "99999999999 days"), None);
    }
}
