//! `outflow subject`: all that the parent would hold about one person.

use std::path::PathBuf;

use chrono::DateTime;
use clap::Args;

use super::policy::{named, policy};
use super::{Changes, Failure, load_scenario, terminal};
use crate::exposure::PopulationGroup;
use crate::output::records;
use crate::scenario::{Policy, Scenario};
use crate::simulate;

/// Options of `subject`.
#[derive(Args, Debug)]
pub struct SubjectArgs {
    /// Scenario file (`-`: standard input), or the name of one that ships
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Person id, as in exported records and samples
    #[arg(value_name = "PERSON", required_unless_present = "pick", conflicts_with = "pick")]
    person: Option<u64>,
    /// Somebody of a population, whom the seed draws, instead of a person id
    #[arg(long, value_name = "POPULATION", value_parser = ["not_objecting", "objecting", "non_user"])]
    pick: Option<String>,
    /// Of this jurisdiction, for --pick
    #[arg(long, value_name = "CODE", requires = "pick")]
    jurisdiction: Option<String>,
    /// Policy
    #[arg(long, value_name = "ID")]
    policy: String,
    #[command(flatten)]
    world: SizeArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options that change the world of the person.
#[derive(Args, Debug)]
struct SizeArgs {
    /// Number of simulated people: the person of an export has to be looked for in a world of the same size
    #[arg(long, value_name = "N", value_parser = super::count, allow_negative_numbers = true)]
    people: Option<u64>,
    /// Number of days
    #[arg(long, value_name = "D", value_parser = super::days, allow_negative_numbers = true)]
    days: Option<u32>,
    /// Seed of all random numbers
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64), allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Change a value of the scenario, checked like the file
    #[arg(long, value_name = "KEY=VALUE", value_parser = super::assignment)]
    set: Vec<String>,
}

impl SubjectArgs {
    /// Looks.
    pub fn main(self) -> Result<(), Failure> {
        let w = &self.world;
        let changes =
            Changes { people: w.people, days: w.days, seed: w.seed, set: w.set.clone(), ..Changes::default() };
        let scenario = load_scenario(&self.scenario, &changes)?;
        let policy = policy(&scenario, &self.policy)?;
        let run = simulate::Simulation::new(&scenario);
        let person = match self.person {
            Some(person) => person,
            None => self.somebody(&run)?,
        };
        let Some(subject) = records::subject(&run, policy, person) else {
            return Err(Failure::Input(format!(
                "error: there is no person {person} in this scenario\n  help: ids are 0 to {}, as `person_id` in exported records and samples of a world \
                 of the same size and seed",
                run.population.layout.people().saturating_sub(1)
            )));
        };
        if self.json {
            let json = serde_json::to_string_pretty(&subject).map_err(|e| Failure::Other(e.to_string()))?;
            return terminal::print_data(&(json + "\n"));
        }
        terminal::print(&text(&scenario, policy, &subject))
    }
}

impl SubjectArgs {
    /// Somebody of the population that is asked for.
    fn somebody(&self, run: &simulate::Simulation) -> Result<u64, Failure> {
        let codes = run.scenario.jurisdictions.iter().map(|j| &*j.code);
        let jurisdiction = self.jurisdiction.as_ref().map(|code| named("jurisdiction", code, codes)).transpose()?;
        let word = self.pick.as_deref().unwrap_or_default();
        let group = PopulationGroup::ALL.into_iter().find(|group| group.word() == word);
        let found = group.and_then(|group| records::pick(run, group, jurisdiction));
        found.ok_or_else(|| {
            let place = self.jurisdiction.as_ref().map_or(String::new(), |code| format!(" in {code}"));
            Failure::Input(format!("error: nobody who is {word} was found{place}\n  help: simulate more people (--people), or pick of another population"))
        })
    }
}

fn text(scenario: &Scenario, policy: &Policy, s: &records::SubjectReport) -> String {
    let list = |words: &[String]| if words.is_empty() { "nothing".into() } else { words.join(", ") };
    let mut text = format!("Person {}, {}, {}", s.person, s.jurisdiction, s.age_band);
    text += &match (s.is_user, &s.left_on) {
        (true, Some(day)) => format!(", user of the service until they leave it on {day}"),
        (true, None) => ", user of the service".into(),
        (false, _) => ", never joined the service".into(),
    };
    text += if s.has_parent_account { ", with a parent account\n" } else { ", without a parent account\n" };
    if s.is_user {
        text += &format!("Objects to {}; agrees to {}\n", list(&s.objects), list(&s.agrees));
    }
    let end = scenario.date(scenario.days - 1);
    let span = match scenario.days {
        1 => format!("on {}", scenario.start),
        days => format!("{days} days from {} to {end}", scenario.start),
    };
    if s.held.is_empty() {
        text += &format!(
            "\nUnder {} ({}) the parent would hold nothing about this person ({span}).\n",
            policy.id,
            terminal::title(&policy.title)
        );
        return text;
    }
    text += &format!(
        "\nUnder {} ({}) the parent would hold about this person ({span}):\n",
        policy.id,
        terminal::title(&policy.title)
    );
    let day =
        |ms: i64| DateTime::from_timestamp_millis(ms).map_or_else(String::new, |t| t.format("%Y-%m-%d").to_string());
    let mut rules: Vec<usize> = Vec::new();
    let head = ["category", "how", "first", "last", "from own use", "from others", "people", "rules"];
    for purpose in s.held.chunk_by(|a, b| a.purpose == b.purpose) {
        let rows: Vec<Vec<String>> = purpose
            .iter()
            .map(|h| {
                rules.extend(&h.rules);
                vec![
                    h.category.clone(),
                    h.resolution.clone(),
                    day(h.first_ms),
                    day(h.last_ms),
                    h.from_own_use.to_string(),
                    h.from_others.to_string(),
                    h.others.to_string(),
                    h.rules.iter().map(|r| (r + 1).to_string()).collect::<Vec<_>>().join(", "),
                ]
            })
            .collect();
        text += &format!("\nfor {}\n\n{}", purpose[0].purpose, terminal::table(&head, &rows, 4));
    }
    let people = |n: u64| if n == 1 { "1 other person".to_string() } else { format!("{n} other people") };
    text += &format!(
        "\nFrom the use of {}; {} of them hold the person in an address book that they uploaded.\n\nLet out by\n",
        people(s.others),
        s.holders
    );
    rules.sort_unstable();
    rules.dedup();
    for rule in rules {
        if let Some(t) = policy.texts.get(rule) {
            text += &format!("   {}  {}: {}\n      {}\n", rule + 1, terminal::title(&t.name()), t.words, t.line());
        }
    }
    text
}
