//! From a file and options to a checked scenario.

use std::path::Path as FilePath;
use std::sync::LazyLock;

use super::diagnostic::{Diagnostic, Diagnostics, list, nearest};
use super::missing_presets::unnamed_presets;
use super::place::{Place, Text};
use super::preset_selection::chosen;
use super::presets::{PRESETS, Preset, identity, preset, together};
use super::select_policies::narrow;
use super::shipped::file_or_shipped;
use super::source::{Node, apply_set, meant, number, overlay};
use super::validate_meaning::check;
use super::{Scenario, schema, validate_shape};

/// What the command line changes in a scenario.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--set key=value`, in order.
    pub set: Vec<String>,
    /// `--people`.
    pub people: Option<u64>,
    /// `--days`.
    pub days: Option<u32>,
    /// `--replicates`.
    pub replicates: Option<u32>,
    /// `--baseline`.
    pub baseline: Option<String>,
    /// `--seed`.
    pub seed: Option<u64>,
    /// `--policy`: only these, in the scenario's order.
    pub policies: Vec<String>,
}

/// Reads a scenario (a file, or one that ships), fills in presets, applies options, checks everything. Gives warnings besides.
///
/// # Errors
/// All problems found, each with its place.
pub fn load(path: &FilePath, overrides: &Overrides) -> Result<(Scenario, Vec<Diagnostic>), Diagnostics> {
    load_text(&read(path)?, overrides)
}

/// Reads the text of a scenario, to load it once or several times: a pipe, or standard input (`-`), can't be read twice.
///
/// # Errors
/// If it can't be read, or can't be a scenario.
pub fn read(path: &FilePath) -> Result<Text, Diagnostics> {
    file_or_shipped(path).map_err(Diagnostics::from)
}

/// Loads a scenario from its text, as [`load`] does.
///
/// # Errors
/// All problems found, each with its place.
pub fn load_text(text: &Text, overrides: &Overrides) -> Result<(Scenario, Vec<Diagnostic>), Diagnostics> {
    let one = |d: Diagnostic| Diagnostics(vec![d]);
    static SCHEMA: LazyLock<serde_json::Value> = LazyLock::new(|| schemars::schema_for!(schema::File).to_value());
    let schema = &*SCHEMA;
    let text = apply_set(text, &set_options(overrides, schema), &identity)?;
    let own = Node::parse(text)?;
    let (root, mut problems) = with_presets(own.clone())?;

    problems.extend(validate_shape::check(&root, schema));
    if problems.iter().any(super::is_error) {
        return Err(Diagnostics(unnamed_presets(&own, schema).unwrap_or(problems)));
    }
    let mut file: schema::File = root.decode().map_err(one)?;
    // What presets gave is in the file now: naming them again would apply them twice.
    file.scenario.presets.clear();
    let checked = check(file, &root);
    problems.extend(checked.problems);
    let Some(mut scenario) = checked.scenario else { return Err(Diagnostics(problems)) };
    if let Some(baseline) =
        overrides.baseline.as_ref().filter(|id| !overrides.policies.is_empty() && !overrides.policies.contains(id))
    {
        let problem =
            Diagnostic::error(format!("the baseline `{baseline}` is not one of the policies that are chosen"))
                .help(format!("add `--policy {baseline}`, or name another `--baseline`"));
        problems.push(problem);
        return Err(Diagnostics(problems));
    }
    if let Err(unknown) = narrow(&mut scenario, &root, &overrides.policies) {
        problems.extend(unknown);
        return Err(Diagnostics(problems));
    }
    Ok((scenario, problems))
}

/// The options as assignments; a bare number for a quantity sets its value, and says so in its source.
fn set_options(overrides: &Overrides, schema: &serde_json::Value) -> Vec<String> {
    let mut assignments = Vec::new();
    for assignment in &overrides.set {
        let (key, value) = assignment.split_once('=').unwrap_or((assignment, ""));
        let path: Vec<&str> = key.trim().split('.').collect();
        let quantity = match path[..] {
            [table, field] => {
                let definition = match table {
                    "world" => "World",
                    "likeness" => "Likeness",
                    "traffic" => "Traffic",
                    "uninstall" => "Uninstall",
                    "exposure" => "Exposure",
                    _ => "",
                };
                schema["$defs"][definition]["properties"][field]["$ref"] == "#/$defs/Quantity"
            }
            _ => false,
        };
        if let Some(value) = number(value).filter(|_| quantity) {
            let key = key.trim();
            assignments.push(format!("{key}.value={value}"));
            assignments.push(format!("{key}.source=\"set on the command line\""));
            assignments.push(format!("{key}.quality=\"assumed\""));
        } else if quantity && meant(value).is_some() {
            // No number to TOML: refused as the value, with what to write.
            assignments.push(format!("{}.value={value}", key.trim()));
        } else {
            assignments.push(assignment.clone());
        }
    }
    let mut option = |key: &str, value: Option<u64>| assignments.extend(value.map(|v| format!("scenario.{key}={v}")));
    option("people", overrides.people);
    option("days", overrides.days.map(u64::from));
    option("seed", overrides.seed);
    option("replicates", overrides.replicates.map(u64::from));
    assignments
        .extend(overrides.baseline.as_ref().map(|id| format!("scenario.baseline={}", toml::Value::from(id.as_str()))));
    assignments
}

/// Lays the file over what it chooses of the presets that it names.
fn with_presets(own: Node) -> Result<(Node, Vec<Diagnostic>), Diagnostics> {
    let names = own.get("scenario").and_then(|s| s.get("presets")).map(Node::elements).unwrap_or_default();
    let mut problems = Vec::new();
    let mut found: Vec<(&Preset, &Place)> = Vec::new();
    for node in names {
        let Some(name) = node.as_str() else { continue };
        match preset(name) {
            None => problems.push(unknown_preset(name, &node.place)),
            Some(preset) => match found.iter().find(|(p, _)| p.name == name) {
                Some((_, first)) => problems.push(
                    Diagnostic::error(format!("preset `{name}` is named twice"))
                        .at(&node.place, "again here")
                        .also(first, "first named here")
                        .help("keep one of the two"),
                ),
                None => found.push((preset, &node.place)),
            },
        }
    }
    if !problems.is_empty() {
        return Err(Diagnostics(problems));
    }
    match together(found.into_iter().map(|(p, _)| p))? {
        Some(base) => {
            let (base, left_out) = chosen(base, &own);
            Ok((overlay(base, own, &identity), left_out))
        }
        None => Ok((own, Vec::new())),
    }
}

fn unknown_preset(name: &str, place: &Place) -> Diagnostic {
    let known: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
    let problem = Diagnostic::error(format!("there is no preset `{name}`")).at(place, "unknown preset");
    match nearest(name, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("presets are {}", list(&known, "and"))),
    }
}
