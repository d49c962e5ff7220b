//! Files, columns, metrics and keys that docs/FORMAT.md names, against what is written, in both directions.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use polars_core::prelude::{DataFrame, DataType, TimeUnit};
use polars_io::ipc::IpcReader;
use polars_io::prelude::{ParquetReader, SerReader};
use serde_json::Value;

use super::markdown::{blocks, braces, rows, section, spans, without_asides};
use super::{document, results};

fn read(path: &Path) -> DataFrame {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    ParquetReader::new(file).finish().unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Names and types of a table's columns, as the document writes them.
fn columns(path: &Path) -> Vec<(String, String)> {
    let name = |d: &DataType| match d {
        DataType::String => "str",
        DataType::UInt64 => "u64",
        DataType::UInt32 => "u32",
        DataType::Float64 => "f64",
        DataType::Boolean => "bool",
        DataType::Date => "date",
        DataType::Datetime(TimeUnit::Milliseconds, Some(_)) => "timestamp[ms, UTC]",
        DataType::List(of) if **of == DataType::UInt64 => "list of u64",
        _ => "?",
    };
    read(path).schema().iter().map(|(n, d)| (n.to_string(), name(d).to_owned())).collect()
}

fn names(path: &Path) -> Vec<String> {
    columns(path).into_iter().map(|c| c.0).collect()
}

/// The columns of the CSV beside a table.
fn head(stem: &Path) -> Vec<String> {
    let text = fs::read_to_string(stem.with_extension("csv")).expect("a table as CSV");
    text.lines().next().unwrap_or_default().split(',').map(str::to_owned).collect()
}

#[test]
fn columns_of_tables_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let tables = results().join("run/tables");
    let exposure: Vec<Vec<String>> = rows(section(&format, "### tables/exposure"));
    let types = ["u32", "u64", "f64", "str"];
    let mut documented: Vec<(String, String)> = Vec::new();
    for row in exposure.iter().filter(|r| types.contains(&&*r[1])) {
        documented.extend(spans(&row[0]).into_iter().map(|name| (name, row[1].clone())));
    }
    let wrong = "tables/exposure";
    assert_eq!(columns(&tables.join("exposure.parquet")), documented, "{wrong}");
    assert_eq!(head(&tables.join("exposure")), names(&tables.join("exposure.parquet")), "{wrong}");

    let sentence = |text: &str| spans(without_asides(text).split('.').next().unwrap_or_default());
    let daily = section(&format, "### tables/daily").trim_start();
    assert_eq!(names(&tables.join("daily.parquet")), sentence(daily), "tables/daily");
    assert_eq!(head(&tables.join("daily")), sentence(daily), "tables/daily.csv");

    let first = section(&format, "### tables/first_exposure").trim_start();
    assert_eq!(names(&tables.join("first_exposure.parquet")), sentence(first), "tables/first_exposure");
    assert_eq!(head(&tables.join("first_exposure")), sentence(first), "tables/first_exposure.csv");

    let exceedance = section(&format, "### tables/exceedance, tables/exceedance_daily");
    for table in ["exceedance", "exceedance_daily"] {
        let (_, text) = exceedance.split_once(&format!("\n`{table}`: ")).expect("its columns");
        assert_eq!(names(&tables.join(format!("{table}.parquet"))), sentence(text), "{table}");
        assert_eq!(head(&tables.join(table)), sentence(text), "{table}.csv");
    }
    let (_, text) =
        section(&format, "### tables/knowledge").split_once("before the run (exit code 2).\n\n").expect("columns");
    let listed: Vec<String> = text.split('\n').take_while(|line| !line.is_empty()).map(str::to_owned).collect();
    let listed = sentence(&listed.join(" "));
    assert_eq!(names(&tables.join("knowledge.parquet")), listed, "tables/knowledge");
    assert_eq!(head(&tables.join("knowledge")), listed, "tables/knowledge.csv");
    let part = section(&format, "### tables/utility");
    let (_, text) = part.split_once("covers the table. ").expect("columns");
    let listed: Vec<String> = text.split('\n').take_while(|line| !line.is_empty()).map(str::to_owned).collect();
    let listed = sentence(&listed.join(" "));
    assert_eq!(names(&tables.join("utility.parquet")), listed, "tables/utility");
    assert_eq!(head(&tables.join("utility")), listed, "tables/utility.csv");
}

#[test]
fn metrics_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let general = |m: &str| -> String {
        let depth = m.strip_prefix("people_at_depth_").map(|_| "people_at_depth_K".to_owned());
        let at = m.split_once("_as_").filter(|(m, _)| !m.is_empty()).map(|(m, _)| format!("{m}_as_R"));
        depth.or(at).unwrap_or_else(|| m.to_owned())
    };
    for (heading, table) in
        [("### tables/exposure", "exposure"), ("### tables/exceedance, tables/exceedance_daily", "exceedance")]
    {
        let documented: BTreeSet<String> = rows(section(&format, heading))
            .iter()
            .filter(|r| !["u32", "str", "f64"].contains(&&*r[1]))
            .flat_map(|r| spans(&r[0]))
            .collect();
        let frame = read(&results().join(format!("run/tables/{table}.parquet")));
        let metrics = frame.column("metric").expect("a column").str().expect("text").iter().flatten();
        let written: BTreeSet<String> = metrics.map(general).collect();
        assert_eq!(written, documented, "{table}");
    }
    // A table of metrics for each family, under its name; then one of quasi-identifiers.
    let part = section(&format, "### tables/knowledge");
    let documented: BTreeSet<String> = rows(part)
        .iter()
        .filter(|r| !r[2].starts_with("`pd:") && !r[2].starts_with("none: "))
        .flat_map(|r| spans(&r[0]))
        .collect();
    let frame = read(&results().join("run/tables/knowledge.parquet"));
    let metrics = frame.column("metric").expect("a column").str().expect("text").iter().flatten();
    let written: BTreeSet<String> = metrics.map(str::to_owned).collect();
    assert_eq!(written, documented, "knowledge");
    // Tables of metrics, of indicators, of ways.
    let part = section(&format, "### tables/utility");
    let documented: BTreeSet<String> = rows(part).iter().flat_map(|r| spans(&r[0]).into_iter().take(1)).collect();
    let frame = read(&results().join("run/tables/utility.parquet"));
    let words = |column: &str| -> Vec<String> {
        let words = frame.column(column).expect("a column").str().expect("text");
        words.iter().map(|word| word.unwrap_or_default().to_owned()).collect()
    };
    // A number, a form or a kind of account stands as a letter.
    let general = |word: &str| match word.split_once('=') {
        Some(("from", _)) => "from=n,k".to_owned(),
        Some((way, _)) => {
            let letter = [("sketch_bits", 'b'), ("epsilon", 'e'), ("form", 'f'), ("lift", 'l')];
            format!("{way}={}", letter.iter().find(|of| of.0 == way).map_or('r', |of| of.1))
        }
        None => word.split_once(',').map_or_else(|| word.to_owned(), |(what, _)| format!("{what},k")),
    };
    let mut written: BTreeSet<String> = words("metric").into_iter().chain(words("parameter")).collect();
    // What other models are about is named by the scenario.
    let indicators = words("model").into_iter().zip(words("indicator"));
    written.extend(indicators.filter(|of| of.0 == "business_intelligence" && of.1 != "all").map(|of| of.1));
    let written: BTreeSet<String> = written.iter().filter(|word| !word.is_empty()).map(|word| general(word)).collect();
    assert_eq!(written, documented, "utility");
}

/// `a` u64, `b` date? as names and types; a question mark means that values may be missing.
fn listed(cell: &str) -> Vec<(String, String)> {
    let text = without_asides(cell);
    let parts: Vec<&str> = text.split('`').collect();
    let kind = |after: &str| {
        after
            .trim()
            .trim_end_matches(',')
            .trim_end_matches(['?', ' ', ':'])
            .trim_end_matches(": everybody drawn")
            .to_owned()
    };
    parts[1..].chunks(2).map(|p| (p[0].to_owned(), kind(p.get(1).copied().unwrap_or_default()))).collect()
}

#[test]
fn records_are_as_documented() {
    let format = document("docs/FORMAT.md");
    for (heading, folder) in [("## Records of an export", "export"), ("## A sample", "sample")] {
        let part = section(&format, heading);
        let mut documented = BTreeSet::from(["scenario.resolved.toml", "manifest.json"].map(str::to_owned));
        assert!(part.contains("`scenario.resolved.toml` and `manifest.json`"), "{heading}");
        for row in rows(part) {
            for file in braces(&spans(&row[0])[0]) {
                documented.insert(file.clone());
                let path = results().join(folder).join(&file);
                assert!(path.is_file(), "{heading}: there is no {file}");
                let list = listed(&row[1]);
                let typed = list.iter().any(|c| !c.1.is_empty() && !c.1.contains(' ') || c.1.starts_with("timestamp"));
                if file.ends_with(".parquet") && typed {
                    assert_eq!(columns(&path), list, "{heading}: {file}");
                } else if file.ends_with(".parquet") {
                    assert_eq!(names(&path), list.into_iter().map(|c| c.0).collect::<Vec<_>>(), "{heading}: {file}");
                } else if file.ends_with(".csv") {
                    assert_eq!(head(&path), names(&path.with_extension("parquet")), "{heading}: {file}");
                }
            }
        }
        assert_eq!(files(&results().join(folder)), documented, "{heading}");
    }
}

/// All files below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("readable")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|f| format!("{name}/{f}")));
        } else {
            found.insert(name);
        }
    }
    found
}

#[test]
fn files_of_a_run_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let block = &blocks(section(&format, "## Results of a run"))[0];
    let mut documented = BTreeSet::new();
    for line in block.lines() {
        // Up to the words on the right.
        for path in line.split("   ").next().unwrap_or_default().split(", ") {
            documented.extend(braces(path.trim()));
        }
    }
    let written: BTreeSet<String> = files(&results().join("run"))
        .into_iter()
        .map(|f| match f.strip_prefix("charts/").and_then(|f| f.split_once('.')) {
            // Data of another grain than the chart's.
            Some(("exceedance-phases", _)) => f,
            Some((_, end)) => format!("charts/NAME.{end}"),
            None => f,
        })
        .collect();
    assert_eq!(written, documented);
}

/// The keys of an object and of the objects in it, but not of maps from the names of a scenario.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    let Some(object) = value.as_object() else { return };
    for (key, value) in object {
        found.insert(key.clone());
        match &**key {
            "events_by_kind" | "rows" | "files" => {}
            "filter" => {
                value.as_object().into_iter().flat_map(|policies| policies.values()).for_each(|p| keys(p, found))
            }
            _ => keys(value, found),
        }
    }
}

#[test]
fn keys_of_the_manifest_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let part = section(&format, "### manifest.json");
    let text = fs::read_to_string(results().join("run/manifest.json")).expect("a manifest");
    let mut written = BTreeSet::new();
    keys(&serde_json::from_str(&text).expect("JSON"), &mut written);
    let is_key = |s: &String| s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let documented: BTreeSet<String> = spans(part).into_iter().filter(is_key).collect();
    assert_eq!(written, documented);
}

#[test]
fn columns_and_keys_of_a_part_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let tables = rows(section(&format, "## Shards: the contract"));
    let mut reader = IpcReader::new(File::open(results().join("part.arrow")).expect("a part"));
    let metadata = reader.custom_metadata().expect("readable").expect("metadata");
    let (key, head) = metadata.iter().next().expect("a key");
    assert_eq!((metadata.len(), key.as_str()), (1, "outflow.part"));
    let head: Value = serde_json::from_str(head).expect("JSON");
    let columns: Vec<(String, String)> = tables
        .iter()
        .filter(|row| ["u32", "u64", "str (large)"].contains(&&*row[1]))
        .map(|row| (spans(&row[0])[0].clone(), row[1].clone()))
        .collect();
    let frame = reader.finish().expect("readable");
    let name = |d: &DataType| match d {
        DataType::UInt32 => "u32",
        DataType::UInt64 => "u64",
        DataType::String => "str (large)",
        _ => "?",
    };
    let written: Vec<(String, String)> =
        frame.schema().iter().map(|(n, d)| (n.to_string(), name(d).to_owned())).collect();
    assert_eq!(written, columns);
    assert_eq!(head["rows"].as_u64(), Some(frame.height() as u64));
    let keys: Vec<String> = tables.iter().skip(columns.len()).flat_map(|row| spans(&row[0])).collect();
    let written: Vec<String> = head.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(written, keys);
    for list in head["counters"].as_array().expect("a list") {
        assert_eq!(list.as_object().expect("an object").keys().collect::<Vec<_>>(), ["name", "length"]);
    }
}

#[test]
fn keys_of_a_benchmark_are_as_documented() {
    let format = document("docs/FORMAT.md");
    let part = section(&format, "### The JSON");
    let text = fs::read_to_string(results().join("bench.json")).expect("a result");
    let result: Value = serde_json::from_str(&text).expect("JSON");
    let documented: BTreeSet<String> = rows(part).iter().flat_map(|r| spans(&r[0])).collect();
    let written: BTreeSet<String> = result.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(written, documented);
    let mut deeper = BTreeSet::new();
    keys(&result["machine"], &mut deeper);
    keys(&result["limits"][0], &mut deeper);
    keys(&result["stages"][0], &mut deeper);
    let all: BTreeSet<String> = spans(part).into_iter().collect();
    let lacking: Vec<_> = deeper.difference(&all).collect();
    assert!(lacking.is_empty(), "docs/FORMAT.md lacks {lacking:?}");
}
