//! What ships as data: presets of policies, orders and countries, and the scenarios that choose from them.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{Days, NaiveDate};
use common::execute;
use outflow::exposure::{ALL, Tabulation};
use outflow::policy::analysis::{coverage, test};
use outflow::policy::{Outcome, Role, Setting, decide, idle_rules};
use outflow::population::{Classes, PersonClass};
use outflow::scenario::{Expected, Kind, Overrides, Policy, PolicyTest, Quality, Resolution, Scenario, load};

const ADS: &str = "targeted_advertising";
const BI: &str = "business_intelligence";
const SECURITY: &str = "security";

/// The policies of the preset, in its order.
const POLICIES: [&str; 12] = [
    "pre-2016",
    "full-2016",
    "optout-2016",
    "eu-pause-2016-11",
    "row-2021",
    "hamburg-2016",
    "security-only",
    "bi-opt-in",
    "ico-2018",
    "nclat-2025",
    "bi-aggregate",
    "security-pseudonymous",
];
const ORDERS: [&str; 7] = ["hamburg-2016", "cnil-2017", "ico-2018", "aepd-2018", "dpc-2021", "dpc-2023", "cci-2024"];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn shipped() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("scenarios").map(|e| e.expect("an entry").path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    paths
}

fn preset(name: &str) -> toml::Table {
    let path = format!("{}/src/scenario/presets/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the preset").parse().expect("TOML")
}

fn names(preset: &toml::Table, table: &str, key: &str) -> Vec<String> {
    let elements = preset[table].as_array().expect("an array");
    elements.iter().map(|e| e[key].as_str().expect("a name").to_string()).collect()
}

/// A scenario that chooses these jurisdictions, policies and orders of the presets.
fn choosing(start: &str, codes: &[&str], policies: &[&str], orders: &[&str]) -> Scenario {
    let mut text = format!(
        "[scenario]\nname = \"t\"\ntitle = \"t\"\nanalysis = \"t\"\nseed = 1\nstart = {start}\ndays = 3\npeople = 500\n\
         presets = [\"whatsapp-2017\", \"countries-2017\", \"policies-whatsapp\", \"orders-whatsapp\"]\n"
    );
    for code in codes {
        text += &format!("[[jurisdiction]]\ncode = \"{code}\"\nshare = {}\n", 1.0 / codes.len() as f64);
    }
    for (table, ids) in [("policy", policies), ("order", orders)] {
        for id in ids {
            text += &format!("[[{table}]]\nid = \"{id}\"\n");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.toml");
    fs::write(&path, text).expect("a file");
    match load(&path, &Overrides::default()) {
        Ok((scenario, warnings)) => {
            // A rule about countries that are not chosen goes, with a warning; orders come from years after the run.
            let known = |w: &&str| w.contains("is left out") || w.contains("of a day after the run");
            let others: Vec<&str> = warnings.iter().map(|w| &*w.message).filter(|w| !known(w)).collect();
            assert!(others.is_empty(), "{others:?}");
            scenario
        }
        Err(problems) => panic!("{problems}"),
    }
}

/// Everything that the presets offer, at once.
fn everything() -> Scenario {
    let codes = names(&preset("countries-2017"), "jurisdiction", "code");
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    choosing("2017-11-27", &codes, &POLICIES, &ORDERS)
}

#[test]
fn shipped_scenarios_are_valid_without_a_warning() {
    let paths = shipped();
    assert!(paths.len() >= 5);
    let output = Command::new(env!("CARGO_BIN_EXE_outflow"))
        .arg("validate")
        .args(&paths)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
    for path in &paths {
        let (scenario, warnings) = load(path, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
        assert!(warnings.is_empty());
        assert!(idle_rules(&scenario).rules.is_empty(), "{}", scenario.name);
        assert_eq!(path.file_stem().and_then(|s| s.to_str()), Some(scenario.name.as_str()));
        let text = fs::read_to_string(path).expect("a file");
        assert!(text.starts_with("#:schema ../schema/scenario.schema.json\n"), "{}", scenario.name);
        let paragraphs = scenario.file.scenario.analysis.trim().split("\n\n").count();
        assert!((2..=4).contains(&paragraphs), "{}: {paragraphs} paragraphs", scenario.name);
        // A day at full scale, months before the notice, is about no order; nor are designs that nobody ordered.
        let of_none =
            ["whatsapp-day", "collateral", "lossy-hash", "bi-designs", "necessity"].contains(&scenario.name.as_str());
        assert!(!scenario.orders.is_empty() || of_none);
        // Both dates of every order fall inside the run: its figures have an after.
        let end = scenario.date(scenario.days);
        for o in &scenario.orders {
            assert!(scenario.start <= o.notice && o.deadline < end, "{}: {}", scenario.name, o.id);
        }
    }
}

#[test]
fn everything_offered_can_be_chosen() {
    assert_eq!(names(&preset("policies-whatsapp"), "policy", "id"), POLICIES);
    assert_eq!(names(&preset("orders-whatsapp"), "order", "id"), ORDERS);
    let scenario = everything();
    let ids: Vec<&str> = scenario.policies.iter().map(|p| &*p.id).collect();
    assert_eq!(ids, POLICIES);
    let ids: Vec<&str> = scenario.orders.iter().map(|o| &*o.id).collect();
    assert_eq!(ids, ORDERS);
    assert!(scenario.jurisdictions.len() >= 16);
}

#[test]
fn each_policy_and_order_can_be_chosen_alone() {
    for id in POLICIES {
        // Two countries, neither of which every rule names: rules and tests about others go, names of rules hold.
        let scenario = choosing("2017-11-27", &["FR", "ROW"], &[id], &[]);
        assert!(scenario.policy(id).is_some());
    }
    let everywhere = everything();
    for (id, order) in ORDERS.into_iter().zip(&everywhere.orders) {
        let first = order.jurisdictions.trailing_zeros() as usize;
        let code = &*everywhere.jurisdictions[first].code;
        let scenario = choosing("2017-11-27", &[code], &["full-2016"], &[id]);
        assert_eq!(scenario.orders[0].jurisdictions, 1);
    }
}

#[test]
fn every_rule_says_why_and_whence() {
    let scenario = everything();
    for p in &scenario.policies {
        assert!(p.title.len() <= 60 && p.source.len() > 20, "{}", p.id);
        let mut titles = BTreeSet::new();
        for t in &p.texts {
            let title = t.title.as_deref().unwrap_or_else(|| panic!("{} has no title", t.name()));
            assert!(!title.contains('\n') && title.len() <= 90, "{title}");
            assert!(t.source.as_deref().is_some_and(|s| s.len() > 20), "{} has no source", t.name());
            assert!(titles.insert(title), "tests could not name {title}");
        }
        assert!((3..=6).contains(&p.tests.len()), "{}: {} tests", p.id, p.tests.len());
        assert!(p.tests.iter().all(|t| t.title.is_some()));
    }
}

#[test]
fn orders_say_what_they_are() {
    let scenario = everything();
    let gdpr = day("2018-05-25");
    for (o, written) in scenario.orders.iter().zip(&scenario.file.orders) {
        assert!(o.deadline >= o.notice, "{}", o.id);
        assert!(o.status.len() > 40 && o.source.contains("The notice"), "{}", o.id);
        if o.notice < gdpr {
            assert!(o.regime.contains("Directive 95/46") && !o.regime.contains("GDPR"), "{}", o.id);
        }
        // Only what was prohibited, accepted or undertaken is found; what is read into a decision says so.
        let reading = o.title.contains("read as");
        assert_eq!(reading, written.quality != Quality::Found, "{}", o.id);
    }
    let order = |id: &str| scenario.orders.iter().find(|o| &*o.id == id).expect("an order");
    let prohibits = |id: &str| -> Vec<&str> {
        let mask = order(id).prohibits;
        (0..scenario.purposes.len()).filter(|p| mask >> p & 1 == 1).map(|p| &*scenario.purposes[p].id).collect()
    };
    assert_eq!(prohibits("hamburg-2016"), [ADS, BI, SECURITY]);
    assert_eq!(prohibits("cnil-2017"), [BI]);
    assert_eq!(prohibits("ico-2018"), [ADS, BI]);
    assert_eq!(prohibits("aepd-2018"), [ADS, BI]);
    assert_eq!(prohibits("dpc-2023"), [BI, SECURITY]);
    assert_eq!(prohibits("cci-2024"), [ADS]);
    assert_eq!(order("dpc-2021").deadline, day("2021-11-20"));
    assert_eq!(order("dpc-2023").deadline, day("2023-07-12"));
    assert!(order("hamburg-2016").status.contains("recipient"));
    assert!(order("cnil-2017").status.contains("not a sanction"));
    assert!(order("ico-2018").status.contains("Not an order strictly"));
    assert!(order("cci-2024").status.contains("set aside"));
    // The pause was for the EU of 2016; the Irish authority decides for that of 2021.
    let pause = &scenario.policies[scenario.policy("eu-pause-2016-11").expect("a policy")];
    let uk = scenario.jurisdictions.iter().position(|j| &*j.code == "UK").expect("the UK");
    assert_eq!(pause.rules[0].jurisdictions, order("dpc-2021").jurisdictions | 1 << uk);
    assert_eq!(order("dpc-2021").jurisdictions >> uk & 1, 0);
}

#[test]
fn the_notice_in_the_scenario_is_the_one_in_the_preset() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/cnil-2017.toml");
    let (own, _) = load(Path::new(path), &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
    let scenario = choosing("2017-11-27", &["FR"], &["full-2016"], &["cnil-2017"]);
    let (a, b) = (&own.orders[0], &scenario.orders[0]);
    assert_eq!((a.notice, a.deadline, a.prohibits, &a.regime), (b.notice, b.deadline, b.prohibits, &b.regime));
}

#[test]
fn nothing_is_called_illegal() {
    let presets = ["countries-2017", "policies-whatsapp", "orders-whatsapp"];
    let presets = presets.map(|n| format!("{}/src/scenario/presets/{n}.toml", env!("CARGO_MANIFEST_DIR")).into());
    for path in shipped().into_iter().chain(presets) {
        let text = fs::read_to_string(&path).expect("a file").to_lowercase();
        assert!(!text.contains("illegal"), "{}", path.display());
    }
}

/// Users over people, as `source` counts them, are the share that the country has.
#[test]
fn shares_of_users_follow_from_their_numbers() {
    for j in preset("countries-2017")["jurisdiction"].as_array().expect("an array") {
        let text = |key: &str| j[key].as_str().expect("text");
        if text("code") == "ROW" {
            continue;
        }
        let people = text("source").split(" M people").next().and_then(|s| s.rsplit(' ').next());
        let people: f64 =
            people.and_then(|p| p.parse().ok()).unwrap_or_else(|| panic!("{}: of how many", text("code")));
        let number = |key: &str| j[key].as_float().or(j[key].as_integer().map(|n| n as f64)).expect("a number");
        let share = number("users_millions") / people;
        assert!((share - number("users")).abs() < 0.006, "{}: {share}", text("code"));
        for table in ["objects", "agrees"] {
            let rates = j[table].as_table().expect("a table");
            assert!([ADS, BI, SECURITY].iter().all(|p| rates.contains_key(*p)), "{}", text("code"));
        }
    }
}

/// Days on which a policy may decide otherwise, and the days before.
fn dates(policy: &Policy) -> BTreeSet<NaiveDate> {
    let turns = policy.rules.iter().flat_map(|r| [r.from, r.until]).flatten();
    turns.flat_map(|d| [d, d - Days::new(1)]).chain([day("2010-01-01"), day("2030-01-01")]).collect()
}

/// All settings that a test leaves open, decided one by one; what it expects must hold in each.
fn holds(scenario: &Scenario, policy: &Policy, test: &PolicyTest) -> bool {
    use outflow::scenario::schema::Chosen;
    let q = &test.query;
    let (Some(purpose), Some(category)) = (q.purpose, q.category) else { return false };
    let chose = |who: &PersonClass, wanted: Option<Chosen>| {
        let (objects, agrees) = (who.objects >> purpose & 1 == 1, who.agrees >> purpose & 1 == 1);
        wanted.is_none_or(|w| match w {
            Chosen::Objects => objects,
            Chosen::Agrees => agrees,
            Chosen::None => !objects && !agrees,
        })
    };
    let classes = Classes::new(scenario);
    // Who left the service is to rules as one who never joined.
    let all = || classes.all().iter().filter(|c| !c.left);
    let subjects = all().filter(|c| {
        q.user.is_none_or(|u| u == c.user)
            && q.jurisdiction.is_none_or(|j| j == c.jurisdiction)
            && q.parent_account.is_none_or(|p| p == c.parent_account)
            && q.minor.is_none_or(|m| m == c.minor)
            && chose(c, q.choice)
    });
    // Of those who may act, one country stands for all: no rule here looks at where the actor is.
    let place = q.actor_jurisdiction.unwrap_or(0);
    let actors: Vec<&PersonClass> = all()
        .filter(|c| c.user && !c.minor && !c.parent_account && c.jurisdiction == place && chose(c, q.actor_choice))
        .collect();
    let days = q.date.map_or_else(|| dates(policy), |d| BTreeSet::from([d]));
    let mut tried = 0;
    for subject in subjects {
        for kind in Kind::ALL.into_iter().filter(|k| q.kind.is_none_or(|only| only == *k)) {
            let as_actor = (q.actor != Some(false) && subject.user).then_some((Role::Actor, subject));
            let others = actors.iter().filter(|_| q.actor != Some(true)).map(|a| (Role::Counterparty, *a));
            for (role, actor) in as_actor.into_iter().chain(others) {
                for &date in &days {
                    let setting = Setting { purpose, kind, role, subject, actor, date };
                    let decision = decide(scenario, policy, &setting, category);
                    if decision.outcome == Outcome::NoFlow && test.expect != Expected::NoFlow {
                        continue;
                    }
                    tried += 1;
                    let by = test.by.as_ref().is_none_or(|by| *by == decision.rules);
                    if !decision.outcome.is(test.expect) || !by {
                        return false;
                    }
                }
            }
        }
    }
    tried > 0
}

#[test]
fn policies_decide_as_their_tests_say() {
    let shipped = shipped().into_iter().map(|p| common::scenario(&p, &Overrides::default()));
    let mut done = 0;
    for scenario in shipped.chain([everything()]) {
        for policy in &scenario.policies {
            for test in &policy.tests {
                assert!(holds(&scenario, policy, test), "{}: {:?}", policy.id, test.title);
                // The opposite does not hold: the test can fail.
                let expect = if test.expect == Expected::Permitted { Expected::Forbidden } else { Expected::Permitted };
                assert!(!holds(&scenario, policy, &PolicyTest { expect, ..test.clone() }));
                done += 1;
            }
            // The exhaustive answer agrees, and no rule that can decide something goes untested.
            let results: Vec<_> =
                policy.tests.iter().map(|t| test(&scenario, policy, t).expect("not too much")).collect();
            assert!(results.iter().all(|r| r.wrong.is_empty() && !r.vacuous), "{}", policy.id);
            let cover = coverage(&scenario, policy, &results);
            // Tests about countries that a scenario leaves out are gone: of presets all must be there.
            let complete = scenario.name == "t" || !POLICIES.contains(&&*policy.id);
            let untested: Vec<String> = (0..policy.own)
                .filter(|&r| {
                    complete
                        && !policy.tests.is_empty()
                        && cover.matters.as_ref().is_some_and(|m| m[r])
                        && !cover.tested[r]
                })
                .map(|r| policy.texts[r].name())
                .collect();
            assert!(untested.is_empty(), "{}: {untested:?}", scenario.name);
        }
    }
    assert!(done >= 60, "{done} tests");
}

/// Whether a policy lets a category out about a person, as actor of an event.
struct Case {
    scenario: Scenario,
    classes: Classes,
}

impl Case {
    fn resolution(
        &self,
        policy: &str,
        purpose: &str,
        category: &str,
        who: &PersonClass,
        date: &str,
    ) -> Option<Resolution> {
        let s = &self.scenario;
        let policy = &s.policies[s.policy(policy).expect("a policy")];
        let purpose = s.purposes.iter().position(|p| &*p.id == purpose).expect("a purpose");
        let category = s.categories.iter().position(|c| &*c.id == category).expect("a category");
        let kind = Kind::DeviceCheckin;
        let setting = Setting { purpose, kind, role: Role::Actor, subject: who, actor: who, date: day(date) };
        decide(s, policy, &setting, category).resolution
    }

    fn lets(&self, policy: &str, purpose: &str, who: &PersonClass, date: &str) -> bool {
        self.resolution(policy, purpose, "phone_number", who, date).is_some()
    }

    fn code(&self, who: &PersonClass) -> &str {
        &self.scenario.jurisdictions[who.jurisdiction].code
    }
}

/// The case day by day, about every class of user.
#[test]
fn decisions_follow_the_case() {
    let scenario = everything();
    let case = Case { classes: Classes::new(&scenario), scenario };
    const EU: [&str; 10] = ["FR", "DE", "UK", "ES", "IT", "NL", "AT", "BE", "PT", "FI"];
    let mut seen = BTreeSet::new();
    for who in case.classes.all().iter().filter(|c| c.user) {
        let (code, eu) = (case.code(who), EU.contains(&case.code(who)));
        let chose = |mask: u32, purpose: &str| {
            let p = case.scenario.purposes.iter().position(|p| &*p.id == purpose).expect("a purpose");
            mask >> p & 1 == 1
        };
        seen.insert((chose(who.objects, ADS), chose(who.agrees, BI)));
        for purpose in [ADS, BI, SECURITY] {
            let (objects, agrees) = (chose(who.objects, purpose), chose(who.agrees, purpose));
            let lets = |policy: &str, date: &str| case.lets(policy, purpose, who, date);
            assert!(!lets("pre-2016", "2016-08-25"));
            assert!(!lets("full-2016", "2016-08-24") && lets("full-2016", "2016-08-25"));
            assert!(lets("optout-2016", "2016-09-24"));
            assert_eq!(lets("optout-2016", "2016-09-25"), !(purpose == ADS && objects));
            assert!(lets("eu-pause-2016-11", "2016-11-06"));
            assert_eq!(lets("eu-pause-2016-11", "2016-11-07"), !(purpose == ADS && eu));
            assert!(lets("hamburg-2016", "2016-09-26"));
            assert_eq!(lets("hamburg-2016", "2016-09-27"), code != "DE");
            assert_eq!(lets("security-only", "2017-11-27"), purpose == SECURITY);
            assert_eq!(lets("bi-opt-in", "2017-11-27"), purpose == SECURITY || purpose == BI && agrees);
            assert_eq!(lets("ico-2018", "2018-03-13"), !(purpose == ADS && eu));
            assert_eq!(lets("ico-2018", "2018-03-14"), code != "UK" && !(purpose == ADS && eu));
            assert!(!lets("row-2021", "2021-05-14"));
            assert_eq!(lets("row-2021", "2021-05-15"), !eu);
            assert_eq!(lets("nclat-2025", "2025-12-14"), !eu);
            assert_eq!(lets("nclat-2025", "2025-12-15"), !eu && (code != "IN" || agrees));
        }
        let exactly = |policy, purpose, category| case.resolution(policy, purpose, category, who, "2017-11-27");
        assert_eq!(exactly("bi-aggregate", BI, "last_seen"), Some(Resolution::Aggregate(50)));
        assert_eq!(exactly("bi-aggregate", SECURITY, "phone_number"), None);
        assert_eq!(exactly("security-pseudonymous", SECURITY, "device_id"), Some(Resolution::KeyedHash));
        assert_eq!(exactly("security-pseudonymous", SECURITY, "ip_address"), None);
        assert_eq!(exactly("full-2016", SECURITY, "ip_address"), Some(Resolution::Exact));
    }
    assert!(seen.len() >= 3, "people who object, who agree, who do neither");
}

/// The same in the figures of a run: on the last day of the thirty everything flows, on the next an objection counts.
#[test]
fn an_objection_counts_from_the_day_that_it_should() {
    let scenario = choosing("2016-09-24", &["DE", "FR"], &["optout-2016", "bi-opt-in"], &[]);
    let (run, outcome) = execute(&scenario, 1);
    let finish = Tabulation::new(&scenario, &run.compiled, &outcome.totals);
    let figure = |index: u32, policy: &str, purpose: &str, population: &str| {
        let rows = finish.daily(index);
        let row = rows.iter().find(|r| {
            (&*r.policy, &*r.purpose, &*r.population, &*r.metric) == (policy, purpose, population, "disclosed_values")
                && &*r.jurisdiction == ALL
        });
        row.expect("a row").value.as_f64() as u64
    };
    for index in 0..3 {
        assert_eq!(figure(index, "optout-2016", ADS, "objecting") == 0, index >= 1);
        assert!(figure(index, "optout-2016", ADS, "not_objecting") > 0);
        assert!(figure(index, "optout-2016", BI, "objecting") > 0);
        assert!(figure(index, "optout-2016", ADS, "non_user") > 0);
        assert_eq!(figure(index, "bi-opt-in", BI, "objecting"), 0);
        assert_eq!(figure(index, "bi-opt-in", BI, "non_user"), 0);
        assert!(figure(index, "bi-opt-in", BI, "not_objecting") < figure(index, "full-2016", BI, "not_objecting") / 2);
        assert!(figure(index, "bi-opt-in", SECURITY, "objecting") > 0);
    }
}
