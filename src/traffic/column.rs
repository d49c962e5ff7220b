//! A column whose room is never cleared, so that what is to be overwritten need not be written twice.

use std::ops::{Deref, DerefMut};

/// Values that more may follow; reads as a slice of them.
#[derive(Debug, Default)]
pub struct Column<T> {
    /// What is behind `len` has no meaning.
    room: Vec<T>,
    len: usize,
}

impl<T: Copy + Default> Column<T> {
    /// An empty column with room for so many values.
    pub fn with_capacity(capacity: usize) -> Self {
        Column { room: vec![T::default(); capacity], len: 0 }
    }

    /// Adds a value.
    #[inline(always)]
    pub fn push(&mut self, value: T) {
        if self.len == self.room.len() {
            self.make_room(1);
        }
        self.room[self.len] = value;
        self.len += 1;
    }

    /// Drops all values, keeps the room.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Keeps the first `len` values.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Room for `n` values behind the last one, to be written and then kept by [`Column::advance`].
    #[inline]
    pub fn spare(&mut self, n: usize) -> &mut [T] {
        if self.room.len() - self.len < n {
            self.make_room(n);
        }
        &mut self.room[self.len..self.len + n]
    }

    /// Keeps the first `n` values of the room behind the last one.
    ///
    /// # Panics
    /// If there is no such room.
    #[inline]
    pub fn advance(&mut self, n: usize) {
        assert!(n <= self.room.len() - self.len);
        self.len += n;
    }

    #[cold]
    fn make_room(&mut self, n: usize) {
        // A little more than a power of two, so that columns do not all lie in the same few lines of the cache.
        self.room.resize((self.len + n).next_power_of_two() + 80, T::default());
    }
}

impl<T: Copy> Clone for Column<T> {
    fn clone(&self) -> Self {
        Column { room: self.to_vec(), len: self.len }
    }
}

impl<T> Deref for Column<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        &self.room[..self.len]
    }
}

impl<T> DerefMut for Column<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.room[..self.len]
    }
}

impl<'a, T> IntoIterator for &'a Column<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dropped_is_no_longer_there() {
        let mut column = Column::with_capacity(2);
        (0..5).for_each(|i| column.push(i));
        column.truncate(3);
        column.spare(4)[1] = 9;
        column.advance(2);
        assert_eq!((column.len(), column[4], column.clone().iter().sum::<i32>()), (5, 9, 3 + column[3] + 9));
        column.clear();
        assert!(column.is_empty());
    }
}
