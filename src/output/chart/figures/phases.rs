//! Where the days of a run lie between an order's dates.

use chrono::{Days, NaiveDate};

use crate::exposure::Phase;
use crate::output::chart::NamedOrder;
use crate::output::lang::Lang;

/// The days of a run in one phase of an order.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The phase.
    pub phase: Phase,
    /// Its first day in the run.
    pub from: NaiveDate,
    /// How many days of the run lie in it.
    pub days: u64,
    /// Whether it begins with a date of the order in the run, rather than with the run.
    pub begins: bool,
    /// Whether all days of the run lie in it.
    whole: bool,
}

/// The three phases of an order in a run from `first` to `last`.
pub fn stretches(order: &NamedOrder, (first, last): (NaiveDate, NaiveDate)) -> [Stretch; 3] {
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let inside = |date: NaiveDate| date.clamp(first, end);
    let dates = [NaiveDate::MIN, order.notice, order.deadline];
    let cuts = [first, inside(order.notice), inside(order.deadline), end];
    Phase::ALL.map(|phase| {
        let (from, to) = (cuts[phase as usize], cuts[phase as usize + 1]);
        Stretch {
            phase,
            from,
            days: (to - from).num_days().max(0) as u64,
            begins: dates[phase as usize] >= first,
            whole: from == first && to == end,
        }
    })
}

impl Stretch {
    /// What stands over the stretch: the phase, and the date that it begins with.
    pub fn label(&self, order: &NamedOrder, lang: Lang) -> String {
        let [notice, deadline] = [order.notice, order.deadline].map(|day| lang.date(day));
        let at_once = order.notice == order.deadline;
        let (en, fr) = match (self.phase, self.whole) {
            (Phase::BeforeNotice, true) => {
                ("All days of the run lie before the notice, {0}", "Tous les jours précèdent la notification, {0}")
            }
            (Phase::BeforeNotice, false) => ("Before the notice", "Avant la notification"),
            (Phase::Grace, true) => {
                ("All days lie in the grace period, {0} to {1}", "Tous les jours sont dans le délai, {0} au {1}")
            }
            (Phase::Grace, false) => ("Grace period: notice {0}", "Délai : notification {0}"),
            (Phase::AfterDeadline, true) if at_once => {
                ("All days lie after notice and deadline, {0}", "Tous les jours suivent notification et échéance, {0}")
            }
            (Phase::AfterDeadline, true) => {
                ("All days of the run lie after the deadline, {1}", "Tous les jours suivent l’échéance, {1}")
            }
            (Phase::AfterDeadline, false) if at_once => {
                ("After notice and deadline: {1}", "Après notification et échéance : {1}")
            }
            (Phase::AfterDeadline, false) => ("After the deadline: {1}", "Après l’échéance : {1}"),
        };
        lang.fill(en, fr, &[&notice, &deadline])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_of_a_run_fall_into_phases() {
        let order = NamedOrder {
            notice: day("2017-11-27"),
            deadline: day("2018-01-18"),
            ..crate::output::chart::fixtures::order("cnil")
        };
        let days = |a: &str, b: &str| stretches(&order, (day(a), day(b))).map(|s| (s.days, s.begins));
        assert_eq!(days("2017-11-20", "2018-01-20"), [(7, false), (52, true), (3, true)]);
        assert_eq!(days("2017-11-27", "2018-01-17"), [(0, false), (52, true), (0, true)]);
        assert_eq!(days("2018-01-18", "2018-01-18"), [(0, false), (0, false), (1, true)]);
        assert_eq!(days("2019-01-01", "2019-01-31"), [(0, false), (0, false), (31, false)]);
        assert_eq!(days("2016-01-01", "2016-01-31"), [(31, false), (0, true), (0, true)]);
        let all = |a: &str, b: &str| {
            let found = stretches(&order, (day(a), day(b)));
            found.iter().filter(|s| s.days > 0).map(|s| s.label(&order, Lang::En)).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(all("2019-01-01", "2019-01-31"), "All days of the run lie after the deadline, 18 Jan 2018");
        assert_eq!(
            all("2017-11-20", "2018-01-20"),
            "Before the notice | Grace period: notice 27 Nov 2017 | After the deadline: 18 Jan 2018"
        );
    }
}
