//! A thousand rules over thirty countries: compiling them, and asking about them.
//!
//! `cargo bench --bench policy`. The limits that it is watched for: compiling below 100 ms, `diff` and `check` below a second.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use outflow::policy::analysis::{check, diff};
use outflow::policy::{Compiled, PolicyTable, Work, idle_rules};
use outflow::population::Classes;

#[path = "../tests/common/mod.rs"]
mod common;

fn thousand(c: &mut Criterion) {
    for (name, by_actor) in [("thousand rules", false), ("thousand rules, actors told apart", true)] {
        let scenario = common::thousand(by_actor);
        let (periods, resolutions) = (Compiled::period_starts(&scenario), Compiled::resolutions(&scenario));
        let [policy, fewer, one] = [0, 1, 2].map(|i| &scenario.policies[i]);
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.bench_function("compile", |b| {
            b.iter(|| {
                PolicyTable::within(&scenario, black_box(policy), &periods, &resolutions, &mut Work::unbounded())
            });
        });
        group.bench_function("compile three such policies for a run", |b| {
            let classes = Classes::new(&scenario);
            b.iter(|| Compiled::new(black_box(&scenario), &classes));
        });
        group.bench_function("rules that never matter", |b| b.iter(|| idle_rules(black_box(&scenario))));
        group.bench_function("diff, one rule less", |b| b.iter(|| diff(&scenario, [policy, black_box(fewer)])));
        group.bench_function("diff, all rules but one less", |b| b.iter(|| diff(&scenario, [policy, black_box(one)])));
        group.bench_function("check", |b| b.iter(|| check(&scenario, black_box(policy), &scenario.orders[0])));
        group.finish();
    }
}

criterion_group!(benches, thousand);
criterion_main!(benches);
