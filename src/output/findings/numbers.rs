//! Numbers in sentences, English and French.

use super::Sentence;
use crate::output::lang::{Lang, french};
use crate::output::number::{count, percent, share_range};

/// A share with its interval, where the two differ as they are written: "76% (75 to 78%)".
pub fn share(value: f64, interval: Option<(f64, f64)>) -> String {
    let range = share_range(interval).map_or_else(String::new, |range| format!(" ({range})"));
    percent(value) + &range
}

/// Percentage points with their interval: "9.7 (9.1 to 10.3)".
pub fn points(value: f64, interval: Option<(f64, f64)>) -> String {
    let written = |x: f64| format!("{}{:.1}", if x <= -5e-4 { "−" } else { "" }, (x * 100.0).abs());
    let ends = interval.map(|(lo, hi)| (written(lo), written(hi))).filter(|(lo, hi)| lo != hi);
    written(value) + &ends.map_or_else(String::new, |(lo, hi)| format!(" ({lo} to {hi})"))
}

/// A number with its interval.
pub fn number(value: f64, interval: Option<(f64, f64)>) -> String {
    let ends = interval.map(|(lo, hi)| (count(lo), count(hi))).filter(|(lo, hi)| lo != hi);
    count(value) + &ends.map_or_else(String::new, |(lo, hi)| format!(" ({lo} to {hi})"))
}

/// A sentence of a pattern in each language; `{0}`, `{1}`, ... stand for titles, and for `numbers`, each written as the language does.
pub fn sentence(en: &str, fr: &str, texts: &[&str], numbers: &[String]) -> Sentence {
    let fill = |pattern: &str, lang: Lang, number: &dyn Fn(&str) -> String| {
        let texts = texts.iter().map(|text| lang.title(text).into_owned());
        let all: Vec<String> = texts.chain(numbers.iter().map(|text| number(text))).collect();
        let mut out = pattern.to_owned();
        for (i, text) in all.iter().enumerate() {
            out = out.replace(&format!("{{{i}}}"), text);
        }
        out
    };
    Sentence { en: fill(en, Lang::En, &str::to_owned), fr: fill(fr, Lang::Fr, &french) }
}
