//! What lines run along: days, or values.

use chrono::NaiveDate;

use crate::output::chart::ticks::{dates, nice};
use crate::output::lang::Lang;

/// What lines run along.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum XAxis {
    /// Days from the first to the last, each as wide as a day: what happens at midnight is seen at midnight. Points stand at 0, 1, 2, ...
    Days(NaiveDate, NaiveDate),
    /// Values from the least to the greatest.
    Values(f64, f64),
    /// The same by their logarithms; the least is above 0.
    Powers(f64, f64),
}

impl XAxis {
    /// Values between two ends: by their logarithms where the greatest is so many times the least.
    pub fn between(least: f64, most: f64, powers_from: f64) -> Self {
        if least > 0.0 && most / least >= powers_from { XAxis::Powers(least, most) } else { XAxis::Values(least, most) }
    }

    /// Where a value stands, from 0 to 1.
    pub fn place(self, x: f64) -> f64 {
        match self {
            XAxis::Days(first, last) => x / ((last - first).num_days() as f64 + 1.0),
            XAxis::Values(least, most) if most > least => (x - least) / (most - least),
            XAxis::Powers(least, most) if most > least => libm::log(x / least) / libm::log(most / least),
            _ => 0.5,
        }
    }

    /// Width of a step; a value has none.
    pub fn step(self) -> f64 {
        match self {
            XAxis::Days(..) => self.place(1.0),
            _ => 0.0,
        }
    }

    /// Where ticks stand and what they say, for an axis so many units wide.
    pub fn ticks(self, width: f64, lang: Lang, word: &dyn Fn(f64) -> String) -> Vec<(f64, String)> {
        match self {
            XAxis::Days(first, last) => {
                let most = ((width / 86.0) as usize).max(1);
                let text = |day: NaiveDate, en: String| match lang {
                    Lang::En => en,
                    Lang::Fr => short_date(day, &en),
                };
                dates(first, last, most)
                    .into_iter()
                    .map(|(day, en)| ((day - first).num_days() as f64 + 0.5, text(day, en)))
                    .collect()
            }
            XAxis::Powers(least, most) => {
                let (from, to) =
                    (libm::ceil(libm::log10(least) - 1e-9) as i32, libm::floor(libm::log10(most) + 1e-9) as i32);
                let powers: Vec<f64> = (from..=to).map(|k| libm::exp10(f64::from(k))).collect();
                let all = if powers.len() > 1 { powers } else { vec![least, most] };
                all.into_iter().map(|x| (x, word(x))).collect()
            }
            XAxis::Values(least, most) => {
                let about = ((width / 90.0) as usize).clamp(1, 6);
                let step = nice(most - least, about).get(1).copied().unwrap_or(1.0);
                let first = (least / step - 1e-9).ceil() as i64;
                let all = (first..).map(|k| k as f64 * step).take_while(|x| *x <= most + step * 1e-9).take(40);
                all.map(|x| (x, word(x))).collect()
            }
        }
    }
}

/// The label of a date in French, with as much as the English one has.
fn short_date(day: NaiveDate, en: &str) -> String {
    let full = Lang::Fr.date(day);
    let words: Vec<&str> = full.splitn(2, '\u{a0}').collect();
    let (number, month_year) = (words[0], words.get(1).copied().unwrap_or_default());
    let month = month_year.split(' ').next().unwrap_or_default();
    let with_year = en.chars().rev().take(4).all(|c| c.is_ascii_digit());
    let with_day = en.starts_with(|c: char| c.is_ascii_digit());
    let month = if with_year { month_year } else { month };
    if with_day { format!("{number}\u{a0}{month}") } else { month.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_marked_at_round_places() {
        let word = |x: f64| format!("{x}");
        let texts = |axis: XAxis| axis.ticks(600.0, Lang::En, &word).into_iter().map(|t| t.1).collect::<Vec<_>>();
        assert_eq!(texts(XAxis::Values(0.0, 1.0)), ["0", "0.2", "0.4", "0.6000000000000001", "0.8", "1"]);
        assert_eq!(texts(XAxis::between(0.001, 1.0, 50.0)), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(texts(XAxis::Values(-2.0, 2.0)).len(), 5);
    }

    #[test]
    fn dates_are_french_in_french() {
        let day = NaiveDate::from_ymd_opt(2018, 2, 1).unwrap_or_default();
        assert_eq!(short_date(day, "1 Feb 2018"), "1er\u{a0}févr. 2018");
        assert_eq!(short_date(day, "1 Feb"), "1er\u{a0}févr.");
        assert_eq!(short_date(day, "Feb 2018"), "févr. 2018");
        assert_eq!(short_date(day, "Feb"), "févr.");
    }
}
