//! `outflow schema`: the JSON Schema of scenarios, for editors.

use clap::Args;

use super::{Failure, terminal};
use crate::scenario::editor_schema;

/// Options of `schema`.
#[derive(Args, Debug)]
pub struct SchemaArgs {}

impl SchemaArgs {
    /// Prints it.
    pub fn main(self) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(&editor_schema()).map_err(|e| Failure::Other(e.to_string()))?;
        terminal::print_data(&(text + "\n"))
    }
}
