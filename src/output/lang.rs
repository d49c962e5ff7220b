//! The language of charts, page and findings.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};

/// In which language readers are spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

/// Titles of what ships, in French: `English = "French"`.
const FRENCH: &str = include_str!("../../assets/words/fr.toml");

const MONTHS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

impl Lang {
    /// As `--lang` and HTML name it.
    pub fn id(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// The one of two texts that is in this language.
    pub fn say<'a>(self, en: &'a str, fr: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Fr => fr,
        }
    }

    /// A pattern in this language, whose `{0}`, `{1}`, ... are replaced by `parts`.
    pub fn fill(self, en: &str, fr: &str, parts: &[&str]) -> String {
        let mut out = String::new();
        let mut rest = self.say(en, fr);
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
            let part = rest.get(at + 1..end).and_then(|n| n.parse::<usize>().ok()).and_then(|n| parts.get(n));
            out.push_str(part.copied().unwrap_or_default());
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        out + rest
    }

    /// A number that was written in English ("1,234", "84.6% to 85%", "1.24 bn"), as this language writes it.
    pub fn number(self, text: impl Into<String>) -> String {
        match self {
            Lang::En => text.into(),
            Lang::Fr => french(&text.into()),
        }
    }

    /// The title of a policy, a purpose, a category, ...: in French if what it is called is among what ships, else as it is written.
    pub fn title(self, title: &str) -> Cow<'_, str> {
        match self {
            Lang::En => Cow::Owned(title.to_owned()),
            Lang::Fr => Cow::Owned(titles().get(title).cloned().unwrap_or_else(|| title.to_owned())),
        }
    }

    /// A date: "27 Nov 2017", "27 nov. 2017".
    pub fn date(self, day: NaiveDate) -> String {
        match self {
            Lang::En => day.format("%-d %b %Y").to_string(),
            Lang::Fr => {
                let first = if day.day() == 1 { "er" } else { "" };
                format!("{}{first}\u{a0}{} {}", day.day(), MONTHS[day.month0() as usize], day.year())
            }
        }
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Lang::En, Lang::Fr].into_iter().find(|lang| lang.id() == text).ok_or_else(|| "expected en or fr".to_owned())
    }
}

fn titles() -> &'static HashMap<String, String> {
    static TITLES: OnceLock<HashMap<String, String>> = OnceLock::new();
    // A test reads it: it is never wrong in a build that passed.
    TITLES.get_or_init(|| toml::from_str(FRENCH).unwrap_or_default())
}

/// An English text with French numbers: decimal commas, spaces between thousands, a space before the sign of percent.
pub fn french(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let letters: Vec<char> = text.chars().collect();
    for (i, &c) in letters.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_digit);
        let between = digit(i.checked_sub(1)) && digit(Some(i + 1));
        match c {
            '.' if between => out.push(','),
            ',' if between => out.push('\u{202f}'),
            '%' => out.push_str("\u{202f}%"),
            _ => out.push(c),
        }
    }
    out.replace(" to ", " à ")
        .replace("\u{a0}mn", "\u{a0}M")
        .replace("\u{a0}bn", "\u{a0}Md")
        .replace("\u{a0}tn", "\u{a0}Bn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_french_titles_can_be_read() {
        assert!(toml::from_str::<HashMap<String, String>>(FRENCH).is_ok_and(|all| !all.is_empty()));
    }

    #[test]
    fn patterns_are_filled() {
        assert_eq!(Lang::En.fill("{1} of {0}", "", &["b", "a"]), "a of b");
        assert_eq!(Lang::Fr.fill("", "« {0} » {9}fin", &["{1}"]), "« {1} » fin");
    }

    #[test]
    fn dates_are_those_of_the_language() {
        let day = |d| NaiveDate::from_ymd_opt(2018, 8, d).unwrap_or_default();
        assert_eq!(Lang::En.date(day(1)), "1 Aug 2018");
        assert_eq!(Lang::Fr.date(day(1)), "1er\u{a0}août 2018");
        assert_eq!(Lang::Fr.date(day(27)), "27\u{a0}août 2018");
    }
}
