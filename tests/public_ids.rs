//! Ids and the order of rows of exported records: they say nothing about how the world was made.

mod common;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use common::cnil;
use outflow::population::Population;
use polars_core::prelude::{AnyValue, DataFrame, Series};
use polars_io::prelude::{ParquetReader, SerReader};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Everybody has an id of their own, below the number of people, and is found by it; beyond there is nobody.
    #[test]
    fn everybody_has_an_id(
        people in prop_oneof![Just(1u64), Just(2), Just(3), Just(300), Just(70_000)],
        size in prop_oneof![Just(64u32), Just(256), Just(65_536)],
        seed in 0u64..1 << 40,
    ) {
        let mut scenario = cnil(people, 1, &[&format!("world.community_size={size}")]);
        scenario.seed = seed;
        let population = Population::new(&scenario, 0);
        let (layout, ids) = (&population.layout, &population.public_ids);
        let mut seen = vec![false; people as usize];
        for community in 0..layout.communities() {
            for local in 0..layout.shape(community).people {
                let id = ids.public(community, local);
                prop_assert!(!std::mem::replace(&mut seen[id as usize], true), "{id} twice");
                prop_assert_eq!(ids.find(id), Some((community, local)));
                prop_assert_eq!(ids.of(layout.number(community, local)), id);
            }
        }
        prop_assert!(seen.iter().all(|&seen| seen));
        prop_assert_eq!([people, people + 1, u64::MAX].map(|id| ids.find(id)), [None; 3]);
    }
}

/// The seed decides.
#[test]
fn another_seed_gives_other_ids() {
    let scenario = cnil(70_000, 1, &[]);
    let [a, b] =
        [1, 2].map(|seed| Population::new(&outflow::scenario::Scenario { seed, ..scenario.clone() }, 0).public_ids);
    let same = (0..70_000).filter(|&number| a.of(number) == b.of(number)).count();
    assert!(same < 10, "{same}");
    assert!(
        a.group(0, 0) != b.group(0, 0) && a.conversation(7) != b.conversation(7) && a.group(0, 7) != a.conversation(7)
    );
}

fn read(path: &Path) -> DataFrame {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    ParquetReader::new(file).finish().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn column(frame: &DataFrame, name: &str) -> Series {
    frame.column(name).expect("the column").as_materialized_series().clone()
}

fn numbers(frame: &DataFrame, name: &str) -> Vec<u64> {
    column(frame, name).u64().expect("numbers").iter().map(|n| n.expect("no null")).collect()
}

fn times(frame: &DataFrame) -> Vec<i64> {
    let times = column(frame, "time").to_physical_repr().into_owned();
    times.i64().expect("times").iter().map(|n| n.expect("no null")).collect()
}

/// The order of rows follows from what is in them, and ids from nothing.
#[test]
fn rows_tell_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join("records");
    let mut command = Command::new(env!("CARGO_BIN_EXE_outflow"));
    command.args([
        "export",
        "scenarios/cnil-2017.toml",
        "--people",
        "1600",
        "--days",
        "2",
        "--quiet",
        "--policy",
        "opt-out",
    ]);
    command.args(["--set", "world.community_size=400", "--to"]).arg(&to);
    assert!(command.status().expect("it runs").success());
    let table = |name: &str| read(&to.join(name).with_extension("parquet"));

    let people = table("people");
    let community: Vec<u32> = {
        let column = column(&people, "community");
        column.u32().expect("numbers").iter().map(|n| n.expect("no null")).collect()
    };
    let ids = numbers(&people, "person_id");
    assert!(community.iter().zip(&ids).is_sorted());
    let home: BTreeMap<u64, u32> = ids.iter().copied().zip(community).collect();
    assert!(home.keys().copied().eq(0..1_600));
    // Users and others lie mixed: the mean id of users is that of all, by 5 standard deviations.
    let user: Vec<bool> = {
        let column = column(&people, "is_user");
        column.bool().expect("flags").iter().map(|b| b.expect("no null")).collect()
    };
    let of_users: Vec<f64> = ids.iter().zip(&user).filter(|(_, user)| **user).map(|(&id, _)| id as f64).collect();
    let (n, k) = (1_600.0_f64, of_users.len() as f64);
    let mean = of_users.iter().sum::<f64>() / k;
    assert!((mean - (n - 1.0) / 2.0).abs() < 5.0 * (n * n / 12.0 * (n - k) / n / k).sqrt(), "{mean}");

    let books = table("address_books");
    let (owner, contact) = (numbers(&books, "owner"), numbers(&books, "contact"));
    assert!(owner.iter().zip(&contact).map(|(o, c)| (home[o], o, c)).is_sorted());
    // Nor are those in a book near its owner: two of 0..n are n/3 apart.
    let apart = owner.iter().zip(&contact).map(|(&o, &c)| o.abs_diff(c) as f64).sum::<f64>() / owner.len() as f64;
    assert!((apart / (n / 3.0) - 1.0).abs() < 0.03, "{apart}");

    let events = table("events");
    let (event_id, actor, time) = (numbers(&events, "event_id"), numbers(&events, "actor"), times(&events));
    assert!(event_id.is_sorted_by(|a, b| a < b));
    assert!(event_id.iter().zip(&actor).all(|(id, actor)| id >> 40 == u64::from(home[actor])));
    assert!(event_id.iter().zip(&time).map(|(id, time)| (id >> 40, time)).is_sorted());
    let counterparties = column(&events, "counterparties");
    for list in counterparties.iter() {
        let AnyValue::List(list) = list else { panic!("{list} is no list") };
        assert!(list.u64().expect("numbers").iter().is_sorted_by(|a, b| a < b));
    }

    let disclosures = table("disclosures");
    let (event, of) = (numbers(&disclosures, "event_id"), numbers(&disclosures, "subject"));
    let actors: BTreeMap<u64, u64> = event_id.iter().copied().zip(actor).collect();
    // In the order of events, the actor of each first.
    let keys = event.iter().zip(&of).map(|(event, of)| (event, *of != actors[event], of));
    assert!(keys.is_sorted());
}
