//! `--params`: what is varied, over which ranges.

use std::path::Path;

use crate::cli::{Failure, terminal};
use crate::scenario::{Number, Numbers, RangedParameter, Scenario, Vary, VaryOver, about_key, assumed, lines, params};

/// What stands for all that is assumed.
const ASSUMED: &str = "assumed";

/// The parameters that these options name, in their order; a range that is typed takes the place of one that a file or `assumed` gives the same key.
///
/// # Errors
/// A file that can't be read or is none of ranges; a key that the scenario does not have; what stands twice.
pub fn parameters(options: &[String], scenario: &Scenario, quiet: bool) -> Result<Vec<RangedParameter>, Failure> {
    let mut all: Vec<RangedParameter> = Vec::new();
    let numbers = Numbers::of(&scenario.file);
    let (typed, others): (Vec<&String>, Vec<&String>) = options.iter().partition(|o| o.contains('='));
    for option in others {
        let found = if option == ASSUMED { of_scenario(scenario, quiet) } else { of_file(option, scenario, &numbers)? };
        for parameter in found {
            if all.iter().any(|p| p.key == parameter.key) {
                return Err(wrong(&parameter.key, "it has two ranges\n  help: keep one of the two --params"));
            }
            all.push(parameter);
        }
    }
    let mut seen: Vec<Vec<&Number>> = Vec::new();
    for option in typed {
        let vary = Vary::parse(option).map_err(|why| wrong(option, &why))?;
        let VaryOver::Range(range) = vary.over else {
            return Err(wrong(option, "expected KEY=lo..hi, such as traffic.reply_share=0.6..0.9"));
        };
        let found = numbers.find(&vary.key).map_err(|why| wrong(&vary.key, &why))?;
        if seen.contains(&found) {
            return Err(wrong(&vary.key, "it has two ranges\n  help: keep one of the two --params"));
        }
        // However its path is written: with quotes or without.
        let known = all.iter_mut().find(|p| numbers.find(&p.key).is_ok_and(|of| of == found));
        seen.push(found);
        match known {
            Some(parameter) => parameter.range = range,
            None => all.push(named(scenario, vary.key, range)),
        }
    }
    if all.is_empty() {
        return Err(Failure::Input(
            "error: --params assumed: the scenario assumes no number\n  help: name a file of ranges, or KEY=lo..hi"
                .into(),
        ));
    }
    Ok(all)
}

fn wrong(key: &str, why: &str) -> Failure {
    Failure::Input(lines(&format!("error: --params {key}: {why}")))
}

fn named(scenario: &Scenario, key: String, range: crate::scenario::ValueRange) -> RangedParameter {
    let (title, quality) = about_key(&scenario.file, &key);
    RangedParameter { key, title, quality, range }
}

/// All that is assumed; what is cut or left out is told.
fn of_scenario(scenario: &Scenario, quiet: bool) -> Vec<RangedParameter> {
    let found = assumed(&scenario.file);
    if !quiet {
        for cut in &found.cut {
            terminal::log(&lines(&format!("note: {cut}")));
        }
        let left: Vec<String> = found.left_out.iter().map(|(key, why)| format!("{key} ({why})")).collect();
        if !left.is_empty() {
            terminal::log(&lines(&format!("note: assumed, but not varied: {}", left.join("; "))));
        }
    }
    found.parameters
}

/// The ranges of a file.
fn of_file(path: &str, scenario: &Scenario, numbers: &Numbers) -> Result<Vec<RangedParameter>, Failure> {
    let text = std::fs::read_to_string(Path::new(path)).map_err(|e| {
        let help = "name a file of ranges (\"KEY\" = [lo, hi]), `assumed`, or KEY=lo..hi";
        wrong(path, &format!("{e}\n  help: {help}"))
    })?;
    let ranges = params(&text).map_err(|why| wrong(path, &why.to_string()))?;
    let named = |(key, range): (String, _)| match numbers.find(&key) {
        Ok(_) => Ok(named(scenario, key, range)),
        Err(why) => Err(wrong(path, &why)),
    };
    ranges.into_iter().map(named).collect()
}
