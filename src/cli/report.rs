//! `outflow report`: the page of a finished run, made again.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::save::{Save, SaveKind};
use super::{Failure, beside, tell_of, terminal};
use crate::output::chart::{self, Look};
use crate::output::lang::Lang;
use crate::output::past_folder::PastFolder;
use crate::output::presentation::{Presentation, told};
use crate::output::report;
use crate::scenario::lines;

const HTML: SaveKind = SaveKind { what: "a page of outflow", option: "--to FILE", is_one: is_page };
const MD: SaveKind = SaveKind { what: "a page of outflow", option: "--to FILE", is_one: is_markdown };

/// Bytes in which a page says what it is.
const BEGIN: usize = 4096;

/// Options of `report`.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// Folder of a run
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Language of the page
    #[arg(long, value_name = "en|fr", default_value = "en", hide_default_value = true)]
    lang: Lang,
    /// A page with its figures in it, or text for those who write elsewhere
    #[arg(long, value_name = "html|md", value_enum, default_value = "html", hide_default_value = true)]
    format: PageFormat,
    /// File to write (default: DIR.html beside DIR, DIR.fr.html in French, DIR.md)
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// In which form a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PageFormat {
    /// One file with everything in it
    Html,
    /// Markdown, without figures
    Md,
}

impl ReportArgs {
    /// Makes the page.
    pub fn main(self) -> Result<(), Failure> {
        let past = PastFolder::open(&self.folder)?;
        tell_of(&past);
        let presentation = Presentation::read(&past)?;
        let (end, kind) = match self.format {
            PageFormat::Html => ("html", HTML),
            PageFormat::Md => ("md", MD),
        };
        let lang = if self.lang == Lang::default() { String::new() } else { format!(".{}", self.lang.id()) };
        let to = match &self.to {
            Some(to) => to.clone(),
            None => beside(&self.folder, &format!("{lang}.{end}"))?,
        };
        let place = Save::begin(&to, kind)?;
        let input = presentation.input(Look { lang: self.lang, ..Look::default() });
        let charts = chart::page_charts(&input);
        let (manifest, warnings) = told(&past);
        let report = presentation.report(&input, &charts, &warnings, manifest);
        let page = match self.format {
            PageFormat::Html => report::render(&report),
            PageFormat::Md => report::render_markdown(&report),
        };
        let page = page.map_err(|e| Failure::Other(e.to_string()))?;
        place.write(page.as_bytes())?;
        terminal::print(&lines(&format!("Page in {}\n", terminal::quoted(&to.display().to_string()))))
    }
}

/// Whether a file is a page that says it is ours.
fn is_page(path: &Path) -> bool {
    let mut bytes = fs::read(path).unwrap_or_default();
    bytes.truncate(BEGIN);
    String::from_utf8_lossy(&bytes).contains("<meta name=\"generator\" content=\"outflow ")
}

/// Whether a file is such a page as Markdown.
fn is_markdown(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"<!-- outflow "))
}
