//! Members of an audience, written in vectors.

use crate::population::Book;
use crate::simd::kernel;

/// So many members are written at a time, so that up to so many are written too many.
pub const MORE: usize = 16;

/// Writes the entries of an address book, as [`Book::entries`] gives them.
pub fn write_book(book: &Book, to: &mut [u32]) {
    let mut at = 0;
    for singles in [&book.elsewhere, &book.singles] {
        to[at..at + singles.len()].copy_from_slice(singles);
        at += singles.len();
    }
    stretches(&book.ranges, &mut to[at..]);
}

/// Writes the first `n` of seats. There may be more, of others.
#[kernel]
pub fn write_seats(seats: &[u16], n: usize, to: &mut [u32]) {
    let whole = n.next_multiple_of(MORE);
    if whole <= seats.len() && whole <= to.len() {
        for (to, from) in to[..whole].chunks_exact_mut(MORE).zip(seats[..whole].chunks_exact(MORE)) {
            for (to, &from) in to.iter_mut().zip(from) {
                *to = from.into();
            }
        }
    } else {
        for (to, &from) in to[..n].iter_mut().zip(&seats[..n]) {
            *to = from.into();
        }
    }
}

/// Writes all of each stretch.
#[kernel]
fn stretches(ranges: &[(u32, u32)], to: &mut [u32]) {
    let mut at = 0;
    for &(from, until) in ranges {
        let n = (until - from) as usize;
        for (chunk, to) in to[at..][..n.next_multiple_of(MORE)].chunks_exact_mut(MORE).enumerate() {
            let first = from + (chunk * MORE) as u32;
            for (i, to) in (0..).zip(to) {
                *to = first + i;
            }
        }
        at += n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_those_of_the_book_and_of_the_seats() {
        let ranges = vec![(3, 4), (100, 133), (50, 50)];
        let book = Book { elsewhere: vec![7, 9], singles: vec![1], ranges };
        let mut to = vec![0; book.len() + MORE];
        write_book(&book, &mut to);
        assert_eq!(to[..book.len()], book.entries().collect::<Vec<u32>>());
        let seats: Vec<u16> = (0..40).collect();
        for (n, of) in [(3, 40), (20, 40), (20, 20), (0, 0), (16, 16)] {
            write_seats(&seats[..of], n, &mut to);
            assert!(to[..n].iter().zip(&seats).all(|(&member, &seat)| member == u32::from(seat)));
        }
    }
}
