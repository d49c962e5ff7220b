//! Lists of a scenario at the most that they may hold, and one beyond: at the limit everything is there, beyond it a message says so.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{Record, all, events, execute, scenario};
use outflow::exposure::{ALL, Tabulation};
use outflow::policy::{Decisions, Filter};
use outflow::population::Community;
use outflow::scenario::{
    Kind, MAX_CATEGORIES, MAX_JURISDICTIONS, MAX_PURPOSES, MAX_SYSTEMS, MAX_ZONES, Overrides, Scenario, load,
};
use outflow::simulate;
use outflow::simulate::Simulation;

/// Sizes of the lists of a scenario.
#[derive(Clone, Copy)]
struct Sizes {
    people: u64,
    jurisdictions: usize,
    systems: usize,
    zones: usize,
    bands: usize,
    abuse: usize,
    categories: usize,
    purposes: usize,
    policies: usize,
    rules: usize,
    orders: usize,
}

const FEW: Sizes = Sizes {
    people: 500,
    jurisdictions: 2,
    systems: 2,
    zones: 2,
    bands: 2,
    abuse: 1,
    categories: 2,
    purposes: 1,
    policies: 1,
    rules: 1,
    orders: 0,
};

/// A scenario with lists of these sizes, all shares equal, as TOML. The last jurisdiction lives in the last zone, UTC+14, alone.
fn text(n: Sizes) -> String {
    let base = include_str!("limits/base.toml");
    let ids = |letter: char, n: usize| (0..n).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
    let (categories, purposes) = (ids('c', n.categories), ids('p', n.purposes));
    let mut out = base.replace("PEOPLE", &n.people.to_string());
    let even = |n: usize| 1.0 / n as f64;
    for id in &categories {
        out += &format!(
            "[[category]]\nid = \"{id}\"\ntitle = \"{id}\"\nbytes = 8\nweight = 1\ndpv = \"pd:X\"\nfides = \"user\"\nsource = \"s\"\nquality = \"found\"\n"
        );
    }
    for kind in Kind::ALL {
        let counterparty = if kind.has_counterparty() { format!("{categories:?}") } else { "[]".into() };
        out += &format!("[[kind]]\nid = \"{}\"\nactor = {categories:?}\ncounterparty = {counterparty}\n", kind.id());
    }
    for id in &purposes {
        out += &format!(
            "[[purpose]]\nid = \"{id}\"\ntitle = \"{id}\"\nrequests = {categories:?}\nneeds = []\ndpv = \"x\"\nfides = \"x\"\nsource = \"s\"\nquality = \"found\"\n"
        );
    }
    let rates = |rate: f64| purposes.iter().map(|p| format!("{p} = {rate}")).collect::<Vec<_>>().join(", ");
    let systems: Vec<String> = ids('s', n.systems).iter().map(|s| format!("{s} = {}", even(n.systems))).collect();
    // Minutes from UTC-12 on, but for the last.
    let zone = |i: usize| -12.0 + i as f64 / 60.0;
    let zones: Vec<String> =
        (0..n.zones - 1).map(|i| format!("{{ utc_offset = {:.6}, share = {} }}", zone(i), even(n.zones - 1))).collect();
    for j in 0..n.jurisdictions {
        let zones =
            if j + 1 == n.jurisdictions { "{ utc_offset = 14.0, share = 1.0 }".into() } else { zones.join(", ") };
        out += &format!(
            "[[jurisdiction]]\ncode = \"J{j}\"\ntitle = \"J\"\nshare = {}\nusers = 0.7\nusers_millions = 1\nparent_account = 0.5\nparent_account_non_users = 0.2\nos = {{ {} }}\ntime_zones = [{zones}]\nobjects = {{ {} }}\nagrees = {{ {} }}\nsource = \"s\"\nquality = \"found\"\nchoice_source = \"s\"\nchoice_quality = \"found\"\n",
            even(n.jurisdictions),
            systems.join(", "),
            rates(0.3),
            rates(0.2),
        );
    }
    for i in 0..n.bands {
        out += &format!(
            "[[age_band]]\nid = \"b{i}\"\nshare = {}\nactivity = 1.0\nminor = {}\nsource = \"s\"\nquality = \"found\"\n",
            even(n.bands),
            i % 2 == 0
        );
    }
    for i in 0..n.abuse {
        out += &format!(
            "[[abuse_class]]\nid = \"a{i}\"\nshare = {}\nsource = \"s\"\nquality = \"found\"\n",
            0.5 * even(n.abuse)
        );
    }
    for i in 0..n.policies {
        out += &format!("[[policy]]\nid = \"policy{i}\"\ntitle = \"P{i}\"\nsource = \"s\"\n");
        for r in 0..n.rules {
            out += if r == 0 {
                "[[policy.rule]]\neffect = \"permit\"\n"
            } else {
                "[[policy.rule]]\neffect = \"forbid\"\nchoice = \"objects\"\n"
            };
        }
    }
    for i in 0..n.orders {
        out += &format!(
            "[[order]]\nid = \"o{i}\"\ntitle = \"O\"\nregulator = \"R\"\njurisdictions = [\"J0\"]\nprohibits = [\"p0\"]\nnotice = 2017-11-27\ndeadline = \"1 day\"\nregime = \"x\"\nstatus = \"x\"\nsource = \"s\"\nquality = \"found\"\n"
        );
    }
    out
}

/// The scenario, or all messages.
fn try_load(text: &str) -> Result<Scenario, String> {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let file = folder.path().join("limits.toml");
    std::fs::write(&file, text).expect("can write");
    load(&file, &Overrides::default()).map(|(scenario, _)| scenario).map_err(|problems| problems.to_string())
}

fn must_load(n: Sizes) -> Scenario {
    try_load(&text(n)).unwrap_or_else(|problems| panic!("{problems}"))
}

/// All figures of a run, and none of them wrong: what the record filter lets out, added up in 128 bits.
fn counted(scenario: &Scenario) -> (u64, u128) {
    struct Filtered<'a> {
        run: &'a Simulation,
        filter: Filter,
        decisions: Decisions,
        bytes: u128,
        sizes: Vec<u128>,
    }
    impl outflow::traffic::Sink for Filtered<'_> {
        fn batch(&mut self, community: &Community, day: u32, batch: &outflow::traffic::Batch) {
            let Simulation { population, compiled, .. } = self.run;
            let class_on = |slot| compiled.merged[usize::from(community.class_on(&population.classes, slot, day))];
            let class: Vec<u16> = (0..community.slots() as u32).map(class_on).collect();
            self.filter.apply(batch, &class, &mut self.decisions);
            for &row in self.decisions.actor.iter().chain(&self.decisions.counterparty) {
                for mask in self.filter.row(row) {
                    let of = |(c, size): (usize, &u128)| if mask >> c & 1 == 1 { *size } else { 0 };
                    self.bytes += self.sizes.iter().enumerate().map(of).sum::<u128>();
                }
            }
        }
    }
    let (run, outcome) = execute(scenario, 2);
    assert_eq!(outcome.totals.volume.overflow(), None);
    let mut filtered = Filtered {
        run: &run,
        filter: Filter::new(&run.compiled, 0, 0),
        decisions: Decisions::default(),
        bytes: 0,
        sizes: scenario.categories.iter().map(|c| u128::from(c.bytes)).collect(),
    };
    common::feed(&run, all(&run), 0..scenario.days, &mut filtered);
    let rows = Tabulation::new(scenario, &run.compiled, &outcome.totals).exposure();
    let figure = |metric: &str| {
        let row = rows.iter().find(|r| {
            r.policy == scenario.policies[0].id
                && &*r.metric == metric
                && [&r.purpose, &r.jurisdiction, &r.population, &r.category].iter().all(|c| &***c == ALL)
        });
        row.map(|r| r.value.to_string())
    };
    assert_eq!(figure("disclosed_values"), Some(filtered.decisions.values.to_string()));
    assert_eq!(figure("disclosed_events"), Some(filtered.decisions.events.to_string()));
    assert_eq!(figure("disclosed_bytes"), Some(filtered.bytes.to_string()));
    (filtered.decisions.values, filtered.bytes)
}

/// Loads at the limit, is refused with one of these words one beyond it.
fn at_and_beyond(what: &str, limit: usize, with: impl Fn(usize) -> Sizes) {
    must_load(with(limit));
    match try_load(&text(with(limit + 1))) {
        Ok(_) => panic!("{} of {what} pass", limit + 1),
        Err(problems) => assert!(problems.contains(&format!("too many {what}")), "{problems}"),
    }
}

#[test]
fn lists_are_whole_up_to_their_limits_and_refused_beyond() {
    at_and_beyond("operating systems", MAX_SYSTEMS, |systems| Sizes { systems, ..FEW });
    at_and_beyond("time zones", MAX_ZONES, |zones| Sizes { zones, ..FEW });
    at_and_beyond("of [[age_band]]", 200, |bands| Sizes { bands, ..FEW });
    at_and_beyond("of [[abuse_class]]", 200, |abuse| Sizes { abuse, ..FEW });
    at_and_beyond("of [[category]]", MAX_CATEGORIES, |categories| Sizes { categories, ..FEW });
    at_and_beyond("of [[purpose]]", MAX_PURPOSES, |purposes| Sizes { purposes, ..FEW });
    at_and_beyond("of [[jurisdiction]]", MAX_JURISDICTIONS, |jurisdictions| Sizes { jurisdictions, ..FEW });
    at_and_beyond("of [[order]]", 1000, |orders| Sizes { orders, ..FEW });
    at_and_beyond("of [[policy]]", 10_000, |policies| Sizes { policies, ..FEW });
}

/// Each operating system, age band and abuse class has its people; each time zone its communities.
#[test]
fn at_the_limit_everything_occurs() {
    let n = Sizes { people: 60_000, systems: MAX_SYSTEMS, zones: MAX_ZONES, bands: 200, abuse: 200, ..FEW };
    let run = Simulation::new(&must_load(n));
    let mut community = Community::empty();
    let (mut systems, mut bands, mut abuse) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut zones = [BTreeSet::new(), BTreeSet::new()];
    for number in all(&run) {
        community.fill(&run.population, number);
        let shape = community.shape;
        for local in 0..shape.people {
            let person = run.population.people.person(&shape, local, local < shape.users);
            systems.insert(person.os);
            bands.insert(person.age_band);
            abuse.insert(person.abuse);
        }
        zones[shape.jurisdiction].insert(run.population.zones[usize::from(community.zone)]);
    }
    assert_eq!((systems.len(), bands.len(), abuse.len()), (MAX_SYSTEMS, 200, 201));
    // Minutes from UTC-12 on, and UTC+14 in the jurisdiction that has only that.
    assert_eq!(zones[0], (0..MAX_ZONES as i32 - 1).map(|i| -12 * 60 + i).collect());
    assert_eq!(zones[1], BTreeSet::from([14 * 60]));
}

/// People of UTC+14 are up when it is day there, however many zones there are.
#[test]
fn the_last_zone_has_its_own_clock() {
    let quiet = |events: Vec<Record>| {
        let hour = |r: &Record| (r.time / 3_600_000 + 14) % 24;
        let at_night = events.iter().filter(|r| (1..5).contains(&hour(r))).count();
        at_night as f64 / events.len() as f64
    };
    let run = Simulation::new(&must_load(Sizes { people: 20_000, zones: MAX_ZONES, ..FEW }));
    let spans = run.population.layout.spans().to_vec();
    let last = spans[1].first..spans[1].first + spans[1].communities;
    let share = quiet(events(&run, last, 0..1));
    assert!(share < 0.05, "{share} of all happens in four hours of the night");
}

/// With all masks full, figures are those of the records.
#[test]
fn at_the_limit_figures_are_those_of_records() {
    let (values, _) = counted(&must_load(Sizes {
        people: 3_000,
        jurisdictions: MAX_JURISDICTIONS,
        categories: MAX_CATEGORIES,
        purposes: MAX_PURPOSES,
        rules: 2,
        ..FEW
    }));
    assert!(values > 1_000_000, "{values}");
}

/// Near the most that counters may count, nothing wraps; beyond it nothing is simulated.
#[test]
fn counters_hold_what_is_not_refused() {
    let n = Sizes { people: 4_000, categories: MAX_CATEGORIES, purposes: MAX_PURPOSES, ..FEW };
    let groups = |people: u64| {
        text(Sizes { people, ..n })
            .replace("bytes = 8", "bytes = 1_000_000_000")
            .replace("community_size = { value = 64", "community_size = { value = 4096")
            .replace("group_share = { value = 0.2", "group_share = { value = 1.0")
            .replace("group_size_mean = { value = 6", "group_size_mean = { value = 1000")
            .replace("group_size_max = { value = 40", "group_size_max = { value = 4096")
            .replace("groups_per_user = { value = 3", "groups_per_user = { value = 1")
            .replace("users = 0.7", "users = 1.0")
            .replace("address_book_max = { value = 60", "address_book_max = { value = 5")
    };
    let fits = |people: u64| try_load(&groups(people)).is_ok();
    // The largest world that is not refused.
    let (mut most, mut beyond) = (1, 1_000_000);
    assert!(fits(most) && !fits(beyond));
    while beyond - most > 1 {
        let middle = most + (beyond - most) / 2;
        *(if fits(middle) { &mut most } else { &mut beyond }) = middle;
    }
    let problems = try_load(&groups(beyond)).err().unwrap_or_default();
    assert!(problems.contains("disclosed bytes, and counters hold"), "{problems}");
    let scenario = try_load(&groups(most)).unwrap_or_else(|problems| panic!("{problems}"));
    let (_, bytes) = counted(&scenario);
    assert!(bytes > 1 << 56 && bytes <= u128::from(u64::MAX), "{bytes} of {most} people");
}

/// The case of large values at full size is refused, and says so.
#[test]
fn a_gigabyte_a_value_is_refused_at_full_size() {
    let cnil = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml"));
    let plain = scenario(cnil, &Overrides::default());
    let set = plain.categories.iter().map(|c| format!("category.{}.bytes=1_000_000_000", c.id)).collect();
    let overrides = Overrides { set, ..Overrides::default() };
    let problems = load(cnil, &overrides).err().map(|problems| problems.to_string()).unwrap_or_default();
    assert!(problems.contains("disclosed bytes, and counters hold"), "{problems}");
    assert!(load(cnil, &Overrides { people: Some(10_000), days: Some(1), ..overrides }).is_ok());
}

/// What has no bytes is counted in values, and these are bounded as well.
#[test]
fn too_many_values_are_refused() {
    let n = Sizes { people: 100_000_000_000, categories: MAX_CATEGORIES, purposes: MAX_PURPOSES, ..FEW };
    let long = text(n).replace("bytes = 8", "bytes = 0").replace("days = 1\n", "days = 3653\n");
    let problems = try_load(&long).err().unwrap_or_default();
    assert!(problems.contains("disclosed values, and counters hold"), "{problems}");
    assert!(try_load(&long.replace("days = 3653", "days = 1")).is_ok());
}

/// A run's counters take no more memory than is said before it.
#[test]
fn counters_take_what_is_said() {
    for n in [FEW, Sizes { jurisdictions: 9, purposes: 5, policies: 2, orders: 3, ..FEW }] {
        let scenario = must_load(n);
        let (run, outcome) = execute(&scenario, 1);
        let counters = outcome.totals.counters();
        let said = simulate::counters(&scenario, &run.compiled, 1) / 8;
        assert!(said >= counters as u64, "{said} for {counters}");
    }
}

/// Tests are built so that arithmetic that overflows ends them.
#[test]
fn overflow_ends_tests() {
    let most = std::hint::black_box(u8::MAX);
    assert!(std::panic::catch_unwind(|| std::hint::black_box(most + std::hint::black_box(1))).is_err());
}
