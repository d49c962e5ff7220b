//! What the page says, in each language: pairs of texts by name, from `words.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::output::lang::Lang;
use crate::output::number::grouped;

const WORDS: &str = include_str!("words.toml");

/// A text in both languages.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Pair {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

/// All texts by group and name.
pub fn all() -> &'static BTreeMap<String, BTreeMap<String, Pair>> {
    static ALL: OnceLock<BTreeMap<String, BTreeMap<String, Pair>>> = OnceLock::new();
    // A test reads it: it is never wrong in a build that passed.
    ALL.get_or_init(|| toml::from_str(WORDS).unwrap_or_default())
}

/// The texts in one language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    /// The language.
    pub lang: Lang,
}

impl Words {
    /// The text of a name, `group.name`; of an unknown one the name itself, which a test finds.
    pub fn say(self, name: &str) -> String {
        self.fill(name, &[])
    }

    /// The pattern of a name, for others to fill in; of an unknown one nothing.
    pub fn pattern(self, name: &str) -> &'static str {
        let pair = name.split_once('.').and_then(|(group, name)| all().get(group)?.get(name));
        pair.map_or("", |pair| self.lang.say(&pair.en, &pair.fr))
    }

    /// The text of a name, filled in.
    pub fn fill(self, name: &str, parts: &[&str]) -> String {
        let pair = name.split_once('.').and_then(|(group, name)| all().get(group)?.get(name));
        pair.map_or_else(|| name.to_owned(), |pair| self.lang.fill(&pair.en, &pair.fr, parts))
    }

    /// A number of days.
    pub fn days(self, n: u64) -> String {
        match n {
            1 => self.say("common.day"),
            _ => self.fill("common.days", &[&self.lang.number(grouped(n))]),
        }
        .replacen(' ', "\u{a0}", 1)
    }

    /// `a, b and c`, or another word than "and".
    pub fn list(self, items: &[String], word: &str) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} {} {last}", most.join(", "), self.say(word)),
        }
    }

    /// What the page calls a population of the tables.
    pub fn population(self, id: &str) -> String {
        match id {
            "not_objecting" | "objecting" | "non_user" => self.say(&format!("common.{id}")),
            _ => self.say("common.everybody"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that are the same in both languages.
    const ALIKE: [&str; 7] = [
        "figure.number",
        "figure.see",
        "places.about_number",
        "orders.source",
        "rules.how",
        "explorer.population",
        "parameters.source",
    ];

    #[test]
    fn every_text_is_there_in_both_languages() {
        assert!(all().len() > 15);
        for (group, pairs) in all() {
            for (name, Pair { en, fr }) in pairs {
                let name = format!("{group}.{name}");
                assert!(!en.is_empty() && !fr.is_empty(), "{name} is empty");
                assert_eq!(en == fr, ALIKE.contains(&name.as_str()), "{name}: {en}");
                for n in 0..6 {
                    let part = format!("{{{n}}}");
                    assert_eq!(en.contains(&part), fr.contains(&part), "{name}: {part} is in one language alone");
                }
                let marks = |text: &str| (text.matches('`').count() % 2, text.matches("**").count() % 2);
                assert_eq!((marks(en), marks(fr)), ((0, 0), (0, 0)), "{name}: a mark is not closed");
            }
        }
    }

    #[test]
    fn lists_and_days_read_well() {
        let fr = Words { lang: Lang::Fr };
        assert_eq!(fr.list(&["a".into(), "b".into(), "c".into()], "common.and"), "a, b et c");
        assert_eq!((fr.days(1), fr.days(60)), ("1\u{a0}jour".to_owned(), "60\u{a0}jours".to_owned()));
    }
}
