//! Instructions that each kernel takes, counted by valgrind: figures that do not depend on what else the machine does.
//!
//!     cargo install gungraun-runner --version 0.20.0
//!     cargo bench -p outflow-peers --bench instructions
//!
//! The versions of the runner and of the library must be equal, and valgrind must be installed. A second run prints what changed
//! since the first. Valgrind runs instructions that any machine of the kind has, so this counts the portable path,
//! and it counts instructions, not time: a cache that is missed costs nothing here. Counts repeat exactly; only what looks up
//! sets of classes in a table with random keys (`observe audiences`) differs by a few in ten thousand.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use gungraun::prelude::*;
use outflow::exposure::DayExposure;
use outflow::policy::{Decisions, Filter};
use outflow::population::Community;
use outflow::random::{Domain, Key, Stream};
use outflow::scenario::{Overrides, load};
use outflow::simulate::Simulation;
use outflow::traffic::{Batch, Shape, Sink, Traffic};

/// Gives memory out and never takes it back, in whole cache lines. Tables of hashes with random keys free what they hold
/// in another order in each run, after which the system's allocator gives other addresses out, and the same copy takes a few
/// instructions more or less.
struct Lines {
    next: AtomicUsize,
    end: AtomicUsize,
}

const CHUNK: usize = 1 << 26;

// SAFETY: ranges that are given out lie in chunks that nobody frees, and none is given out twice: the process has one
// thread.
unsafe impl GlobalAlloc for Lines {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (size, align) = (layout.size().next_multiple_of(64), layout.align().max(64));
        let mut at = self.next.load(Relaxed).next_multiple_of(align);
        if at + size > self.end.load(Relaxed) {
            let chunk = CHUNK.max(size + align);
            // SAFETY: the size is not zero, and the alignment is a power of two.
            at = unsafe { System.alloc(Layout::from_size_align_unchecked(chunk, align.max(4096))) } as usize;
            if at == 0 {
                return std::ptr::null_mut();
            }
            self.end.store(at + chunk, Relaxed);
        }
        self.next.store(at + size, Relaxed);
        at as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static MEMORY: Lines = Lines { next: AtomicUsize::new(0), end: AtomicUsize::new(0) };

/// A community of some hundred people, so that valgrind takes seconds; the kernels do the same for each event as in a
/// large one.
struct Small {
    run: &'static Simulation,
    community: Community,
}

fn small() -> Small {
    let overrides = Overrides {
        people: Some(3_000),
        days: Some(1),
        set: vec!["world.community_size=512".into()],
        ..Overrides::default()
    };
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/cnil-2017.toml"));
    let scenario = match load(path, &overrides) {
        Ok((scenario, _)) => scenario,
        Err(problems) => panic!("{problems}"),
    };
    // The process measures one thing and ends: it may keep all.
    let run: &'static Simulation = Box::leak(Box::new(Simulation::new(&scenario)));
    let layout = &run.population.layout;
    let number = (0..layout.communities()).max_by_key(|&c| layout.shape(c).users).expect("a community");
    let mut community = Community::empty();
    community.fill(&run.population, number);
    Small { run, community }
}

/// Counts events and lets the batches go.
struct Count(u64);

impl Sink for Count {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.0 += batch.len() as u64;
        black_box(batch);
    }
}

/// Keeps the batches.
struct Keep(Vec<Batch>);

impl Sink for Keep {
    fn batch(&mut self, _: &Community, _: u32, batch: &Batch) {
        self.0.push(batch.clone());
    }
}

fn batches(small: &Small, keep: impl Fn(Shape) -> bool) -> Vec<Batch> {
    let mut all = Keep(Vec::new());
    Traffic::new(&small.run.population, &small.run.tables).day(&small.community, 0, &mut all);
    all.0.retain(|b| keep(b.shape));
    all.0
}

/// Traffic that made a day already: its buffers are there.
fn traffic() -> (Traffic<'static>, Community) {
    let Small { run, community, .. } = small();
    let mut traffic = Traffic::new(&run.population, &run.tables);
    traffic.day(&community, 0, &mut Count(0));
    traffic.begin();
    (traffic, community)
}

#[library_benchmark(setup = traffic)]
#[bench::community_day()]
fn generate((mut traffic, community): (Traffic<'static>, Community)) -> (u64, Traffic<'static>, Community) {
    let mut count = Count(0);
    traffic.day(black_box(&community), 0, &mut count);
    (count.0, traffic, community)
}

#[library_benchmark]
#[bench::community(small())]
fn people_and_ties(mut small: Small) -> Small {
    let number = small.community.shape.number;
    small.community.fill(&small.run.population, black_box(number));
    small
}

/// A filter of a policy, batches, and the class of each slot.
type Filtering = (Filter, Vec<Batch>, Vec<u16>, Decisions);

fn filtering(shape: Shape) -> Filtering {
    let small = small();
    let batches = batches(&small, |s| s == shape);
    let class: Vec<u16> =
        small.community.columns.class.iter().map(|&c| small.run.compiled.merged[usize::from(c)]).collect();
    let filter = Filter::new(&small.run.compiled, 0, 0);
    let mut decisions = Decisions::default();
    for batch in &batches {
        filter.apply(batch, &class, &mut decisions);
    }
    (filter, batches, class, decisions)
}

#[library_benchmark(setup = filtering)]
#[bench::pairs(Shape::Pair)]
#[bench::audiences(Shape::Audience)]
fn filter((filter, batches, class, mut decisions): Filtering) -> Filtering {
    for batch in &batches {
        filter.apply(black_box(batch), &class, &mut decisions);
    }
    (filter, batches, class, decisions)
}

/// Counters turned to a day of the community, and what happens on it.
type Observing = (DayExposure<'static, 'static>, Vec<Batch>);

fn observing(shape: Shape) -> Observing {
    let small = small();
    let batches = batches(&small, |s| s == shape);
    // The process measures one thing and ends: it may keep all.
    let (exposure, community) = (Box::leak(Box::new(small.run.exposure())), Box::leak(Box::new(small.community)));
    (Box::leak(Box::new(exposure.community(community))).day(0, false), batches)
}

#[library_benchmark(setup = observing)]
#[bench::pairs(Shape::Pair)]
#[bench::incoming(Shape::Incoming)]
#[bench::audiences(Shape::Audience)]
fn observe((mut day, batches): Observing) -> Observing {
    for batch in &batches {
        day.observe(black_box(batch));
    }
    (day, batches)
}

fn observed() -> Observing {
    let (mut day, batches) = observing(Shape::Pair);
    for batch in &batches {
        day.observe(batch);
    }
    (day, batches)
}

// What a day costs once, whatever it holds: policies applied to what was tallied.
#[library_benchmark(setup = observed)]
#[bench::pairs()]
fn end_day((day, batches): Observing) -> Vec<Batch> {
    day.end();
    batches
}

// A thousand, so that the call does not count.
#[library_benchmark]
#[bench::thousand(Key::new(42, 0))]
fn philox_block(key: Key) -> u64 {
    (0..1000).fold(0, |sum, i| sum ^ key.block(Domain::Person, black_box(i), 0, 0)[0])
}

#[library_benchmark]
#[bench::thousand(Stream::new(42))]
fn stream_word(stream: Stream) -> u64 {
    (0..1000).fold(0, |sum, i| sum ^ stream.at(black_box(i)))
}

library_benchmark_group!(name = random, benchmarks = [philox_block, stream_word]);
library_benchmark_group!(name = line, benchmarks = [people_and_ties, generate, filter, observe, end_day]);

main!(library_benchmark_groups = [random, line]);
