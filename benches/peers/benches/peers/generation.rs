//! Making events and rows, on one core.
//!
//! What is made differs: an event of ours is six columns of 25 bytes that fit a world of people, ties and habits; a Nexmark event
//! is a struct with strings of its own; a row of TPC-H is a struct of numbers and strings that are borrowed. So the
//! figures say what a generator costs, not which one is better. The limit is what columns of 25 bytes cost that say nothing.

use std::hint::black_box;

use nexmark::EventGenerator;
use nexmark::config::NexmarkConfig;
use outflow::population::Community;
use outflow::random::{Domain, Key, Stream};
use outflow::simulate::Simulation;
use outflow::traffic::{Batch, Shape, Sink, Traffic};
use tpchgen::generators::LineItemGenerator;

use crate::data::scenario;
use crate::rounds::{Contestant, Size};

/// Counts events and lets the batches go.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        // These belong to the actor's community, and are counted there. They are made here all the same.
        if batch.shape != Shape::Incoming {
            self.0 += batch.len() as u64;
        }
        black_box(batch);
    }
}

/// Everybody of this part.
pub fn contestants(size: &Size) -> Vec<Contestant<'static>> {
    let n: u64 = if size.quick { 10_000 } else { 2_000_000 };
    let events = if size.quick { 100_000 } else { 8_000_000 };
    vec![
        write("writing 25 bytes an event to memory", events, 1).into_limit(),
        write("writing 25 bytes an event to one batch, again and again", 2048, events / 2048),
        ours(size.people),
        nexmark(n).without_limit(),
        line_items(n).without_limit(),
        Contestant::new("a Philox block, four numbers", 1, n, move || {
            let key = Key::new(black_box(42), 0);
            black_box((0..n).fold(0, |sum, i| sum ^ key.block(Domain::Person, i, 0, 0)[0]));
        })
        .without_limit(),
        Contestant::new("a number of a stream, any order", 1, 16 * n, move || {
            let stream = Stream::new(black_box(42));
            black_box((0..16 * n).fold(0, |sum, i| sum ^ stream.at(i)));
        })
        .without_limit(),
        Contestant::new("a number of a stream, each on its own", 1, 16 * n, move || {
            let stream = Stream::new(black_box(42));
            // The box keeps numbers from being worked out side by side.
            black_box((0..16 * n).fold(0, |sum, i| sum ^ stream.at(black_box(i))));
        })
        .without_limit(),
    ]
}

/// The columns of `events` events written so many times.
fn write(name: &str, events: u64, times: u64) -> Contestant<'static> {
    let n = events as usize;
    let mut words: [Vec<u32>; 4] = std::array::from_fn(|_| vec![1; n]);
    let (mut bytes, mut longs) = (vec![1u8; n], vec![1u64; n]);
    let mut value = 0u8;
    Contestant::new(name, 1, events * times, move || {
        for _ in 0..times {
            value = black_box(value.wrapping_add(1));
            words.iter_mut().for_each(|column| column.fill(u32::from(value)));
            bytes.fill(value);
            longs.fill(u64::from(value));
            black_box((&words, &bytes, &longs));
        }
    })
}

/// All events of a community's day, people and ties made beforehand.
fn ours(people: u64) -> Contestant<'static> {
    let scenario = scenario(people);
    // Lives as long as the program: traffic borrows it.
    let run: &'static Simulation = Box::leak(Box::new(Simulation::new(&scenario)));
    let mut community = Community::empty();
    // The one with the most users.
    let layout = &run.population.layout;
    let number = (0..layout.communities()).max_by_key(|&c| layout.shape(c).users).expect("a community");
    community.fill(&run.population, number);
    let mut traffic = Traffic::new(&run.population, &run.tables);
    let mut day = move || {
        let mut count = Count::default();
        traffic.begin();
        traffic.day(&community, 0, &mut count);
        count.0
    };
    let events = day();
    Contestant::new("outflow, all events of a community's day", 1, events, move || {
        black_box(day());
    })
}

/// Persons, auctions and bids in the proportions of the benchmark.
fn nexmark(n: u64) -> Contestant<'static> {
    Contestant::new("nexmark 0.2, events", 1, n, move || {
        let config = NexmarkConfig { base_time: 1_511_740_800_000, ..NexmarkConfig::default() };
        let mut generator = EventGenerator::new(config);
        for _ in 0..n {
            black_box(generator.next());
        }
    })
}

/// The rows of the largest table.
fn line_items(n: u64) -> Contestant<'static> {
    let rows = n as usize;
    Contestant::new("tpchgen 4, rows of lineitem", 1, n, move || {
        for row in LineItemGenerator::new(1.0, 1, 1).iter().take(rows) {
            black_box(row);
        }
    })
}
