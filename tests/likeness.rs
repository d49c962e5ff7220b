//! People who know each other are alike by the strengths of the scenario, and rates stay what they are, whatever the strengths.

mod common;

use common::{cnil, scenario};
use outflow::population::{Person, Population};
use outflow::scenario::{Overrides, Scenario};

/// A large world of one country.
fn spain(set: &[&str]) -> Scenario {
    let mut changes = ["FR", "DE", "UK", "IT", "ROW"].map(|j| format!("jurisdiction.{j}.share=0")).to_vec();
    changes.push("jurisdiction.ES.share=1".into());
    changes.extend(set.iter().map(|s| (*s).to_string()));
    cnil(250_000, 1, &changes.iter().map(String::as_str).collect::<Vec<_>>())
}

/// All people, community by community, users first.
fn people(scenario: &Scenario) -> Vec<(bool, Vec<Person>)> {
    let population = Population::new(scenario, 0);
    let of = |community: u32, users: bool| {
        let shape = population.layout.shape(community);
        let locals = if users { 0..shape.users } else { shape.users..shape.people };
        locals.map(|local| population.people.person(&shape, local, users)).collect()
    };
    let communities = 0..population.layout.communities();
    communities.flat_map(|c| [true, false].map(|users| (users, of(c, users)))).collect()
}

/// Correlation of an attribute between users who differ in these bits of the local index: 1 within a household, 4 among friends, 65 within a neighbourhood.
fn correlation(people: &[(bool, Vec<Person>)], bits: usize, of: impl Fn(&Person) -> f64) -> f64 {
    let mut pairs: Vec<[f64; 2]> = Vec::new();
    for (_, people) in people.iter().filter(|(users, _)| *users) {
        let whole = people.len() / 128 * 128;
        pairs.extend((0..whole).map(|i| [of(&people[i]), of(&people[i ^ bits])]));
    }
    let n = pairs.len() as f64;
    let mean = pairs.iter().map(|pair| pair[0]).sum::<f64>() / n;
    let product = |a: f64, b: f64| (a - mean) * (b - mean);
    let variance = pairs.iter().map(|pair| product(pair[0], pair[0])).sum::<f64>();
    pairs.iter().map(|pair| product(pair[0], pair[1])).sum::<f64>() / variance
}

const STRONG: [&str; 6] = [
    "likeness.attitude_household=0.3",
    "likeness.attitude_friends=0.3",
    "likeness.attitude_neighbourhood=0.1",
    "likeness.parent_account_household=0.4",
    "likeness.activity_household=0.5",
    "likeness.age_friends=0.5",
];

#[test]
fn rates_stay_what_the_scenario_says() {
    for set in [&[][..], &STRONG] {
        let scenario = spain(set);
        let people = people(&scenario);
        let users: Vec<&Person> = people.iter().filter(|(users, _)| *users).flat_map(|(_, people)| people).collect();
        let share =
            |of: &dyn Fn(&Person) -> bool| users.iter().filter(|person| of(person)).count() as f64 / users.len() as f64;
        let spain = scenario.jurisdictions.iter().find(|j| &*j.code == "ES").expect("Spain");
        // Neighbourhoods of 128 of whom a tenth is shared are some 1,300 draws of it.
        let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 0.012, "{got}, not {wanted}: {set:?}");
        near(share(&|person| person.attitude() < spain.objects[0]), spain.objects[0]);
        near(share(&|person| person.attitude() >= 1.0 - spain.agrees[2]), spain.agrees[2]);
        near(share(&|person| person.parent_account), spain.parent_account);
        for (band, of) in scenario.file.age_bands.iter().enumerate() {
            near(share(&|person| usize::from(person.age_band) == band), of.share);
        }
    }
}

#[test]
fn those_who_share_more_are_more_alike() {
    let strong = people(&spain(&STRONG));
    // Places in a distribution correlate a little less than scores.
    for (bits, wanted) in [(1, 0.4), (4, 0.4), (65, 0.1), (3 * 128 + 1, 0.0)] {
        let got = if bits < 128 {
            correlation(&strong, bits, Person::attitude)
        } else {
            // Another neighbourhood: whoever comes as many places later.
            let of: Vec<&Vec<Person>> = strong.iter().filter(|(users, _)| *users).map(|(_, people)| people).collect();
            let pairs = of.iter().flat_map(|people| people.iter().zip(&people[bits..]));
            let centred = |person: &Person| person.attitude() - 0.5;
            let (sum, n) = pairs.fold((0.0, 0.0), |(sum, n), (a, b)| (sum + centred(a) * centred(b), n + 1.0));
            sum / n * 12.0
        };
        assert!((got - wanted).abs() < 0.03, "{bits}: {got}, not {wanted}");
    }
    let level = |person: &Person| f64::from(person.level);
    assert!(correlation(&strong, 1, level) > 0.35 && correlation(&strong, 4, |p| f64::from(p.age_band)) > 0.3);
    let none: Vec<String> = scenario_keys().into_iter().map(|key| format!("likeness.{key}=0")).collect();
    let none = people(&spain(&none.iter().map(String::as_str).collect::<Vec<_>>()));
    for bits in [1, 4, 65] {
        assert!(correlation(&none, bits, Person::attitude).abs() < 0.01);
        assert!(correlation(&none, bits, level).abs() < 0.01);
    }
}

fn scenario_keys() -> Vec<&'static str> {
    spain(&[]).file.likeness.quantities().into_iter().map(|(name, _)| name).collect()
}

/// The preset of rates of objection from England's national data opt-out: the rate of all, and by age as published.
#[test]
fn objections_by_age_are_as_published() {
    let text = "[scenario]\nname = \"nhs\"\ntitle = \"t\"\nanalysis = \"\"\"\na\n\"\"\"\nseed = 5\nstart = 2017-11-27\ndays = 1\npeople = 400_000\n\
        presets = [\"whatsapp-2017\", \"countries-2017\", \"policies-whatsapp\", \"objections-nhs-2021\"]\n\
        [[jurisdiction]]\ncode = \"ES\"\nshare = 1.0\n[[policy]]\nid = \"full-2016\"\n";
    let file = std::env::temp_dir().join(format!("outflow-nhs-{}.toml", std::process::id()));
    std::fs::write(&file, text).expect("can write");
    let scenario = scenario(&file, &Overrides::default());
    std::fs::remove_file(&file).expect("was written");
    let mut counts = vec![[0.0; 2]; scenario.file.age_bands.len()];
    for person in people(&scenario).iter().filter(|(users, _)| *users).flat_map(|(_, people)| people) {
        let band = &mut counts[usize::from(person.age_band)];
        band[0] += f64::from(u8::from(person.attitude() < 0.0497));
        band[1] += 1.0;
    }
    let all = counts.iter().map(|c| c[0]).sum::<f64>() / counts.iter().map(|c| c[1]).sum::<f64>();
    assert!((all - 0.0497).abs() < 0.002, "{all}");
    // Women in April 2022: 3.12 % of those of 10 to 19, 7.03 to 8.06 % of the next three decades, 6.9 % and less of the older; of all together 6.6 %, here 4.97 %.
    let published = [3.12, 6.4, 7.8, 6.5].map(|rate| rate / 6.66 * 4.97 / 100.0);
    for (count, published) in counts.iter().zip(published) {
        let rate = count[0] / count[1];
        assert!((rate / published - 1.0).abs() < 0.08, "{rate}, published {published}");
    }
}
