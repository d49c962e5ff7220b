//! `outflow init`: a scenario to begin with.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, terminal};
use crate::output::staging::NewFile;
use crate::scenario::{TEMPLATE, usable_name};

/// Folder that takes scenarios, if there is one.
const SCENARIOS: &str = "scenarios";
/// The schema, as a file of a scenario's folder may refer to it.
const SCHEMAS: [&str; 2] = ["../schema/scenario.schema.json", "schema/scenario.schema.json"];

/// Options of `init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// Name of the scenario: lower case letters, digits and hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// Scenario that ships, or a file, to begin from instead of the commented one
    #[arg(long, value_name = "SCENARIO")]
    from: Option<PathBuf>,
    /// File to write (default: scenarios/NAME.toml if there is such a folder, otherwise NAME.toml)
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl InitArgs {
    /// Writes it; what is there already stays.
    pub fn main(self) -> Result<(), Failure> {
        if !usable_name(&self.name) {
            return Err(Failure::Input(format!(
                "error: `{}` can't name a scenario\n  help: use lower case letters, digits and hyphens, such as {}",
                self.name,
                suggestion(&self.name)
            )));
        }
        let file = self.to.clone().unwrap_or_else(|| {
            let own = PathBuf::from(format!("{}.toml", self.name));
            if Path::new(SCENARIOS).is_dir() { Path::new(SCENARIOS).join(own) } else { own }
        });
        let text = match &self.from {
            Some(from) => copy(&super::read_text(from)?.text, &self.name, &file)?,
            None => template(&self.name, &file),
        };
        if std::fs::symlink_metadata(&file).is_ok() {
            return Err(refused(&file, &ErrorKind::AlreadyExists.into()));
        }
        NewFile::at(&file).and_then(|new| new.create(text.as_bytes())).map_err(|e| refused(&file, &e))?;

        let typed = terminal::quoted(&file.display().to_string());
        let verbs = ["validate", "policy test", "run"].map(|verb| format!("  outflow {verb} {typed}\n"));
        let next = format!("Wrote {typed}. Next:\n{}", verbs.concat());
        terminal::print(&next)
    }
}

/// A scenario under another name. What is expected of its results goes, as it is for the name and what it says now.
fn copy(text: &str, name: &str, file: &Path) -> Result<String, Failure> {
    let refused = |e: toml_edit::TomlError| {
        Failure::Input(format!(
            "error: it is not TOML, and can't be begun from:\n{e}\n  help: `outflow validate` says more"
        ))
    };
    let mut document: toml_edit::DocumentMut = text.parse().map_err(refused)?;
    document.remove("expect");
    if let Some(value) = document.get_mut("scenario").and_then(|s| s.get_mut("name")) {
        *value = toml_edit::value(name);
    }
    let body = document.to_string();
    // The first line may refer to a schema that does not lie there.
    let body = body.strip_prefix("#:schema").map_or(body.as_str(), |b| b.split_once('\n').map_or("", |(_, rest)| rest));
    Ok(format!("{}\n{}\n", schema(file), body.trim_end()))
}

/// The scenario that is written.
fn template(name: &str, file: &Path) -> String {
    let schema = schema(file);
    let file = file.display().to_string();
    TEMPLATE.replace("@SCHEMA@", &schema).replace("@NAME@", name).replace("@FILE@", &terminal::quoted(&file))
}

/// The first lines of a scenario: what an editor completes it by.
fn schema(file: &Path) -> String {
    let folder = file.parent().unwrap_or(Path::new(""));
    match SCHEMAS.iter().find(|s| folder.join(s).is_file()) {
        Some(path) => format!("#:schema {path}"),
        None => {
            "# For completion in an editor write `outflow schema > scenario.schema.json`, and as the first line here:\n\
                 # \"#:schema scenario.schema.json\" (without the quotes)."
                .to_owned()
        }
    }
}

fn refused(file: &Path, error: &std::io::Error) -> Failure {
    let name = file.display();
    Failure::Input(match error.kind() {
        ErrorKind::AlreadyExists => format!(
            "error: `{name}` exists already, and is not overwritten\n  help: choose another name, or another file with --to"
        ),
        ErrorKind::NotFound => format!(
            "error: there is no folder `{}`\n  help: make it first, or name another file with --to",
            file.parent().unwrap_or(Path::new("")).display()
        ),
        _ => format!("error: can't write `{name}`: {error}"),
    })
}

/// A name like this one that can be used.
fn suggestion(name: &str) -> String {
    let plain: String = name
        .trim_end_matches(".toml")
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|w| !w.is_empty()).collect();
    let joined: String = words.join("-").chars().take(64).collect();
    if usable_name(&joined) { joined } else { "my-scenario".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_usable() {
        for (name, better) in [
            ("My Scenario", "my-scenario"),
            ("scenarios/x.toml", "x"),
            ("été", "t"),
            ("-", "my-scenario"),
            ("--a__b", "a-b"),
        ] {
            assert_eq!(suggestion(name), better, "{name}");
        }
    }
}
