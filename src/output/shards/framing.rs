//! Where things stand in a part's bytes. Only the framing of Arrow files is read here, as its specification has it, and never beyond the end: a
//! reader of everything that Arrow can say believes lengths that a file claims, and ends the process on some.
//!
//! ```text
//! ARROW1.. | schema | head of the batch | body of the batch | end | footer: schema and metadata | length | ARROW1
//! ```

use super::head::{BEGIN, DIGITS};

/// Begins and ends an Arrow file.
pub const MAGIC: &[u8; 6] = b"ARROW1";
/// The magic at the beginning, filled up.
const START: usize = 8;
/// Length of the footer and magic at the end.
pub const TAIL: usize = 10;
/// Buffers begin at multiples of so many bytes.
const ALIGNMENT: usize = 64;

/// The metadata of a part, which begin with [`BEGIN`], and where they stand in the file.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'a> {
    /// JSON.
    pub json: &'a str,
    /// First byte of the JSON in the file.
    pub at: usize,
}

/// The footer's length, as the last bytes of a file tell it; `None` if they are not those of an Arrow file.
pub fn footer_length(tail: &[u8; TAIL]) -> Option<usize> {
    let (length, magic) = tail.split_first_chunk::<4>()?;
    (magic == MAGIC).then(|| u32::from_le_bytes(*length) as usize)
}

/// The metadata of a part; `None` if there is none, because it is another file or is cut short.
pub fn metadata(bytes: &[u8]) -> Option<Metadata<'_>> {
    let (before, tail) = bytes.split_last_chunk::<TAIL>()?;
    let begin = before.len().checked_sub(footer_length(tail)?)?;
    let footer = &before[begin..];
    let in_footer = footer.windows(BEGIN.len()).position(|w| w == BEGIN.as_bytes())?;
    // A string of a flatbuffer stands behind its length.
    let length = footer[..in_footer].last_chunk::<4>()?;
    let json = footer[in_footer..].get(..u32::from_le_bytes(*length) as usize)?;
    // A length that was changed may end it within its first words.
    let json = std::str::from_utf8(json).ok().filter(|json| json.starts_with(BEGIN))?;
    Some(Metadata { json, at: begin + in_footer })
}

impl Metadata<'_> {
    /// The format, as it calls itself.
    pub fn format(&self) -> &str {
        let rest = &self.json[BEGIN.len() - "outflow-part/".len()..];
        rest.split('"').next().unwrap_or_default()
    }

    /// Where the digits of the digest stand in the file. `None` if they do not follow the format.
    pub fn digest(&self) -> Option<std::ops::Range<usize>> {
        let from = BEGIN.len() - "outflow-part/".len() + self.format().len();
        let digits = from + "\",\"digest\":\"".len();
        (self.json.get(from..digits)? == "\",\"digest\":\"" && self.json.is_char_boundary(digits + DIGITS))
            .then_some(self.at + digits..self.at + digits + DIGITS)
            .filter(|_| digits + DIGITS <= self.json.len())
    }
}

/// The body of the first batch, and what follows it. `None` if the bytes end before.
pub fn body(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(START..)?;
    for _ in ["schema", "head of the batch"] {
        // A marker, the length, so many bytes.
        let (head, message) = rest.split_first_chunk::<8>()?;
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
        rest = message.get(length as usize..)?;
    }
    Some(rest)
}

/// Takes the buffers of a body, one after the other.
#[derive(Debug)]
pub struct Buffers<'a>(pub &'a [u8]);

impl<'a> Buffers<'a> {
    /// The next buffer, of so many bytes. `None` if there are not so many.
    pub fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let buffer = self.0.get(..bytes)?;
        self.0 = self.0.get(bytes.checked_next_multiple_of(ALIGNMENT)?..)?;
        Some(buffer)
    }

    /// The next `n` numbers of `N` bytes, least byte first.
    pub fn numbers<const N: usize>(&mut self, n: usize) -> Option<&'a [[u8; N]]> {
        self.take(n.checked_mul(N)?).map(|buffer| buffer.as_chunks::<N>().0)
    }
}
