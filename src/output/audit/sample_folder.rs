//! A sample as `outflow sample` writes it, from anybody: who was drawn, and what was let out about them. Nothing in it is taken on trust; an error names file, row and
//! column.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::audit::{Facts, SeenFlow};
use crate::output::tables::{TextTable, Texts, read_texts};
use crate::policy::Role;
use crate::scenario::{Kind, Resolution, Scenario, find, one_line};

/// What is wrong with a sample: which file, row and column, and what belongs there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SampleError(String);

/// Everybody drawn.
#[derive(Clone, Debug)]
pub struct SampledPeople {
    /// Name of the file.
    pub file: String,
    /// Ids, in the order of the file; each once.
    pub ids: Vec<u64>,
    /// What is known of each, by id.
    pub facts: HashMap<u64, Facts>,
}

/// What was let out.
#[derive(Clone, Debug)]
pub struct SampledRows {
    /// Name of the file.
    pub file: String,
    /// Subject and flow, row by row.
    pub rows: Vec<(u64, SeenFlow)>,
}

/// The file of a table in a folder: Parquet, or CSV where there is none.
///
/// # Errors
/// If there is neither.
pub fn table_of(folder: &Path, name: &str, what: &str) -> Result<PathBuf, SampleError> {
    let candidates = ["parquet", "csv"].map(|end| folder.join(format!("{name}.{end}")));
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        SampleError(format!(
            "{} has no {name}.parquet or {name}.csv\n  help: {what}; `outflow sample` writes such a folder, and docs/FORMAT.md says what is in it",
            shown(folder)
        ))
    })
}

fn shown(path: &Path) -> String {
    one_line(&path.display().to_string())
}

/// A table, and how to speak of its cells.
struct Reading<'a> {
    file: String,
    table: TextTable,
    scenario: &'a Scenario,
}

impl<'a> Reading<'a> {
    fn new(path: &Path, scenario: &'a Scenario, wanted: &[&str]) -> Result<Self, SampleError> {
        let file = path.file_name().map_or_else(|| shown(path), |name| one_line(&name.to_string_lossy()));
        let table = read_texts(path, wanted)
            .map_err(|why| SampleError(format!("{} can't be read: {}", shown(path), one_line(&why))))?;
        Ok(Reading { file, table, scenario })
    }

    /// Refuses a table without one of these columns.
    fn need(&self, columns: &[&str]) -> Result<(), SampleError> {
        let names: Vec<&str> = self.table.names().iter().map(String::as_str).collect();
        for column in columns {
            if let Err(d) = find("column", column, &names) {
                let near = d.help.filter(|help| help.starts_with("did you mean"));
                let near = near.map_or(String::new(), |help| help.replace("did you mean", "; is it").replace('?', ""));
                return Err(SampleError(format!(
                    "{} has no column `{column}`\n  help: it needs {}{near}",
                    self.file,
                    columns.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")
                )));
            }
        }
        Ok(())
    }

    /// What stands in a cell; `None` if nothing does, or there is no such column.
    fn cell(&self, column: &str, row: usize) -> Option<&str> {
        let text = self.table.column(column)?.get(row)?.trim();
        Some(text).filter(|text| !text.is_empty())
    }

    fn wrong(&self, column: &str, row: usize, expected: &str) -> SampleError {
        let found = self.cell(column, row).map_or_else(
            || "nothing".to_owned(),
            |text| format!("`{}`", one_line(text).chars().take(80).collect::<String>()),
        );
        SampleError(format!("{}, row {}, column `{column}`: {found}\n  help: {expected}", self.file, row + 1))
    }

    /// A value that must be there.
    fn must<T>(
        &self,
        column: &str,
        row: usize,
        expected: &str,
        of: impl Fn(&str) -> Option<T>,
    ) -> Result<T, SampleError> {
        self.cell(column, row).and_then(of).ok_or_else(|| self.wrong(column, row, expected))
    }

    /// A value that may be missing.
    fn may<T>(
        &self,
        column: &str,
        row: usize,
        expected: &str,
        of: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, SampleError> {
        self.cell(column, row).map(|text| of(text).ok_or_else(|| self.wrong(column, row, expected))).transpose()
    }

    /// The place of a name among those of the scenario.
    fn named(&self, column: &str, row: usize, what: &str, known: &[&str]) -> Result<usize, SampleError> {
        let name = self.must(column, row, &format!("the id of a {what}"), |text| Some(text.to_owned()))?;
        self.known(column, row, what, &name, known)
    }

    fn known(&self, column: &str, row: usize, what: &str, name: &str, known: &[&str]) -> Result<usize, SampleError> {
        find(what, name, known).map_err(|d| {
            let help = d.help.map_or(String::new(), String::from);
            self.wrong(column, row, &format!("the id of a {what}: {help}"))
        })
    }

    /// What a column's cells mean, each distinct one looked at once.
    fn cells<T>(&self, column: &'static str, of: impl Fn(&str) -> Option<T>) -> Cells<'_, T> {
        let texts = self.table.column(column);
        let meant = |text: &Option<String>| match text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            None => Cell::Nothing,
            Some(text) => of(text).map_or(Cell::Wrong, Cell::Is),
        };
        Cells { column, texts, meant: texts.map_or(Vec::new(), |texts| texts.distinct().iter().map(meant).collect()) }
    }

    /// The cells of a column that says which of some names.
    fn names(&self, column: &'static str, known: &[&str]) -> Cells<'_, usize> {
        let numbers: HashMap<&str, usize> = known.iter().copied().zip(0..).collect();
        self.cells(column, |text| numbers.get(text).copied())
    }

    fn purposes(&self) -> Vec<&str> {
        self.scenario.purposes.iter().map(|p| &*p.id).collect()
    }
}

/// What a cell means.
#[derive(Clone, Copy)]
enum Cell<T> {
    Nothing,
    Is(T),
    Wrong,
}

/// What the cells of a column mean.
struct Cells<'a, T> {
    column: &'static str,
    texts: Option<&'a Texts>,
    meant: Vec<Cell<T>>,
}

impl<T: Copy> Cells<'_, T> {
    fn at(&self, row: usize) -> Cell<T> {
        self.texts.map_or(Cell::Nothing, |texts| self.meant[texts.place(row)])
    }

    /// A value that must be there.
    fn must(&self, reading: &Reading, row: usize, expected: &str) -> Result<T, SampleError> {
        match self.at(row) {
            Cell::Is(value) => Ok(value),
            Cell::Nothing | Cell::Wrong => Err(reading.wrong(self.column, row, expected)),
        }
    }

    /// A value that may be missing.
    fn may(&self, reading: &Reading, row: usize, expected: &str) -> Result<Option<T>, SampleError> {
        match self.at(row) {
            Cell::Is(value) => Ok(Some(value)),
            Cell::Nothing => Ok(None),
            Cell::Wrong => Err(reading.wrong(self.column, row, expected)),
        }
    }
}

impl Cells<'_, usize> {
    /// A name that must be one of those known.
    fn named(&self, reading: &Reading, row: usize, what: &str, known: &[&str]) -> Result<usize, SampleError> {
        match self.at(row) {
            Cell::Is(place) => Ok(place),
            Cell::Nothing | Cell::Wrong => reading.named(self.column, row, what, known),
        }
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// The UTC date of a point in time.
fn date(text: &str) -> Option<NaiveDate> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.naive_utc().date());
    }
    let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let plain = text.trim_end_matches(" UTC");
    let time = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(plain, format).ok());
    let zoned = || DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z").ok().map(|t| t.naive_utc().date());
    time.map(|t| t.date()).or_else(zoned).or_else(|| plain.parse().ok())
}

/// Reads who was drawn. Only `person_id` must be there; what else a column does not say is not known.
///
/// # Errors
/// Naming the row and column that is wrong.
pub fn read_people(path: &Path, scenario: &Scenario) -> Result<SampledPeople, SampleError> {
    const OPTIONAL: [&str; 6] = ["jurisdiction", "is_user", "has_parent_account", "age_band", "objects", "agrees"];
    let wanted: Vec<&str> = std::iter::once("person_id").chain(OPTIONAL).collect();
    let reading = Reading::new(path, scenario, &wanted)?;
    reading.need(&["person_id"])?;
    let codes: Vec<&str> = scenario.jurisdictions.iter().map(|j| &*j.code).collect();
    let bands: Vec<&str> = scenario.file.age_bands.iter().map(|b| b.id.as_str()).collect();
    let purposes = reading.purposes();
    let (mut ids, mut facts) = (Vec::new(), HashMap::new());
    for row in 0..reading.table.rows() {
        let id: u64 = reading.must("person_id", row, "a whole number that is the person's id", |t| t.parse().ok())?;
        let index = |column: &str, what: &str, known: &[&str]| -> Result<Option<usize>, SampleError> {
            let name = reading.cell(column, row).map(str::to_owned);
            name.map(|name| reading.known(column, row, what, &name, known)).transpose()
        };
        let truth = |column: &str| reading.may(column, row, "true or false", yes_or_no);
        // Chosen purposes, separated by `;`: an empty cell of a column that is there is nothing chosen.
        let chosen = |column: &str| -> Result<Option<u32>, SampleError> {
            if reading.table.column(column).is_none() {
                return Ok(None);
            }
            let listed =
                reading.cell(column, row).unwrap_or_default().split(';').map(str::trim).filter(|id| !id.is_empty());
            listed
                .map(|id| reading.known(column, row, "purpose", id, &purposes))
                .try_fold(0u32, |mask, p| Ok(mask | 1 << p?))
                .map(Some)
        };
        let known = Facts {
            jurisdiction: index("jurisdiction", "jurisdiction", &codes)?,
            user: truth("is_user")?,
            parent_account: truth("has_parent_account")?,
            minor: index("age_band", "age band", &bands)?.map(|band| scenario.file.age_bands[band].minor),
            objects: chosen("objects")?,
            agrees: chosen("agrees")?,
        };
        if facts.insert(id, known).is_some() {
            return Err(reading.wrong("person_id", row, "each person once: this one is in a row before"));
        }
        ids.push(id);
    }
    Ok(SampledPeople { file: reading.file, ids, facts })
}

/// Reads what was let out about them. `actor` and `resolution` may be missing: then nobody knows who acted, and values were let out as they are.
///
/// # Errors
/// Naming the row and column that is wrong: also a subject who was not drawn.
pub fn read_rows(path: &Path, scenario: &Scenario, people: &SampledPeople) -> Result<SampledRows, SampleError> {
    const NEEDED: [&str; 6] = ["subject", "time", "kind", "role", "purpose", "category"];
    let wanted: Vec<&str> = NEEDED.into_iter().chain(["actor", "resolution"]).collect();
    let reading = Reading::new(path, scenario, &wanted)?;
    reading.need(&NEEDED)?;
    let kinds = Kind::ALL.map(Kind::id);
    let roles = [Role::Actor, Role::Counterparty];
    let (purposes, words) = (reading.purposes(), roles.map(Role::word));
    let categories: Vec<&str> = scenario.categories.iter().map(|c| &*c.id).collect();
    let whole = |text: &str| text.parse::<u64>().ok();
    let (subjects, actors) = (reading.cells("subject", whole), reading.cells("actor", whole));
    let (dates, resolutions) = (reading.cells("time", date), reading.cells("resolution", Resolution::parse));
    let (kind_cells, role_cells) = (reading.names("kind", &kinds), reading.names("role", &words));
    let (purpose_cells, category_cells) = (reading.names("purpose", &purposes), reading.names("category", &categories));
    let mut rows = Vec::with_capacity(reading.table.rows());
    for row in 0..reading.table.rows() {
        let subject = subjects.must(&reading, row, "a whole number that is the person's id")?;
        let Some(&known) = people.facts.get(&subject) else {
            return Err(reading.wrong(
                "subject",
                row,
                &format!("somebody who was drawn: {} has no such person_id", people.file),
            ));
        };
        let actor = actors.may(&reading, row, "a whole number that is the id of who acted")?;
        let resolution = resolutions.may(
            &reading,
            row,
            "exact, hash_bits_N, keyed_hash, round_hour, round_day, round_week, round_month or aggregate_k_N",
        )?;
        let flow = SeenFlow {
            date: dates.must(&reading, row, "a point in time in UTC, such as 2018-01-18T09:30:00Z")?,
            kind: Kind::ALL[kind_cells.named(&reading, row, "kind of event", &kinds)?],
            role: roles[role_cells.named(&reading, row, "role", &words)?],
            purpose: purpose_cells.named(&reading, row, "purpose", &purposes)?,
            category: category_cells.named(&reading, row, "category", &categories)?,
            resolution: resolution.unwrap_or_default(),
            subject: known,
            actor: actor.and_then(|id| people.facts.get(&id)).copied().unwrap_or_default(),
        };
        rows.push((subject, flow));
    }
    Ok(SampledRows { file: reading.file, rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_in_time_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2018, 1, 18);
        for text in [
            "2018-01-18",
            "2018-01-18T09:30:00Z",
            "2018-01-18T09:30:00.123Z",
            "2018-01-18 09:30:00",
            "2018-01-18 09:30:00.5",
            "2018-01-18 09:30:00 UTC",
            "2018-01-18 09:30:00+00:00",
            "2018-01-19T00:30:00+01:00",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        for wrong in ["", "18.1.2018", "2018-13-01", "yesterday", "1516233600"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }
}
