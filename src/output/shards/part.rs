//! What a shard counted: as counters, as rows, as bytes.
//!
//! Bytes are those of an Arrow file with a row for each counter that is not 0. They follow from the counters alone: no time, no machine, no thread. That is how
//! they are read, too: what is found in a file is written once more, and must be the file, to the last bit.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::framing::{self, Buffers, MAGIC, Metadata, TAIL};
use super::head::{BEGIN, CounterList, DIGITS, FORMAT, KEY, PartHead};
use crate::exposure::Totals;
use crate::output::tables::{ColumnData, TableError, arrow_file};

/// Longest footer that is looked into to find out whether a file is a part: a scenario has at most 4 MiB, and some more as JSON.
const MOST_FOOTER: u64 = 64 << 20;

/// What a shard counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    head: PartHead,
    rows: Vec<CounterRow>,
}

/// A counter that is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterRow {
    /// Which world.
    pub replicate: u32,
    /// Which list of the head.
    pub list: u32,
    /// Which counter of the list.
    pub index: u64,
    /// What it counted.
    pub value: u64,
}

/// Why bytes are no part that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is another file, or its end is lost.
    #[error("it is no part, or its end is missing")]
    NoPart,
    /// It was changed since it was written.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It has another format.
    #[error("it has the format {0}, and this outflow reads {FORMAT}")]
    Format(String),
    /// Another version of outflow counted.
    #[error("outflow {0} counted it, and this is another version, which may count differently")]
    Version(String),
}

impl Part {
    /// Of what was counted in each replicate. `head` is that of a part without rows.
    pub fn new(head: PartHead, counted: &[Totals]) -> Self {
        let (mut head, mut rows) = (head, Vec::new());
        for (replicate, totals) in (0..).zip(counted) {
            let lists = totals.parts();
            for (list, (_, counts)) in (0..).zip(&lists) {
                let counts = (0..).zip(counts).filter(|(_, value)| **value > 0);
                rows.extend(counts.map(|(index, &value)| CounterRow { replicate, list, index, value }));
            }
            head.counters = lists
                .iter()
                .map(|(name, counts)| CounterList { name: (*name).into(), length: counts.len() as u64 })
                .collect();
        }
        head.rows = rows.len() as u64;
        Part { head, rows }
    }

    /// What it says about itself.
    pub fn head(&self) -> &PartHead {
        &self.head
    }

    /// Its rows, by replicate, list and index.
    pub fn rows(&self) -> &[CounterRow] {
        &self.rows
    }

    /// As an Arrow file.
    ///
    /// # Errors
    /// If the file can't be made.
    pub fn bytes(&self) -> Result<Vec<u8>, TableError> {
        let head = PartHead { digest: "0".repeat(DIGITS), ..self.head.clone() };
        let failed = |reason: String| TableError::new("a part", reason);
        let json = serde_json::to_string(&head).map_err(|e| failed(e.to_string()))?;
        let names: Vec<Arc<str>> = head.counters.iter().map(|list| list.name.as_str().into()).collect();
        let name = |row: &CounterRow| names.get(row.list as usize).cloned().unwrap_or_default();
        let columns = vec![
            ("replicate", ColumnData::U32(self.rows.iter().map(|row| row.replicate).collect())),
            ("counter", ColumnData::Str(self.rows.iter().map(name).collect())),
            ("index", ColumnData::U64(self.rows.iter().map(|row| row.index).collect())),
            ("value", ColumnData::U64(self.rows.iter().map(|row| row.value).collect())),
        ];
        let mut bytes = arrow_file(columns, (KEY, &json))?;
        let place = framing::metadata(&bytes).and_then(|m| m.digest());
        let place = place.ok_or_else(|| failed("its metadata has no place for the digest".into()))?;
        let digest = blake3::hash(&bytes).to_hex();
        bytes[place].copy_from_slice(digest.as_bytes());
        Ok(bytes)
    }

    /// From bytes, if this `version` wrote them.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read(bytes: &[u8], version: &str) -> Result<Self, Unreadable> {
        let damaged = |why: &str| Unreadable::Damaged(why.to_owned());
        let metadata = framing::metadata(bytes).ok_or(Unreadable::NoPart)?;
        if metadata.format() != FORMAT {
            return Err(Unreadable::Format(metadata.format().chars().take(40).collect()));
        }
        if !sealed(bytes, metadata) {
            return Err(damaged("its content is not that of its digest"));
        }
        let head: PartHead = serde_json::from_str(metadata.json).map_err(|e| damaged(&format!("its metadata: {e}")))?;
        if head.version != version {
            return Err(Unreadable::Version(head.version));
        }
        let rows = rows(bytes, &head).ok_or_else(|| damaged("its rows are not those that its metadata tells"))?;
        let ordered = |rows: &[CounterRow]| {
            let place = |row: &CounterRow| (row.replicate, row.list, row.index);
            rows.windows(2).all(|two| place(&two[0]) < place(&two[1])) && rows.iter().all(|row| row.value > 0)
        };
        let part = Part { head, rows };
        // What else a file could hold, between what was read and behind it, outflow does not write.
        if !ordered(&part.rows) || part.bytes().ok().as_deref() != Some(bytes) {
            return Err(damaged("outflow does not write such a part"));
        }
        Ok(part)
    }
}

/// Whether the digest is that of the bytes.
fn sealed(bytes: &[u8], metadata: Metadata) -> bool {
    let Some(place) = metadata.digest() else { return false };
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..place.start]).update(&[b'0'; DIGITS]).update(&bytes[place.end..]);
    hasher.finalize().to_hex().as_bytes() == &bytes[place]
}

/// The rows in the body of a file. `None` if they are not there, or name no list of the head.
fn rows(bytes: &[u8], head: &PartHead) -> Option<Vec<CounterRow>> {
    if head.rows == 0 {
        return Some(Vec::new());
    }
    let n = usize::try_from(head.rows).ok()?;
    let mut buffers = Buffers(framing::body(bytes)?);
    let replicates = buffers.numbers::<4>(n)?;
    let ends = buffers.numbers::<8>(n.checked_add(1)?)?;
    let end = |i: usize| usize::try_from(u64::from_le_bytes(*ends.get(i)?)).ok();
    let names = buffers.take(end(n)?)?;
    let (indices, values) = (buffers.numbers::<8>(n)?, buffers.numbers::<8>(n)?);
    let lists: HashMap<&[u8], u32> = head.counters.iter().map(|list| list.name.as_bytes()).zip(0..).collect();
    (0..n)
        .map(|i| {
            Some(CounterRow {
                replicate: u32::from_le_bytes(replicates[i]),
                list: *lists.get(names.get(end(i)?..end(i + 1)?)?)?,
                index: u64::from_le_bytes(indices[i]),
                value: u64::from_le_bytes(values[i]),
            })
        })
        .collect()
}

/// Whether a file is a part, of whatever format and however damaged in its rows: what may be replaced by another one.
pub fn is_part(path: &Path) -> bool {
    let looked = || {
        let mut file = File::open(path).ok()?;
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).ok()?;
        file.seek(SeekFrom::End(-(TAIL as i64))).ok()?;
        let mut tail = [0; TAIL];
        file.read_exact(&mut tail).ok()?;
        let footer = framing::footer_length(&tail).map(|n| n as u64).filter(|n| *n <= MOST_FOOTER)?;
        file.seek(SeekFrom::End(-(TAIL as i64) - footer as i64)).ok()?;
        let mut bytes = Vec::new();
        file.take(footer).read_to_end(&mut bytes).ok()?;
        Some(&magic == MAGIC && bytes.windows(BEGIN.len()).any(|w| w == BEGIN.as_bytes()))
    };
    looked().unwrap_or(false)
}
