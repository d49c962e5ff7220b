//! What the memory of this machine allows, in this process, now.

use std::hint::black_box;

use outflow::simulate::Threads;

use crate::data::Data;
use crate::rounds::Contestant;

/// Reading the nine bytes of each event: actor, target, kind. The sums are those that vectorise best on any machine.
pub fn read(data: &Data, threads: usize) -> Contestant<'_> {
    let pool = Threads::start(threads);
    let given = &data.given;
    let length = given.kind.len().div_ceil(pool.count());
    let sum = move |from: usize| {
        let to = (from + length).min(given.kind.len());
        let words = |column: &[u32]| column[from..to].iter().fold(0u32, |sum, x| sum.wrapping_add(*x));
        let bytes = given.kind[from..to].iter().fold(0u8, |sum, x| sum.wrapping_add(*x));
        black_box((words(&given.actor), words(&given.target), bytes));
    };
    let work = move || drop(pool.each(|thread| sum(thread * length)));
    Contestant::new("reading the same 9 bytes an event", threads, data.events(), work).into_limit()
}
