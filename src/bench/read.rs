//! Reading an earlier result: refused, with what to do, if no benchmark can have written it.

use std::path::Path;

use super::result::{BenchResult, FORMAT};
use super::sound::sound;

const AGAIN: &str = "  hint: `outflow bench --save FILE` writes such a file";

impl BenchResult {
    /// Reads the result of an earlier benchmark.
    ///
    /// # Errors
    /// What is wrong with the file and what to do, in words.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| format!("{shown} can't be read: {e}\n{AGAIN}"))?;
        Self::parse(&text, &shown)
    }

    /// The result of an earlier benchmark from its JSON; messages call it `shown`.
    ///
    /// # Errors
    /// What is wrong with it and what to do, in words.
    pub fn parse(text: &str, shown: &str) -> Result<Self, String> {
        let again = AGAIN;
        let json: serde_json::Value =
            serde_json::from_str(text).map_err(|e| format!("{shown} is not JSON: {e}\n{again}"))?;
        match json["format"].as_str() {
            Some(FORMAT) => {}
            Some(other) if other.starts_with("outflow-bench/") => {
                return Err(format!(
                    "{shown} has format `{other}`, and this program reads `{FORMAT}`\n  hint: measure the baseline again \
                     with this version"
                ));
            }
            _ => return Err(format!("{shown} is not the result of `outflow bench`\n{again}")),
        }
        let deserializer = &mut serde_json::Deserializer::from_str(text);
        let result: BenchResult = serde_path_to_error::deserialize(deserializer).map_err(|e| {
            let field = e.path().to_string();
            let field = if field == "." { String::new() } else { format!("{field}: ") };
            format!("{shown} is not a complete result of `outflow bench`: {field}{}\n{again}", e.into_inner())
        })?;
        sound(&result).map_err(|why| {
            format!("{shown} can't have been measured: {why}\n  hint: measure the baseline again: `outflow bench --save FILE`")
        })?;
        Ok(result)
    }
}
