//! Values that are alike to whoever asks, as one.

use std::collections::HashMap;
use std::hash::Hash;

/// Values of a dimension that are alike.
pub struct Alike {
    /// Members of each class.
    pub members: Vec<Vec<usize>>,
}

impl Alike {
    /// Classes of values with the same key, in the order of their first.
    pub fn new<K: Hash + Eq>(values: impl IntoIterator<Item = usize>, key: impl Fn(usize) -> K) -> Self {
        let mut number: HashMap<K, usize> = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for value in values {
            let next = members.len();
            let class = *number.entry(key(value)).or_insert(next);
            if class == next {
                members.push(Vec::new());
            }
            members[class].push(value);
        }
        Alike { members }
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// First member of a class.
    pub fn first(&self, class: usize) -> usize {
        self.members[class][0]
    }

    /// Members of some classes, in order.
    pub fn all(&self, classes: &[usize]) -> Vec<usize> {
        let mut values: Vec<usize> = classes.iter().flat_map(|&c| self.members[c].iter().copied()).collect();
        values.sort_unstable();
        values
    }
}
