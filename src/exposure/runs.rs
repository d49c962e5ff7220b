//! Runs of events with the same actor and the same target, found and added.
//!
//! The portable twin is what the kernel with AVX-512 must compute; a test holds them equal. It has code of its own (see `vector`), as there is no
//! plain loop that compilers turn into a compression of positions. With the kernel the filter of the bench beside others is more than twice
//! as fast as with the twin (`docs/PERFORMANCE.md`).
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::simd::InstructionSet;
use crate::simd::kernel;
use crate::traffic::Batch;

/// Copies of the cells, so that a run's count does not wait for that of the run before.
pub const LANES: usize = 4;
/// Events whose runs are found before they are added.
const CHUNK: usize = 256;

/// Cells of a lane. One more line, lest the same cell of two lanes look like the same address in its low bits.
pub const fn lane(classes: usize) -> usize {
    classes * classes + 8
}

/// A byte for each slot, by plane: first the class, then flags.
///
/// Planes lie apart by other than a multiple of 4,096 bytes: a load whose address has the low bits of a store before it would wait for
/// the store, and it is often the same person who is looked up next.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    bytes: Vec<u8>,
    slots: usize,
    apart: usize,
    classes: usize,
}

impl Slots {
    /// Most classes.
    pub const MOST: usize = 1 << 8;

    /// Takes these classes, of so many, and no flags, of so many.
    pub fn fill(&mut self, class: &[u16], classes: usize, flags: usize) {
        (self.slots, self.classes, self.apart) = (0, classes, class.len().next_multiple_of(4096) + 832);
        self.bytes.clear();
        self.bytes.resize((1 + flags) * self.apart, 0);
        let largest = narrow(class, &mut self.bytes);
        assert!(usize::from(largest) < classes && classes <= Self::MOST, "a class that there is not");
        self.slots = class.len();
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Class of a slot.
    pub fn class(&self, slot: u32) -> usize {
        usize::from(self.bytes[slot as usize])
    }

    /// Where the flags of this number begin.
    pub fn place(&self, flag: usize) -> u32 {
        ((1 + flag) * self.apart) as u32
    }

    /// Flags of this number.
    pub fn flags(&self, flag: usize) -> &[u8] {
        &self.bytes[self.place(flag) as usize..][..self.slots]
    }
}

/// Classes as bytes. Returns the largest.
#[kernel]
fn narrow(class: &[u16], bytes: &mut [u8]) -> u16 {
    let mut largest = 0;
    for (byte, &class) in bytes.iter_mut().zip(class) {
        largest = largest.max(class);
        *byte = class as u8;
    }
    largest
}

/// Sets the flags of those who are told something; `counterparty_mark` has their place by class of the actor. If there are `cells`, adds events to
/// them by class of the actor and class of the target, and sets the flags of those who act, which come first.
pub fn count(batch: &Batch, slots: &mut Slots, counterparty_mark: &[u32], cells: Option<&mut [u64]>) {
    #[cfg(target_arch = "x86_64")]
    if InstructionSet::current() == InstructionSet::Avx512 {
        // SAFETY: this processor has the instructions.
        return unsafe { wide::count(batch, slots, counterparty_mark, cells) };
    }
    portable(batch, slots, counterparty_mark, cells);
}

/// Counts bytes that are equal to each of `numbers`.
pub fn histogram<const N: usize>(bytes: &[u8], numbers: [u8; N]) -> [u64; N] {
    #[cfg(target_arch = "x86_64")]
    if InstructionSet::current() == InstructionSet::Avx512 {
        // SAFETY: this processor has the instructions.
        return unsafe { wide::histogram(bytes, numbers) };
    }
    numbers.map(|number| bytes.chunks(255).map(|bytes| u64::from(equal(bytes, number))).sum())
}

/// How many of at most 255 bytes are equal to a number.
fn equal(bytes: &[u8], number: u8) -> u8 {
    bytes.iter().map(|&byte| u8::from(byte == number)).sum()
}

/// The portable twin of [`count`].
fn portable(batch: &Batch, slots: &mut Slots, counterparty_mark: &[u32], mut cells: Option<&mut [u64]>) {
    let n = batch.kind.len();
    let (actor, target) = (&batch.actor[..n], &batch.target[..n]);
    let (apart, classes, lane) = (slots.apart, slots.classes, lane(slots.classes));
    let (class, flags) = slots.bytes.split_at_mut(apart);
    let class = &class[..slots.slots];
    let mut ends = [0u32; CHUNK];
    for (actor, target) in actor.chunks(CHUNK).zip(target.chunks(CHUNK)) {
        let last = actor.len() - 1;
        let mut runs = 0;
        for i in 0..last {
            ends[runs] = i as u32;
            runs += usize::from((actor[i] != actor[i + 1]) | (target[i] != target[i + 1]));
        }
        ends[runs] = last as u32;
        let mut before = u32::MAX;
        for (i, &end) in ends[..=runs].iter().enumerate() {
            let (a, t) = (actor[end as usize] as usize, target[end as usize] as usize);
            let (of_actor, of_target) = (usize::from(class[a]), usize::from(class[t]));
            if let Some(cells) = &mut cells {
                cells[i % LANES * lane + of_actor * classes + of_target] += u64::from(end.wrapping_sub(before));
                flags[a] = 1;
            }
            flags[counterparty_mark[of_actor] as usize - apart + t] = 1;
            before = end;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::*;
    use std::arch::x86_64::*;

    /// Events compared at once.
    const WIDTH: usize = 16;
    /// How many events ahead of those that are added columns are fetched.
    const AHEAD: usize = CHUNK + CHUNK / 2;

    /// Last events of runs, and room for what is stored after the last of them.
    type Ends = [u32; CHUNK + 2 * WIDTH];

    /// See [`super::count`].
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    pub fn count(batch: &Batch, slots: &mut Slots, counterparty_mark: &[u32], cells: Option<&mut [u64]>) {
        let n = batch.kind.len();
        let (actor, target) = (&batch.actor[..n], &batch.target[..n]);
        let places = slots.apart..=slots.bytes.len() - slots.apart;
        assert!(
            counterparty_mark.len() == slots.classes
                && counterparty_mark.iter().all(|&place| places.contains(&(place as usize)))
        );
        assert!(cells.as_ref().is_none_or(|cells| cells.len() >= LANES * lane(slots.classes)));
        let one = counterparty_mark.iter().all(|place| *place == counterparty_mark[0]);
        let cells = cells.map(|cells| cells.as_mut_ptr());
        touch(&batch.actor);
        touch(&batch.target);
        touch(&batch.kind);
        let mut ends: Ends = [0; CHUNK + 2 * WIDTH];
        let mut from = 0;
        for (a, t) in actor.chunks(CHUNK).zip(target.chunks(CHUNK)) {
            let (runs, most) = find(a, t, &mut ends);
            assert!((most as usize) < slots.slots, "a slot that there is not");
            from += a.len();
            let kind = batch.kind.as_ptr().wrapping_add(from - a.len());
            let ahead = if from < n { AHEAD } else { 0 };
            let at = ChunkRuns { actor: a.as_ptr(), target: t.as_ptr(), kind, ahead, ends: &ends, runs };
            // SAFETY: lengths were compared, slots are less than their number, and classes less than theirs.
            unsafe {
                match (cells, one) {
                    (Some(cells), true) => add::<true>(&at, slots, counterparty_mark, cells),
                    (Some(cells), false) => add::<false>(&at, slots, counterparty_mark, cells),
                    (None, _) => tell(&at, slots, counterparty_mark),
                }
            }
        }
    }

    /// Fetches a line of each page, so that no page is looked for later.
    #[inline]
    fn touch<T>(column: &[T]) {
        const PAGE: usize = 4096;
        let bytes = column.as_ptr().cast::<i8>();
        for at in (0..size_of_val(column)).step_by(PAGE).chain(size_of_val(column).checked_sub(1)) {
            // SAFETY: reads nothing.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(bytes.wrapping_add(at)) };
        }
    }

    /// Counts bytes that are equal to each of `numbers`.
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    pub fn histogram<const N: usize>(bytes: &[u8], numbers: [u8; N]) -> [u64; N] {
        let mut counts = [0; N];
        for row in bytes.chunks(64) {
            let here = u64::MAX >> (64 - row.len());
            // SAFETY: what is not in the row is masked.
            let row = unsafe { _mm512_maskz_loadu_epi8(here, row.as_ptr().cast()) };
            for (count, number) in counts.iter_mut().zip(numbers) {
                let equal = _mm512_mask_cmpeq_epi8_mask(here, row, _mm512_set1_epi8(number as i8));
                *count += u64::from(equal.count_ones());
            }
        }
        counts
    }

    /// Finds the last events of runs. Returns how many there are, and the largest slot. The last one is repeated up to a multiple
    /// of [`LANES`].
    #[inline]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    fn find(actor: &[u32], target: &[u32], ends: &mut Ends) -> (usize, u32) {
        let n = actor.len();
        assert!(0 < n && n <= CHUNK && n == target.len());
        let (a, t, out) = (actor.as_ptr(), target.as_ptr(), ends.as_mut_ptr());
        let mut at = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        let mut most = _mm512_setzero_si512();
        let (mut i, mut runs) = (0, 0);
        // SAFETY: columns are read below `n`, as `i + WIDTH < n`, or masked. No more ends are found than events, so what is
        // stored is within the room for `CHUNK` of them and two vectors.
        unsafe {
            while i + WIDTH < n {
                let (a0, t0) = (_mm512_loadu_si512(a.add(i).cast()), _mm512_loadu_si512(t.add(i).cast()));
                let (a1, t1) = (_mm512_loadu_si512(a.add(i + 1).cast()), _mm512_loadu_si512(t.add(i + 1).cast()));
                most = _mm512_max_epu32(most, _mm512_max_epu32(a0, t0));
                let end = differ(a0, a1, t0, t1);
                _mm512_storeu_si512(out.add(runs).cast(), _mm512_maskz_compress_epi32(end, at));
                runs += end.count_ones() as usize;
                at = _mm512_add_epi32(at, _mm512_set1_epi32(WIDTH as i32));
                i += WIDTH;
            }
            // From 1 to 16 events are left; the last one ends a run.
            let here = u16::MAX >> (WIDTH - (n - i));
            let next = here >> 1;
            let (a0, t0) =
                (_mm512_maskz_loadu_epi32(here, a.add(i).cast()), _mm512_maskz_loadu_epi32(here, t.add(i).cast()));
            let (a1, t1) = (a.wrapping_add(i + 1), t.wrapping_add(i + 1));
            let (a1, t1) = (_mm512_maskz_loadu_epi32(next, a1.cast()), _mm512_maskz_loadu_epi32(next, t1.cast()));
            most = _mm512_max_epu32(most, _mm512_max_epu32(a0, t0));
            let end = differ(a0, a1, t0, t1) & next | here ^ next;
            _mm512_storeu_si512(out.add(runs).cast(), _mm512_maskz_compress_epi32(end, at));
            runs += end.count_ones() as usize;
            _mm512_storeu_si512(out.add(runs).cast(), _mm512_set1_epi32(n as i32 - 1));
        }
        (runs, _mm512_reduce_max_epu32(most))
    }

    /// Which events differ from the next ones.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn differ(a0: __m512i, a1: __m512i, t0: __m512i, t1: __m512i) -> u16 {
        // `a0 ^ a1 | t0 ^ t1`
        let differs = _mm512_ternarylogic_epi32(_mm512_xor_si512(a0, a1), t0, t1, 0xf6);
        _mm512_test_epi32_mask(differs, differs)
    }

    /// A chunk, and its runs.
    struct ChunkRuns<'a> {
        actor: *const u32,
        target: *const u32,
        kind: *const u8,
        ahead: usize,
        ends: &'a Ends,
        runs: usize,
    }

    /// Adds runs to cells and sets flags. `ONE`: whoever acts, there is one flag for being told something.
    ///
    /// # Safety
    /// Ends are numbers of events, actors and targets slots; places are those of flags, for each class; cells are those of all lanes.
    #[inline(never)]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    unsafe fn add<const ONE: bool>(at: &ChunkRuns, slots: &mut Slots, counterparty_mark: &[u32], cells: *mut u64) {
        let ChunkRuns { actor, target, kind, ahead, ends, runs } = *at;
        let (classes, lane, ends) = (slots.classes, lane(slots.classes), ends.as_ptr());
        let (bytes, counterparty_mark) = (slots.bytes.as_mut_ptr(), counterparty_mark.as_ptr());
        let mut before = u32::MAX;
        // SAFETY: the caller's. Fetching ahead reads nothing.
        unsafe {
            let (acted, heard) = (bytes.add(slots.apart), bytes.add(*counterparty_mark as usize));
            let mut i = 0;
            while i < runs {
                // Memory is slower than all that is done here, unless it is asked in time, and evenly.
                let later = *ends.add(i) as usize + ahead;
                _mm_prefetch::<_MM_HINT_T0>(actor.wrapping_add(later).cast());
                _mm_prefetch::<_MM_HINT_T0>(target.wrapping_add(later).cast());
                if i % (4 * LANES) == 0 {
                    _mm_prefetch::<_MM_HINT_T0>(kind.wrapping_add(later).cast());
                }
                for copy in 0..LANES {
                    let end = *ends.add(i + copy);
                    let (a, t) = (*actor.add(end as usize) as usize, *target.add(end as usize) as usize);
                    let of_actor = usize::from(*bytes.add(a));
                    let cell = of_actor * classes + usize::from(*bytes.add(t));
                    *cells.add(copy * lane + cell) += u64::from(end.wrapping_sub(before));
                    *acted.add(a) = 1;
                    if ONE {
                        *heard.add(t) = 1;
                    } else {
                        *bytes.add(*counterparty_mark.add(of_actor) as usize + t) = 1;
                    }
                    before = end;
                }
                i += LANES;
            }
        }
    }

    /// Sets flags of those who are told something.
    ///
    /// # Safety
    /// As for [`add`].
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    unsafe fn tell(at: &ChunkRuns, slots: &mut Slots, counterparty_mark: &[u32]) {
        let (bytes, counterparty_mark) = (slots.bytes.as_mut_ptr(), counterparty_mark.as_ptr());
        for &end in &at.ends[..at.runs] {
            // SAFETY: the caller's.
            unsafe {
                let (a, t) = (*at.actor.add(end as usize) as usize, *at.target.add(end as usize) as usize);
                *bytes.add(*counterparty_mark.add(usize::from(*bytes.add(a))) as usize + t) = 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::traffic::{Event, Shape};

    /// What counts.
    type Count = fn(&Batch, &mut Slots, &[u32], Option<&mut [u64]>);

    /// Events between few people, in runs.
    fn batch(seed: u64, n: usize) -> Batch {
        let mut batch = Batch::new(Shape::Pair, n);
        let stream = Stream::new(seed);
        let (mut actor, mut target) = (0, 1);
        for i in 0..n {
            let word = stream.at(i as u64);
            match word % 8 {
                0 => actor = (word >> 8) as u32 % 50,
                1 => target = (word >> 8) as u32 % 50,
                2 | 3 => (actor, target) = (target, actor),
                _ => {}
            }
            batch.push(Event { time: 0, actor, target, kind: 0, bytes: 0, conversation: 0 });
        }
        batch
    }

    #[test]
    fn the_kernel_counts_as_its_twin() {
        let class: Vec<u16> = (0..50).map(|i| i * i % 7).collect();
        for counterparty_mark in [[1; 7], [1, 2, 1, 3, 1, 1, 2]] {
            for n in [0, 1, 2, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1000, 2048] {
                let batch = batch(n as u64, n);
                for here in [true, false] {
                    let counted = |count: Count| {
                        let (mut slots, mut cells) = (Slots::default(), vec![0; LANES * lane(7)]);
                        slots.fill(&class, 7, 4);
                        let counterparty_mark = counterparty_mark.map(|flag| slots.place(flag));
                        count(&batch, &mut slots, &counterparty_mark, here.then_some(&mut cells[..]));
                        let cell = |i: usize| (0..LANES).map(|l| cells[l * lane(7) + i]).sum::<u64>();
                        (slots.bytes, (0..lane(7)).map(cell).collect::<Vec<u64>>())
                    };
                    let plain = counted(portable);
                    assert_eq!(plain.1.iter().sum::<u64>(), if here { n as u64 } else { 0 });
                    assert_eq!(plain, counted(count), "{n} events");
                }
            }
        }
    }

    #[test]
    fn bytes_are_counted() {
        for n in [0, 1, 63, 64, 65, 255, 256, 2048, 20_003] {
            let bytes: Vec<u8> = (0..n).map(|i| (i * i % 7) as u8).collect();
            let expected = [0, 2, 5].map(|number| bytes.iter().filter(|b| **b == number).count() as u64);
            assert_eq!(histogram(&bytes, [0, 2, 5]), expected);
        }
    }

    #[test]
    #[should_panic(expected = "a class")]
    fn a_class_that_there_is_not() {
        Slots::default().fill(&[0, 7, 0], 7, 1);
    }

    #[test]
    #[should_panic]
    fn a_slot_that_there_is_not() {
        let mut batch = batch(1, 100);
        batch.target[70] = 50;
        let mut slots = Slots::default();
        slots.fill(&[0; 50], 1, 2);
        let counterparty_mark = [slots.place(1)];
        count(&batch, &mut slots, &counterparty_mark, None);
    }
}
