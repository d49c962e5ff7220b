//! What a run's page says in words.

use crate::output::lang::Lang;
use crate::output::report::PlaceUsers;
use crate::output::report::words::Words;
use crate::scenario::{Quality, Resolution, Scenario};

/// How the model works.
pub fn method(scenario: &Scenario, lang: Lang) -> Vec<String> {
    lines(lang.say(include_str!("../report/method.txt"), include_str!("../report/method.fr.txt")), scenario)
}

/// What the model cannot say.
pub fn limits(scenario: &Scenario, lang: Lang) -> Vec<String> {
    let text = lang.say(include_str!("../report/limits.txt"), include_str!("../report/limits.fr.txt"));
    let mut lines = lines(text, scenario);
    lines.extend(choices(scenario, Words { lang }));
    lines
}

/// Real users by jurisdiction.
pub fn users(scenario: &Scenario) -> Vec<PlaceUsers> {
    let of = |j: &crate::scenario::schema::JurisdictionEntry| PlaceUsers {
        code: j.code.clone(),
        millions: j.users_millions,
        quality: j.quality.word().to_owned(),
    };
    scenario.file.jurisdictions.iter().map(of).collect()
}

/// Which rates of objection and agreement the run uses, a sentence for all jurisdictions whose rates have the same source.
fn choices(scenario: &Scenario, words: Words) -> Vec<String> {
    let mut sources: Vec<(&str, Quality, Vec<&str>)> = Vec::new();
    for j in &scenario.file.jurisdictions {
        match sources
            .iter_mut()
            .find(|(source, quality, _)| (*source, *quality) == (&j.choice_source, j.choice_quality))
        {
            Some((.., codes)) => codes.push(&j.code),
            None => sources.push((&j.choice_source, j.choice_quality, vec![&j.code])),
        }
    }
    let sentence = |(source, quality, codes): (&str, Quality, Vec<&str>)| {
        let quality = words.say(&format!("common.{}", quality.word()));
        words.fill("limits.rates", &[&codes.join(", "), &quality, source])
    };
    sources.into_iter().map(sentence).collect()
}

/// The lines of a text. One that begins with a word in brackets is for scenarios that have what it names.
fn lines(text: &str, scenario: &Scenario) -> Vec<String> {
    let transforms = || scenario.policies.iter().flat_map(|p| &p.rules).any(|r| r.resolution != Resolution::Exact);
    let assumed = || scenario.file.jurisdictions.iter().all(|j| j.choice_quality == Quality::Assumed);
    let has = |what: &str| match what {
        "orders" => !scenario.orders.is_empty(),
        "uninstall" => scenario.uninstall.is_some(),
        "nobody leaves" => scenario.uninstall.is_none(),
        "transforms" => transforms(),
        "choices assumed" => assumed(),
        "choices elsewhere" => !assumed(),
        _ => true,
    };
    let keep = |line: &str| match line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
        Some((what, text)) => has(what).then(|| text.to_owned()),
        None => (!line.is_empty()).then(|| line.to_owned()),
    };
    text.lines().filter_map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn the_report_says_whose_rates_of_objection_it_uses() {
        let shipped = std::fs::read_to_string("scenarios/cnil-2017.toml").expect("it ships");
        let of = |presets: &str| {
            let path =
                std::env::temp_dir().join(format!("outflow-texts-{}-{}.toml", std::process::id(), presets.len()));
            std::fs::write(&path, shipped.replacen("\"countries-2017\"", presets, 1)).expect("a file");
            let scenario = load(&path, &Overrides::default());
            std::fs::remove_file(&path).expect("the file");
            let Ok((scenario, _)) = scenario else { panic!("the scenario does not load") };
            limits(&scenario, Lang::En).join("\n")
        };
        let assumed = of("\"countries-2017\"");
        assert!(assumed.contains("The rates are assumptions") && assumed.contains("(assumed): "), "{assumed}");
        let nhs = of("\"countries-2017\", \"objections-nhs-2021\"");
        assert!(
            nhs.contains("carried over from another one") && nhs.contains("England's national data opt-out"),
            "{nhs}"
        );
        assert!(nhs.contains("(derived): ") && !nhs.contains("The rates are assumptions"), "{nhs}");
    }
}
