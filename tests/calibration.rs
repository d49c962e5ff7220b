//! The traffic has the properties that were published about the real one, each within a stated tolerance.
//!
//! Sources and identities: docs/METHODOLOGY.md, section "Calibration".

mod common;

use std::collections::HashMap;

use common::{Record, all, cnil, events, feed};
use outflow::population::{Book, Community};
use outflow::scenario::{Kind, Scenario};
use outflow::simulate::Simulation;
use outflow::traffic::{Batch, Shape, Sink};

const DAYS: u32 = 21;

/// One jurisdiction alone.
fn spain(people: u64, days: u32) -> Scenario {
    let set = ["FR", "DE", "UK", "IT", "ROW"].map(|j| format!("jurisdiction.{j}.share=0"));
    let mut set: Vec<&str> = set.iter().map(String::as_str).collect();
    set.push("jurisdiction.ES.share=1");
    cnil(people, days, &set)
}

/// Three weeks, event by event.
fn world() -> (Simulation, Vec<Record>) {
    let run = Simulation::new(&spain(6_000, DAYS));
    let events = events(&run, 0..run.population.layout.communities(), 0..DAYS);
    (run, events)
}

fn kind(r: &Record) -> Kind {
    Kind::ALL[usize::from(r.kind)]
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Sums over a large community: the rates are heavy-tailed, so that a mean needs many users.
#[derive(Default)]
struct Sums {
    messages: u64,
    to_groups: u64,
    to_group_members: u64,
    photos: u64,
    videos: u64,
    daily_users: u64,
    last_checkin: Option<u32>,
}

impl Sink for Sums {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        if batch.shape == Shape::Incoming {
            return;
        }
        for i in 0..batch.len() {
            let e = batch.event(i);
            let kind = Kind::ALL[usize::from(e.kind)];
            self.messages += u64::from(kind.is_message());
            self.photos += u64::from(matches!(kind, Kind::PhotoMessage | Kind::GroupPhoto));
            self.videos += u64::from(matches!(kind, Kind::VideoMessage | Kind::GroupVideo));
            if kind.is_group_message() {
                self.to_groups += 1;
                self.to_group_members += batch.audience(e.target).len() as u64 - 1;
            }
            // A daily user checks in at least once a day, all times in a row.
            if kind == Kind::DeviceCheckin && self.last_checkin != Some(e.actor) {
                self.last_checkin = Some(e.actor);
                self.daily_users += 1;
            }
        }
    }
}

fn near(name: &str, got: f64, low: f64, high: f64) {
    eprintln!("{name}: {got:.3} ({low} to {high})");
    assert!((low..=high).contains(&got), "{name}: {got}, expected {low} to {high}");
}

#[test]
fn volumes_are_calibrated() {
    let run = Simulation::new(&spain(150_000, 3));
    let mut sums = Sums::default();
    feed(&run, all(&run), 0..3, &mut sums);
    let users = run.population.layout.users() as f64;
    let messages = sums.messages as f64;
    let g = sums.to_groups as f64 / messages;
    let r = sums.to_group_members as f64 / sums.to_groups as f64;
    let delivered = (messages - sums.to_groups as f64 + sums.to_group_members as f64) / messages;
    near("messages per daily user", messages / sums.daily_users as f64, 53.0, 57.0);
    near("daily users over users", sums.daily_users as f64 / (users * 3.0), 0.76, 0.78);
    near("share of group messages", g, 0.09, 0.11);
    near("recipients of a group message", r, 11.0, 13.0);
    near("delivered over sent", delivered, 2.0, 2.2);
    near("identity 1: F - (1 - g) - g r", delivered - (1.0 - g) - g * r, -1e-9, 1e-9);
    near("photos", sums.photos as f64 / messages, 0.080, 0.084);
    near("videos", sums.videos as f64 / messages, 0.016, 0.020);
}

#[test]
fn shapes_are_calibrated() {
    let (run, events) = world();
    let users = run.population.layout.users() as f64;
    let messages: Vec<&Record> = events.iter().filter(|r| kind(r).is_message()).collect();
    let total = messages.len() as f64;

    // Messages per user over the run: spread of the logarithm, and Gini.
    let mut sent: HashMap<u64, f64> = HashMap::new();
    for r in &messages {
        *sent.entry(r.actor).or_default() += 1.0;
    }
    let logs: Vec<f64> = sent.values().map(|n| n.ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let sigma = (logs.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
    let mut counts: Vec<f64> = sent.values().copied().collect();
    counts.resize(users as usize, 0.0);
    counts.sort_by(f64::total_cmp);
    let n = counts.len() as f64;
    let gini = 2.0 * counts.iter().enumerate().map(|(i, x)| (i as f64 + 1.0) * x).sum::<f64>()
        / (n * counts.iter().sum::<f64>())
        - (n + 1.0) / n;

    // Burstiness (Goh and Barabasi 2008) of each user's own messages, and replies within the hour.
    let mut times: HashMap<u64, Vec<f64>> = HashMap::new();
    for r in &messages {
        times.entry(r.actor).or_default().push(f64::from(r.day) * 86_400.0 + f64::from(r.time) / 1e3);
    }
    let burstiness = median(
        times
            .values_mut()
            .filter(|t| t.len() >= 30)
            .map(|t| {
                t.sort_by(f64::total_cmp);
                let gaps: Vec<f64> = t.windows(2).map(|w| w[1] - w[0]).collect();
                let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
                let sd = (gaps.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / gaps.len() as f64).sqrt();
                (sd - mean) / (sd + mean)
            })
            .collect(),
    );

    // Reciprocity of pairs that talk.
    let pairs: std::collections::HashSet<(u64, u64)> =
        messages.iter().filter(|r| !kind(r).is_group_message()).map(|r| (r.actor, r.counterparties[0])).collect();
    let reciprocity = pairs.iter().filter(|(a, b)| pairs.contains(&(*b, *a))).count() as f64 / pairs.len() as f64;

    // Group sizes, and groups per user.
    let mut community = outflow::population::Community::empty();
    community.fill(&run.population, 0);
    let sizes: Vec<f64> = community.groups.list.iter().map(|g| f64::from(g.size)).collect();
    let group_median = median(sizes.clone());
    let groups_per_user = sizes.iter().sum::<f64>() / f64::from(community.shape.users);

    // Night and evening in local time (Spain, UTC+1).
    let hour = |r: &Record| (r.time / 3_600_000 + 1) % 24;
    let in_hours =
        |from: u32, to: u32| messages.iter().filter(|r| (from..to).contains(&hour(r))).count() as f64 / total;
    let evening_over_night = in_hours(19, 22) / in_hours(2, 5);

    near("sigma of messages per user", sigma, 1.2, 1.4);
    near("gini of messages per user", gini, 0.60, 0.72);
    near("burstiness", burstiness, 0.2, 0.5);
    near("reciprocity of pairs", reciprocity, 0.6, 1.0);
    near("median group size", group_median, 2.0, 9.0);
    near("identity 2: groups per user", groups_per_user, 8.9, 9.0);
    near("evening over night", evening_over_night, 5.0, 30.0);
}

/// Address books: size, odds of users against other people, and how often a listed user lists the owner back (identity 4).
#[test]
fn address_books_are_calibrated() {
    let scenario = spain(60_000, 1);
    let run = Simulation::new(&scenario);
    let mut community = Community::empty();
    community.fill(&run.population, 0);
    let users = community.shape.users;
    let mut listed = std::collections::HashSet::new();
    let (mut sizes, mut entries, mut non_users) = (Vec::new(), 0.0, 0.0);
    let mut listing = Book::default();
    for owner in 0..users {
        community.address_book(&run.population, owner, &mut listing);
        let book: Vec<u32> = listing.entries().collect();
        sizes.push(book.len() as f64);
        entries += book.len() as f64;
        non_users += book.iter().filter(|&&c| c >= users && community.is_local(c)).count() as f64;
        listed.extend(book.iter().filter(|&&c| c < users).map(|&c| (owner, c)));
    }
    let back = listed.iter().filter(|(a, b)| listed.contains(&(*b, *a))).count() as f64 / listed.len() as f64;
    near("median entries", median(sizes), 100.0, 140.0);
    near("mean entries", entries / f64::from(users), 210.0, 270.0);
    // Of those who may stand in a book.
    let (share, unlisted) =
        (f64::from(users) / f64::from(community.shape.people), scenario.file.world.unlisted_non_users.value);
    let odds = (entries - non_users) / non_users / (share / ((1.0 - share) * (1.0 - unlisted)));
    near("identity 5: odds of a user against another person", odds, 2.9, 3.1);
    near("listed back", back, 0.55, 0.65);
}
