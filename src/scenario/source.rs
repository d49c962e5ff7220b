//! A TOML document in which every key and value knows where it was written.
//!
//! Places survive overlaying one document over another, so that an error in a value that came from a preset points at
//! the preset. `file` reads, `syntax` parses, `overlay` merges, `set` applies `--set`.

mod bounds;
mod explain;
mod file;
mod meant;
mod node;
mod overlay;
mod path;
mod set;
mod syntax;
#[cfg(test)]
mod tests;

pub use file::{STDIN, load_file, shown};
pub use meant::{meant, without_unit};
pub use node::{Entry, Node, Value};
pub use overlay::overlay;
pub use path::Path;
pub use set::{apply_set, number};
