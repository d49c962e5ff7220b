//! All assumed parameters of a scenario, with the range that they are varied over if nobody says another.
//!
//! | number | range | spread evenly on |
//! |---|---|---|
//! | a share (0 to 1 is allowed, or less) | the logarithm of its odds, 1 less and 1 more | the logarithm of the odds |
//! | a share of 0, or of all that is allowed | a tenth of what is allowed, next to it | its own scale |
//! | a whole number | divided and multiplied by 1.5, rounded; at least one less and one more | its own scale |
//! | any other number above 0 | divided and multiplied by 1.5 | the logarithm |
//! | one of 0 | up to a tenth of what is allowed, at most 1 | its own scale |
//! | one that may be negative | a tenth of what is allowed, less and more | its own scale |
//!
//! Ends are cut at what is allowed. Of numbers that sum to 1 at most the upper ends are lowered alike until they do.

use super::numbers::Numbers;
use super::parameter::{RangedParameter, about_key};
use super::range::ValueRange;
use crate::scenario::schema::{File, JurisdictionEntry, Quality, Spacing};
use crate::scenario::validate_meaning::{LIMITS, MAX_BYTES, MAX_DAYS};

/// By what numbers are divided and multiplied.
const FACTOR: f64 = 1.5;
/// By how much the logarithm of the odds of a share is less and more.
const LOGIT: f64 = 1.0;
/// Which part of what is allowed is next to an end of it.
const NEXT: f64 = 0.1;

/// The assumed parameters of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// Those that are varied, in the order of the scenario.
    pub parameters: Vec<RangedParameter>,
    /// Those that can't be varied alone, each with the reason.
    pub left_out: Vec<(String, &'static str)>,
    /// What was cut from ranges, in words.
    pub cut: Vec<String>,
}

/// Limits of a number.
#[derive(Clone, Copy)]
struct Allowed {
    least: f64,
    most: f64,
    whole: bool,
}

/// Every number of a scenario that is assumed, with its default range.
pub fn assumed(file: &File) -> Defaults {
    let mut found = Defaults::default();
    let mut values = Vec::new();
    let mut add = |found: &mut Defaults, key: String, value: f64, allowed: Allowed| {
        let wide = default_range(value, allowed);
        let range = ValueRange { lo: wide.lo.max(allowed.least), hi: wide.hi.min(allowed.most), ..wide };
        // Next to an end of what is allowed there is but one side.
        if range != wide && allowed.least < value && value < allowed.most {
            found.cut.push(format!("{key}: {wide} is cut to {range}, what is allowed"));
        }
        let (title, quality) = about_key(file, &key);
        values.push(value);
        found.parameters.push(RangedParameter { key, title, quality, range });
    };
    for (table, quantities, series) in [
        ("world", file.world.quantities(), file.world.series()),
        ("likeness", file.likeness.quantities(), file.likeness.series()),
        ("traffic", file.traffic.quantities(), file.traffic.series()),
    ] {
        for (name, q) in quantities.into_iter().filter(|(_, q)| q.quality == Quality::Assumed) {
            let of = LIMITS.iter().find(|l| l.0 == name).map_or((0.0, MAX_BYTES, false), |l| (l.1, l.2, l.3));
            let allowed = Allowed { least: of.0, most: of.1, whole: of.2 };
            add(&mut found, format!("{table}.{name}"), q.value, allowed);
        }
        for (name, _) in series.into_iter().filter(|(_, s)| s.quality == Quality::Assumed) {
            found.left_out.push((format!("{table}.{name}"), "it is a series of numbers, not one"));
        }
    }
    let share = Allowed { least: 0.0, most: 1.0, whole: false };
    rates(file, &mut |key, value| add(&mut found, key, value, share));
    let numbers = Numbers::of(file);
    for number in numbers.iter() {
        let parts: Vec<&str> = number.parts.iter().map(String::as_str).collect();
        let key = number.key.clone();
        let assumed = about_key(file, &key).1 == Some(Quality::Assumed);
        match parts[..] {
            ["jurisdiction", _, "users" | "parent_account" | "parent_account_non_users"] if assumed => {
                add(&mut found, key, number.value, share);
            }
            ["age_band", _, "activity"] if assumed => {
                add(&mut found, key, number.value, Allowed { least: 0.0, most: 100.0, whole: false });
            }
            ["age_band", _, "unlisted"] if assumed => {
                add(&mut found, key, number.value, Allowed { least: 0.0, most: 1e6, whole: false });
            }
            ["age_band", _, "objection_shift"] if assumed => {
                add(&mut found, key, number.value, Allowed { least: -4.0, most: 4.0, whole: false });
            }
            ["abuse_class", _, "share"] if assumed => add(&mut found, key, number.value, share),
            ["uninstall", "within_days"] if assumed => {
                let days = Allowed { least: 1.0, most: f64::from(MAX_DAYS), whole: true };
                add(&mut found, key, number.value, days);
            }
            _ => {}
        }
    }
    let mut leave = |key: &str, why: &'static str| found.left_out.push((key.to_owned(), why));
    leave("jurisdiction.*.share", "the mix is a choice of the scenario, and sums to 1");
    if file.jurisdictions.iter().any(|j| j.quality == Quality::Assumed) {
        leave("jurisdiction.*.os", "shares that sum to 1 can't be varied alone");
        leave("jurisdiction.*.users_millions", "no figure depends on it");
    }
    if file.age_bands.iter().any(|b| b.quality == Quality::Assumed) {
        leave("age_band.*.share", "shares that sum to 1 can't be varied alone");
    }
    if file.exposure.as_ref().is_some_and(|e| e.phone_numbers.quality == Quality::Assumed) {
        leave("exposure.phone_numbers", "studies do not look at what the parent comes to know");
    }
    if file.categories.iter().any(|c| c.quality == Quality::Assumed) {
        leave("category.*.bytes", "what is assumed of a category is that it was shared, not its size");
    }
    if file.purposes.iter().any(|p| p.quality == Quality::Assumed) {
        leave("purpose.*.requests", "it is a list, not a number");
    }
    together(file, &numbers, &mut found, &values);
    let (empty, parameters) = found.parameters.into_iter().partition(|p: &RangedParameter| p.range.lo >= p.range.hi);
    found.parameters = parameters;
    found.left_out.extend(empty.into_iter().map(|p: RangedParameter| (p.key, "what is allowed leaves it no range")));
    found
}

/// Rates of objection and agreement that are assumed: one parameter where all jurisdictions have the same rate, from one source.
fn rates(file: &File, add: &mut impl FnMut(String, f64)) {
    for field in ["objects", "agrees"] {
        for purpose in &file.purposes {
            let rate = |j: &JurisdictionEntry| {
                let rates = if field == "objects" { &j.objects } else { &j.agrees };
                rates.get(&purpose.id).copied()
            };
            let assumed: Vec<_> = file
                .jurisdictions
                .iter()
                .filter(|j| j.choice_quality == Quality::Assumed)
                .filter_map(|j| Some((j, rate(j)?)))
                .collect();
            let alike =
                |w: &[(&JurisdictionEntry, f64)]| w[0].1 == w[1].1 && w[0].0.choice_source == w[1].0.choice_source;
            if assumed.len() == file.jurisdictions.len() && assumed.windows(2).all(alike) {
                assumed
                    .first()
                    .into_iter()
                    .for_each(|(_, rate)| add(format!("jurisdiction.*.{field}.{}", purpose.id), *rate));
            } else {
                assumed
                    .iter()
                    .for_each(|(j, rate)| add(format!("jurisdiction.{}.{field}.{}", j.code, purpose.id), *rate));
            }
        }
    }
}

/// The range around a value, which may reach beyond what is allowed.
fn default_range(value: f64, Allowed { least, most, whole }: Allowed) -> ValueRange {
    let wide = NEXT * (most - least);
    let (lo, hi, spacing) = if whole {
        let (lo, hi) = ((value / FACTOR).round(), (value * FACTOR).round());
        (lo.min(value - 1.0), hi.max(value + 1.0), Spacing::Linear)
    } else if least < 0.0 {
        (rounded(value - wide), rounded(value + wide), Spacing::Linear)
    } else if value <= 0.0 {
        (0.0, wide.min(1.0), Spacing::Linear)
    } else if most <= 1.0 && value >= most {
        (most - wide, most, Spacing::Linear)
    } else if most <= 1.0 {
        let odds = libm::log(value / (1.0 - value));
        let share = |odds: f64| rounded(1.0 / (1.0 + libm::exp(-odds)));
        (share(odds - LOGIT), share(odds + LOGIT), Spacing::Logit)
    } else {
        (rounded(value / FACTOR), rounded(value * FACTOR), Spacing::Log)
    };
    ValueRange { lo, hi, spacing }
}

/// In four digits: nobody assumes more.
fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// Lowers the upper ends of numbers that sum to 1 at most, where they would sum to more.
fn together(file: &File, numbers: &Numbers, found: &mut Defaults, values: &[f64]) {
    let mut groups: Vec<Vec<String>> = Vec::new();
    groups.extend(
        file.likeness.quantities().chunks(3).map(|of| of.iter().map(|(n, _)| format!("likeness.{n}")).collect()),
    );
    groups.push(["photo_share", "voice_share", "video_share", "other_share"].map(|n| format!("traffic.{n}")).into());
    for j in &file.jurisdictions {
        for p in &file.purposes {
            groups.push(["objects", "agrees"].map(|field| format!("jurisdiction.{}.{field}.{}", j.code, p.id)).into());
        }
    }
    let abuse = numbers.iter().filter(|n| n.parts.len() == 3 && n.parts[0] == "abuse_class" && n.parts[2] == "share");
    groups.push(abuse.map(|n| n.key.clone()).collect());
    for group in groups {
        // Which parameter moves each, or its value.
        let moved: Vec<(Option<usize>, f64)> = group
            .iter()
            .filter_map(|key| numbers.find(key).ok()?.first().copied())
            .map(|n| {
                let of = |p: &RangedParameter| numbers.find(&p.key).is_ok_and(|all| all.iter().any(|x| x.key == n.key));
                (found.parameters.iter().position(of), n.value)
            })
            .collect();
        let top =
            |found: &Defaults, (i, value): &(Option<usize>, f64)| i.map_or(*value, |i| found.parameters[i].range.hi);
        let sum: f64 = moved.iter().map(|m| top(found, m)).sum();
        if sum <= 1.0 {
            continue;
        }
        let base: f64 = moved.iter().map(|m| m.1).sum();
        let part = ((1.0 - base) / (sum - base)).clamp(0.0, 1.0);
        for i in moved.iter().filter_map(|m| m.0) {
            let before = found.parameters[i].range;
            let range = &mut found.parameters[i].range;
            // Rounded down, so that the sum stays below 1.
            range.hi = ((values[i] + (range.hi - values[i]) * part) * 1e4).floor() / 1e4;
            range.hi = range.hi.max(values[i]);
            let (key, range) = (&found.parameters[i].key, found.parameters[i].range);
            found.cut.push(format!("{key}: {before} is cut to {range}, so that what sums to 1 at most does"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    fn of(name: &str, set: &[&str]) -> Defaults {
        let set = set.iter().map(|s| (*s).to_owned()).collect();
        let overrides = Overrides { set, ..Overrides::default() };
        assumed(&load(name.as_ref(), &overrides).expect("it ships").0.file)
    }

    fn range(of: &Defaults, key: &str) -> String {
        of.parameters.iter().find(|p| p.key == key).unwrap_or_else(|| panic!("no {key}")).range.to_string()
    }

    #[test]
    fn each_kind_of_number_has_its_range() {
        let set = [
            "traffic.group_share=1",
            "traffic.other_share=0",
            "traffic.activity_dominance=0",
            "traffic.activity_sigma=2.7",
        ];
        let all = of("cnil-2017", &set);
        for (key, expected) in [
            ("world.unlisted_non_users", "logit:0.06096..0.3242"),
            ("traffic.group_share", "0.9..1"),
            ("traffic.other_share", "0..0.1"),
            ("world.weak_ties_anywhere", "0..2"),
            ("world.address_book_max", "1333..3000"),
            ("traffic.contacts", "log:26.67..60"),
            ("traffic.activity_dominance", "0..0.4"),
            ("world.address_book_activity", "0.1..0.5"),
            // Cut at what is allowed.
            ("traffic.activity_sigma", "log:1.8..3"),
            ("traffic.weak_tie_share", "logit:0.0151..0.1017"),
            ("age_band.\"50+\".activity", "log:0.3333..0.75"),
        ] {
            assert_eq!(range(&all, key), expected, "{key}");
        }
        assert!(all.cut.iter().any(|c| c.starts_with("traffic.activity_sigma: log:1.8..4.05 is cut to log:1.8..3")));
        // What is known better is not varied; what can't be varied alone is named.
        assert!(!all.parameters.iter().any(|p| p.key == "world.groups_per_user"));
        assert!(all.left_out.iter().any(|(key, _)| key == "traffic.hours"));
    }

    #[test]
    fn what_sums_to_one_at_most_still_does() {
        let all = of("cnil-2017", &[]);
        let hi = |key: &str| all.parameters.iter().find(|p| p.key == key).map_or(0.0, |p| p.range.hi);
        let sum: f64 =
            ["household", "friends", "neighbourhood"].iter().map(|n| hi(&format!("likeness.activity_{n}"))).sum();
        assert!(sum <= 1.0 && sum > 0.99, "{sum}");
        assert!(all.cut.iter().any(|c| c.starts_with("likeness.activity_friends:")), "{:?}", all.cut);
    }

    #[test]
    fn jurisdictions_that_choose_alike_move_together() {
        let together = of("cnil-2017", &[]);
        assert!(together.parameters.iter().any(|p| p.key == "jurisdiction.*.objects.security"));
        let apart = of("cnil-2017", &["jurisdiction.FR.objects.security=0.04"]);
        assert!(apart.parameters.iter().any(|p| p.key == "jurisdiction.FR.objects.security"));
        assert!(!apart.parameters.iter().any(|p| p.key == "jurisdiction.*.objects.security"));
        let titles: Vec<&str> = together.parameters.iter().map(|p| p.title.as_str()).collect();
        assert!(titles.contains(&"Users who would object to targeted advertising"), "{titles:?}");
        assert!(together.parameters.iter().all(|p| p.quality == Some(Quality::Assumed)));
    }
}
