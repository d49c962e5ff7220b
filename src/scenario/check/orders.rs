//! Orders of regulators: scope, and the day from which they must be obeyed.

use chrono::{Days, Months, NaiveDate};

use super::{Checker, Names};
use crate::scenario::source::Path;
use crate::scenario::{Order, wire};

impl Checker<'_> {
    pub(super) fn orders(&mut self, file: &wire::File, names: &Names) -> Vec<Order> {
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
                    self.error(&path.key(key), message, "empty", "name at least one".into());
                }
            }
            let deadline = match &o.deadline {
                wire::Deadline::Day(day) => {
                    let at = path.key("deadline");
                    if self.root.locate_nearest(&at).as_str().is_some() {
                        let help = format!("write {} without quotes", day.0);
                        self.error(&at, "a day is written without quotes".into(), "in quotes", help);
                    }
                    day.0
                }
                wire::Deadline::Span(text) => after(o.notice.0, text).unwrap_or_else(|| {
                    let help =
                        "write a day such as 2018-01-18 without quotes, or a span: \"1 month\", \"30 days\"".into();
                    self.error(&path.key("deadline"), format!("\"{text}\" is no span of time"), "not understood", help);
                    o.notice.0
                }),
            };
            if deadline < o.notice.0 {
                let message = format!("the deadline {deadline} is before the notice {}", o.notice.0);
                let help = "swap the two dates?".into();
                self.error(&path.key("deadline"), message, "before the notice", help);
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
        assert_eq!(after(day(2017, 12, 18), "soon"), None);
        assert_eq!(after(day(2017, 12, 18), "1 moon"), None);
        assert_eq!(after(day(2017, 12, 18), "99999999999 days"), None);
    }
}
