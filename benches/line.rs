//! Time per event of each stage: generation, filter, measurement, and the whole line.
//!
//! `cargo bench` for figures, `cargo bench -- --quick` for a smoke run. Elements are events; the same batches go through
//! every filter, so that policies compare side by side.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use outflow::policy::{Decisions, Filter};
use outflow::population::Community;
use outflow::random::{Domain, Key, Stream};
use outflow::scenario::{Effect, Overrides, Scenario, load};
use outflow::simd::{InstructionSet, compress_u64};
use outflow::simulate::{Counters, Simulation};
use outflow::traffic::{Batch, Shape, Sink, Traffic};

fn scenario(people: u64, days: u32) -> Scenario {
    sized("scenarios/cnil-2017.toml", people, days)
}

fn sized(path: &str, people: u64, days: u32) -> Scenario {
    let overrides = Overrides { people: Some(people), days: Some(days), ..Overrides::default() };
    match load(Path::new(path), &overrides) {
        Ok((scenario, _)) => scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// Counts events and lets the batches go.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        if batch.shape != Shape::Incoming {
            self.0 += batch.len() as u64;
        }
        black_box(batch);
    }
}

/// Keeps the batches.
#[derive(Default)]
struct Keep(Vec<Batch>);

impl Sink for Keep {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.0.push(batch.clone());
    }
}

fn random(c: &mut Criterion) {
    let mut group = c.benchmark_group("random");
    let n = 4096u64;
    group.throughput(Throughput::Elements(n));
    let key = Key::new(42, 0);
    group.bench_function("philox block (4 words)", |b| {
        b.iter(|| (0..n).fold(0, |sum, i| sum ^ key.block(Domain::Person, i, 0, 0)[0]));
    });
    let stream = Stream::new(42);
    group.bench_function("stream word", |b| b.iter(|| (0..n).fold(0, |sum, i| sum ^ stream.at(black_box(i)))));
    group.finish();
}

fn stages(c: &mut Criterion) {
    let scenario = scenario(120_000, 1);
    let run = Simulation::new(&scenario);
    let mut community = Community::empty();
    // The German community: the one with the most users.
    community.fill(&run.population, 1);
    let mut traffic = Traffic::new(&run.population, &run.tables);
    let mut count = Count::default();
    traffic.day(&community, 0, &mut count);
    let events = count.0;

    let mut group = c.benchmark_group("stage");
    group.sample_size(20);
    group.throughput(Throughput::Elements(events));
    group.bench_function("generate", |b| {
        b.iter(|| {
            traffic.begin();
            traffic.day(&community, 0, &mut Count::default());
        });
    });
    let mut keep = Keep::default();
    traffic.begin();
    traffic.day(&community, 0, &mut keep);
    let class: Vec<u16> = community.columns.class.iter().map(|&c| run.compiled.merged[usize::from(c)]).collect();
    for (p, policy) in scenario.policies.iter().enumerate() {
        let filter = Filter::new(&run.compiled, p, 0);
        let mut decisions = Decisions::default();
        group.bench_function(format!("filter {}", policy.id), |b| {
            b.iter(|| {
                for batch in &keep.0 {
                    filter.apply(batch, &class, &mut decisions);
                    black_box(&decisions);
                }
            });
        });
    }
    let mut exposure = run.exposure();
    group.bench_function("measure, three policies", |b| {
        b.iter(|| {
            let mut community = exposure.community(&community);
            let mut day = community.day(0, false);
            for batch in &keep.0 {
                day.observe(batch);
            }
            day.end();
        });
    });
    group.finish();
}

fn line(c: &mut Criterion) {
    let scenario = scenario(120_000, 2);
    let run = Simulation::new(&scenario);
    let events = run.run(1, &Counters::default()).totals.events();
    let mut group = c.benchmark_group("whole line");
    group.sample_size(10);
    group.throughput(Throughput::Elements(events));
    let all = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut threads = vec![1, all];
    threads.dedup();
    for threads in threads {
        group.bench_function(format!("{threads} thread(s)"), |b| {
            b.iter(|| run.run(threads, &Counters::default()).totals.events());
        });
    }
    group.finish();
}

/// A hundred policies beside the three that the scenario has: each withholds another category from another mix of purposes. They are
/// applied once a jurisdiction and day, whatever the number of people, so that a small world would show that alone.
fn policies(c: &mut Criterion) {
    let three = sized("scenarios/whatsapp-day.toml", 10_000_000, 1);
    let mut hundred = three.clone();
    for n in 0..97usize {
        let mut policy = three.policies[n % 3].clone();
        policy.id = format!("variant-{n}").into();
        let mut forbid = policy.rules[0].clone();
        forbid.effect = Effect::Forbid;
        forbid.categories = 1 << (n % three.categories.len());
        forbid.purposes = 1 << (n / three.categories.len() % three.purposes.len());
        policy.rules.push(forbid);
        hundred.policies.push(policy);
    }
    let mut group = c.benchmark_group("policies");
    group.sample_size(10);
    for scenario in [&three, &hundred] {
        let run = Simulation::new(scenario);
        let events = run.run(1, &Counters::default()).totals.events();
        group.throughput(Throughput::Elements(events));
        group.bench_function(format!("{} policies", scenario.policies.len()), |b| {
            b.iter(|| run.run(1, &Counters::default()).totals.events());
        });
    }
    group.finish();
}

/// Every other element of a column is kept, without and with the processor's own instruction for it.
fn compress(c: &mut Criterion) {
    let stream = Stream::new(42);
    let from: Vec<u64> = (0..4096).map(|i| stream.at(i)).collect();
    let keep = &from[..from.len() / 64];
    let mut to = from.clone();
    let mut group = c.benchmark_group("compress");
    group.throughput(Throughput::Elements(from.len() as u64));
    for set in [InstructionSet::Portable, InstructionSet::Avx512].into_iter().filter(|set| set.available()) {
        set.run(|| group.bench_function(set.word(), |b| b.iter(|| compress_u64(black_box(&from), keep, &mut to))));
    }
    group.finish();
}

criterion_group!(benches, random, stages, line, policies, compress);
criterion_main!(benches);
