//! Our own engine, through the interface that a run uses.

use std::hint::black_box;

use outflow::exposure::{ALL, Exposure, FigureValue, Tabulation, Totals};
use outflow::policy::{Decisions, Filter};
use outflow::simulate::Threads;
use outflow::traffic::Shape;

use crate::data::{Answer, Data, Figures, Part};
use crate::rounds::Contestant;

/// A worker's day with some communities, counters and all.
fn observe(data: &Data, parts: &[&Part]) -> Totals {
    let run = &data.run;
    let mut exposure = Exposure::new(&data.scenario, &run.compiled, &run.contexts, &run.orders);
    for part in parts {
        let mut community = exposure.community(&part.community);
        let mut day = community.day(0, false);
        for batch in &part.batches {
            day.observe(batch);
        }
        day.end();
        community.end();
    }
    exposure.into_totals()
}

/// From communities to figures. A thread takes a share of the events, cut between communities: people live in one each, so
/// totals merge by addition.
fn answer(data: &Data, shares: &[Vec<&Part>], threads: &Threads) -> Answer {
    let parts = threads.each(|thread| observe(data, &shares[thread]));
    let merged = parts.into_iter().reduce(|mut totals, more| {
        totals.merge(&more);
        totals
    });
    let totals = merged.expect("a thread");
    let rows = Tabulation::new(&data.scenario, &data.run.compiled, &totals).exposure();
    let mut answer = vec![Figures::default(); data.masks.cells];
    for row in rows {
        if [&row.jurisdiction, &row.population, &row.category].iter().any(|split| ***split != *ALL)
            || *row.purpose == *ALL
        {
            continue;
        }
        let FigureValue::Count(value) = row.value else { continue };
        let policy = data.scenario.policies.iter().position(|p| p.id == row.policy).expect("a policy");
        let purpose = data.scenario.purposes.iter().position(|p| p.id == row.purpose).expect("a purpose");
        let figures = &mut answer[policy * data.scenario.purposes.len() + purpose];
        match &*row.metric {
            "disclosed_values" => figures.values = value,
            "disclosed_events" => figures.events = value,
            "disclosed_bytes" => figures.bytes = value,
            "people_exposed" => figures.people = value,
            _ => {}
        }
    }
    answer
}

/// Parts for each thread, as even as communities allow: the largest first, to whoever has least.
fn split(data: &Data, threads: usize) -> Vec<Vec<&Part>> {
    let mut order: Vec<&Part> = data.parts.iter().collect();
    order.sort_by_key(|p| std::cmp::Reverse(p.events));
    let mut shares = vec![(0, Vec::new()); threads];
    for part in order {
        let (events, parts) = shares.iter_mut().min_by_key(|s| s.0).expect("a thread");
        *events += part.events;
        parts.push(part);
    }
    shares.into_iter().map(|(_, parts)| parts).collect()
}

/// Measuring exposure: the four figures, and by the way all splits by jurisdiction, population, category, and day.
pub fn exposure<'a>(data: &'a Data, expected: &Answer, threads: usize) -> Contestant<'a> {
    let pool = Threads::start(threads);
    let shares = split(data, pool.count());
    assert_eq!(&answer(data, &shares, &pool), expected, "exposure on {threads} threads");
    Contestant::new("outflow, exposure", threads, data.events(), move || {
        black_box(answer(data, &shares, &pool));
    })
}

/// Filtering: each policy's decision about each subject written out, as an exporter needs it. Counts values and events, no people.
pub fn decisions<'a>(data: &'a Data, expected: &Answer) -> Contestant<'a> {
    let (run, purposes) = (&data.run, data.scenario.purposes.len());
    let filters: Vec<Filter> = (0..run.compiled.policies).map(|p| Filter::new(&run.compiled, p, 0)).collect();
    let classes: Vec<Vec<u16>> = data
        .parts
        .iter()
        .map(|part| part.community.columns.class.iter().map(|&c| run.compiled.merged[usize::from(c)]).collect())
        .collect();
    let mut decisions = vec![Decisions::default(); filters.len()];
    let mut work = move || {
        for (filter, decisions) in filters.iter().zip(&mut decisions) {
            (decisions.values, decisions.events) = (0, 0);
            for (part, class) in data.parts.iter().zip(&classes) {
                for batch in part.batches.iter().filter(|b| b.shape == Shape::Pair) {
                    filter.apply(batch, class, decisions);
                    black_box(&decisions);
                }
            }
        }
        decisions.iter().map(|d| d.values).collect::<Vec<u64>>()
    };
    let values: Vec<u64> = expected.chunks(purposes).map(|policy| policy.iter().map(|f| f.values).sum()).collect();
    assert_eq!(work(), values, "values by policy");
    Contestant::new("outflow, decisions of three policies written out", 1, data.events(), move || {
        black_box(work());
    })
}
