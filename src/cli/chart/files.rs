//! The files of a figure: pictures, the data that they show, and what describes them. They replace nothing but earlier ones.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::PictureFormat;
use crate::cli::Failure;
use crate::cli::save::{Save, SaveKind};
use crate::output::chart::{Chart, ChartError, Look};
use crate::output::lang::Lang;
use crate::output::manifest::VERSION;
use crate::output::{pdf, picture_marks};

/// The option that names the folder.
const OPTION: &str = "--to FOLDER";
const SVG: SaveKind = SaveKind { what: "a figure of outflow", option: OPTION, is_one: picture_marks::is_svg };
const PNG: SaveKind = SaveKind { what: "a figure of outflow", option: OPTION, is_one: picture_marks::is_png };
const PDF: SaveKind = SaveKind { what: "a figure of outflow", option: OPTION, is_one: picture_marks::is_pdf };
const CSV: SaveKind = SaveKind { what: "the data of a figure of outflow", option: OPTION, is_one: is_csv };
const JSON: SaveKind = SaveKind { what: "what describes a figure of outflow", option: OPTION, is_one: is_json };

/// The end of a picture's file.
pub fn end(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Svg => "svg",
        PictureFormat::Png => "png",
        PictureFormat::Pdf => "pdf",
    }
}

/// Places of the files of a figure, and what goes there.
pub struct PictureFiles {
    files: Vec<(Save, Vec<u8>)>,
}

impl PictureFiles {
    /// Makes what is to be written, and finds out whether it can be.
    pub fn begin(folder: &Path, chart: &Chart, formats: &[PictureFormat], look: Look) -> Result<Self, Failure> {
        let stem = stem(&chart.name, look);
        let at = |name: &str| folder.join(name);
        let mut files = Vec::new();
        for &format in formats {
            let (kind, content) = picture(chart, format).map_err(|e| Failure::Other(e.to_string()))?;
            files.push((Save::begin(&at(&format!("{stem}.{}", end(format))), kind)?, content));
        }
        // Data of another grain have a longer name: `exceedance-phases.csv`.
        let own = |name: &str| name.replacen(&chart.name, &stem, 1);
        let mut json = chart.json.replace(&quoted(&format!("{}.csv", chart.name)), &quoted(&format!("{stem}.csv")));
        if let Some((name, csv)) = &chart.more_csv {
            files.push((Save::begin(&at(&own(name)), CSV)?, csv.clone().into_bytes()));
            json = json.replace(&quoted(name), &quoted(&own(name)));
        }
        files.push((Save::begin(&at(&format!("{stem}.csv")), CSV)?, chart.csv.clone().into_bytes()));
        // Last: by what describes them data are recognised.
        files.push((Save::begin(&at(&format!("{stem}.json")), JSON)?, json.into_bytes()));
        Ok(PictureFiles { files })
    }

    /// Writes them.
    pub fn write(&self) -> Result<(), Failure> {
        self.files.iter().try_for_each(|(place, content)| place.write(content))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// The name of a figure's files: its own, and what of its look is not as it is by default.
fn stem(name: &str, look: Look) -> String {
    let usual = Look::default();
    let size = (look.size != usual.size).then(|| look.size.id());
    let theme = (look.theme != usual.theme).then(|| look.theme.id());
    let lang = (look.lang != Lang::default()).then(|| look.lang.id());
    let parts = [size, theme, lang].into_iter().flatten().map(|part| format!("-{part}"));
    std::iter::once(name.to_owned()).chain(parts).collect()
}

fn picture(chart: &Chart, format: PictureFormat) -> Result<(SaveKind, Vec<u8>), ChartError> {
    Ok(match format {
        PictureFormat::Svg => (SVG, chart.svg.clone().into_bytes()),
        PictureFormat::Png => (PNG, chart.png()?),
        PictureFormat::Pdf => (PDF, pdf::page(&chart.name, &chart.svg, &chart.title, VERSION)?),
    })
}

/// What describes a figure of ours.
fn described(path: &Path) -> Option<Value> {
    let json: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let ours = json["source_line"].as_str()?.starts_with("outflow ") && json["data"].is_string();
    ours.then_some(json)
}

fn is_json(path: &Path) -> bool {
    described(path).is_some()
}

/// Whether what describes a figure lies beside a file, and says that these columns are its data: a table by itself says nothing about who wrote it.
fn is_csv(path: &Path) -> bool {
    let (Some(name), Some(stem)) = (path.file_name(), path.file_stem()) else { return false };
    let (name, stem) = (name.to_string_lossy(), stem.to_string_lossy());
    let Ok(text) = fs::read_to_string(path) else { return false };
    let head = text.lines().next().unwrap_or_default();
    // `exceedance-phases.csv` is described in `exceedance.json`.
    let stems = stem.match_indices('-').map(|(at, _)| &stem[..at]).chain([&*stem]);
    let beside: Vec<PathBuf> = stems.map(|stem| path.with_file_name(format!("{stem}.json"))).collect();
    let says = |of: &Value| {
        let columns = of["columns"].as_array().into_iter().flatten().filter_map(|c| c["name"].as_str());
        of["data"].as_str() == Some(&name) && columns.collect::<Vec<_>>().join(",") == head
    };
    beside
        .iter()
        .filter_map(|json| described(json))
        .any(|json| says(&json) || json["more_data"].as_array().into_iter().flatten().any(says))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::{Size, Theme};

    #[test]
    fn names_say_what_is_not_usual() {
        let look = |size, theme, lang| stem("depth", Look { size, theme, lang });
        assert_eq!(look(Size::Page, Theme::Light, Lang::En), "depth");
        assert_eq!(look(Size::Column, Theme::Light, Lang::En), "depth-column");
        assert_eq!(look(Size::Slide, Theme::Dark, Lang::Fr), "depth-slide-dark-fr");
    }

    #[test]
    fn data_are_recognised_by_what_describes_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| fs::write(at(name), text).expect("writes");
        write("a.csv", "x,y\n1,2\n");
        assert!(!is_csv(&at("a.csv")));
        write(
            "a.json",
            r#"{"source_line": "outflow 0.1.0", "data": "a.csv", "columns": [{"name": "x"}, {"name": "y"}],
            "more_data": [{"data": "a-more.csv", "columns": [{"name": "z"}]}]}"#,
        );
        write("a-more.csv", "z\n1\n");
        write("a-other.csv", "z\n1\n");
        assert!(is_csv(&at("a.csv")) && is_csv(&at("a-more.csv")) && is_json(&at("a.json")));
        assert!(!is_csv(&at("a-other.csv")) && !is_csv(&at("none.csv")));
        write("a.csv", "x,other\n1,2\n");
        assert!(!is_csv(&at("a.csv")));
        write("a.json", "{\"data\": \"a.csv\"}");
        assert!(!is_json(&at("a.json")));
    }
}
