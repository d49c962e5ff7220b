//! Points of an unfinished sweep that are done: a file each, which outlives the process.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::output::staging::Checkpoints;

/// What a point found: the mean, the ends of the interval, for each row of the table.
pub type Numbers = Vec<[f64; 3]>;

/// Bytes of the digest at the end of a part.
const DIGEST: usize = 32;

/// Where the parts of a sweep are.
#[derive(Clone, Debug)]
pub struct Parts {
    store: Checkpoints,
    /// What sweep they are of, and how many rows a point has.
    about: String,
    rows: usize,
}

/// What lies there of an earlier sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// Points of this sweep.
    Same,
    /// Those of another one, which said this about itself.
    Other(String),
}

/// A part could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("what point {0} found can't be kept: {1}")]
pub struct PartsError(usize, io::Error);

impl Parts {
    /// Those of the sweep that says this about itself, of so many rows a point.
    pub fn new(store: Checkpoints, about: String, rows: usize) -> Self {
        Parts { store, about, rows }
    }

    /// What lies there.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn found(&self) -> io::Result<Found> {
        Ok(match self.store.read()? {
            None => Found::Nothing,
            Some(about) if about == self.about.as_bytes() => Found::Same,
            Some(about) => Found::Other(String::from_utf8_lossy(&about).into_owned()),
        })
    }

    /// Forgets what lies there, and begins anew.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn begin(&self) -> io::Result<()> {
        self.store.forget_parts()?;
        self.store.write(self.about.as_bytes())
    }

    /// Keeps what a point found.
    ///
    /// # Errors
    /// [`PartsError`], if it can't be written.
    pub fn keep(&self, point: usize, numbers: &Numbers) -> Result<(), PartsError> {
        let mut bytes: Vec<u8> = numbers.as_flattened().iter().flat_map(|x| x.to_le_bytes()).collect();
        let digest = self.digest(point, &bytes);
        bytes.extend_from_slice(&digest);
        self.store.write_part(point, &bytes).map_err(|e| PartsError(point, e))
    }

    /// What a point found; `None` if it is not there, or is not what was written: then it is to be done again.
    pub fn read(&self, point: usize) -> Option<Numbers> {
        let bytes = fs::read(self.path(point)).ok()?;
        let (body, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if body.len() != self.rows * 24 || self.digest(point, body) != digest {
            return None;
        }
        let mut numbers = body.as_chunks::<8>().0.iter().map(|x| f64::from_le_bytes(*x));
        let mut next = || numbers.next().unwrap_or(f64::NAN);
        Some((0..self.rows).map(|_| [next(), next(), next()]).collect())
    }

    fn path(&self, point: usize) -> PathBuf {
        self.store.part(point)
    }

    /// Of a part: also of which sweep and point it is.
    fn digest(&self, point: usize, body: &[u8]) -> [u8; DIGEST] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.about.as_bytes()).update(&(point as u64).to_le_bytes()).update(body);
        *hasher.finalize().as_bytes()
    }
}
