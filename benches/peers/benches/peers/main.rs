//! outflow beside others that do the same work, and beside what the machine can do at most.
//!
//!     cargo bench -p outflow-peers --bench peers               # both parts
//!     cargo bench -p outflow-peers --bench peers -- filter     # one part: `generation` or `filter`
//!     cargo bench -p outflow-peers --bench peers -- --quick    # a smoke run; judges no speed
//!
//! `--rounds N` (9) and `--people N` (1,000,000) change the size. Everybody takes a turn in each round, so that whatever else the
//! machine does falls on all of them, and everybody is compared with the limit of the same round. Before the first round,
//! all answers are compared, and must be equal.

mod data;
mod engines;
mod frames;
mod generation;
mod limit;
mod naive;
mod ours;
mod rounds;
mod worker;

use data::Data;
use outflow::simulate::Threads;
use rounds::{Contestant, Size};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| args.iter().any(|a| a == word);
    let number = |word: &str| {
        let value = args.iter().position(|a| a == word).and_then(|i| args.get(i + 1));
        value.map(|text| text.parse::<u64>().unwrap_or_else(|_| panic!("{word} takes a number, not {text}")))
    };
    // Without `--bench`, this is `cargo test --benches`, which wants to know whether it works.
    let quick = has("--quick") || !has("--bench") && !has(worker::FLAG);
    let size = Size {
        people: number("--people").unwrap_or(if quick { 20_000 } else { 1_000_000 }),
        rounds: number("--rounds").unwrap_or(if quick { 1 } else { 9 }) as usize,
        quick,
    };
    if has(worker::FLAG) {
        return worker::serve(&size);
    }
    if has("generation") || !has("filter") {
        let contestants = generation::contestants(&size);
        rounds::run("Generation, one core", contestants, &size);
    }
    if has("filter") || !has("generation") {
        filter(&size);
    }
}

fn filter(size: &Size) {
    let data = Data::new(size.people);
    let expected = naive::answer(&data, &Threads::start(1));
    println!("\n{}", data.describe());
    println!("{}", data.table(&expected));
    let mut contestants: Vec<Contestant> = Vec::new();
    for threads in [1, 2] {
        contestants.push(limit::read(&data, threads));
    }
    for threads in [1, 2] {
        contestants.push(ours::exposure(&data, &expected, threads));
    }
    contestants.push(ours::decisions(&data, &expected));
    for threads in [1, 2] {
        contestants.push(naive::contestant(&data, &expected, threads));
    }
    for threads in [1, 2] {
        contestants.push(worker::polars(&data, &expected, size, threads));
    }
    contestants.push(engines::cedar(&data, if size.quick { 50 } else { 2_000 }));
    contestants.push(engines::rego(&data, if size.quick { 20 } else { 200 }));
    contestants.push(engines::rego_vm(&data, if size.quick { 20 } else { 200 }));
    rounds::run("Filter: three policies, three purposes", contestants, size);
}
