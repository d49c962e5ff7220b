//! `outflow chart`: figures of finished results, drawn again.

mod files;
mod source;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, beside, terminal};
use crate::output::chart::{Chart, Look, Size, Theme};
use crate::output::lang::Lang;
use crate::output::presentation::drawn;
use crate::scenario::{lines, nearest};
use files::{PictureFiles, end};
use source::Source;

/// Options of `chart`.
#[derive(Args, Debug)]
pub struct ChartArgs {
    /// Folder of a run, a sweep, a study of sensitivity, a comparison or a plan of an audit; or the result of `outflow bench --save`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Figures to draw, by name (default: all)
    #[arg(value_name = "FIGURE")]
    figures: Vec<String>,
    /// Print which figures there are, with their titles, and draw none
    #[arg(long)]
    list: bool,
    /// What to write: a picture of lines, of pixels, or a page of lines (repeat for several)
    #[arg(long, value_name = "svg|png|pdf", value_enum, default_values_t = [PictureFormat::Svg])]
    format: Vec<PictureFormat>,
    /// Where it is to stand: a column of 85 mm, a page of 170 mm, a slide, or a phone
    #[arg(long, value_name = "column|page|slide|phone", default_value = "page", hide_default_value = true)]
    size: Size,
    /// Language of the figure
    #[arg(long, value_name = "en|fr", default_value = "en", hide_default_value = true)]
    lang: Lang,
    /// Ground that it stands on
    #[arg(long, value_name = "light|dark|print", default_value = "light", hide_default_value = true)]
    theme: Theme,
    /// Title in place of the figure's own; of one FIGURE
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Folder for the pictures and their data (default: DIR-charts, beside DIR)
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

/// In which form a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PictureFormat {
    /// Lines and texts
    Svg,
    /// Pixels
    Png,
    /// Lines, on a page of the figure's size
    Pdf,
}

impl ChartArgs {
    /// Draws, or lists.
    pub fn main(self) -> Result<(), Failure> {
        if self.title.is_some() && self.figures.len() != 1 {
            return Err(Failure::Input(
                "error: --title names one figure, not several\n  help: name the FIGURE that it is for".into(),
            ));
        }
        let source = Source::read(&self.folder)?;
        let look = Look { size: self.size, theme: self.theme, lang: self.lang };
        if look.lang != Lang::default() && source.keeps_words() {
            terminal::log("note: title and subtitle of this figure stay as they were written, in English");
        }
        let (charts, missing) = drawn(source.draw(look, self.title.as_deref()));
        if self.list {
            let rows: Vec<Vec<String>> =
                charts.iter().map(|c| vec![c.name.clone(), terminal::title(&c.title)]).collect();
            return terminal::print(&terminal::table(&["figure", "title"], &rows, 2));
        }
        let chosen = self.chosen(charts, &missing)?;
        let to = match &self.to {
            Some(to) => to.clone(),
            None => beside(&self.folder, "-charts")?,
        };
        let formats = self.formats();
        std::fs::create_dir_all(&to).map_err(|e| unusable(&to, &e))?;
        // What can't be written is known before anything is.
        let files = chosen.iter().map(|chart| PictureFiles::begin(&to, chart, &formats, look));
        let files = files.collect::<Result<Vec<_>, Failure>>()?;
        files.iter().try_for_each(PictureFiles::write)?;
        missing.iter().for_each(|why| terminal::log(&lines(&format!("warning: {why}"))));
        let n = chosen.len();
        let ends: Vec<&str> = formats.iter().map(|format| end(*format)).chain(["csv", "json"]).collect();
        terminal::print(&format!(
            "{n} {} in {}: {}\n",
            if n == 1 { "figure" } else { "figures" },
            terminal::quoted(&to.display().to_string()),
            ends.join(", ")
        ))
    }

    /// Formats, each once.
    fn formats(&self) -> Vec<PictureFormat> {
        let mut formats: Vec<PictureFormat> = Vec::new();
        for format in &self.format {
            if !formats.contains(format) {
                formats.push(*format);
            }
        }
        formats
    }

    /// The figures that are asked for, in the order of the page.
    fn chosen(&self, charts: Vec<Chart>, missing: &[String]) -> Result<Vec<Chart>, Failure> {
        let names: Vec<&str> = charts.iter().map(|c| c.name.as_str()).collect();
        for asked in &self.figures {
            // One that is there and could not be drawn is no slip of whoever asks.
            if let Some(why) = missing.iter().find(|why| why.contains(&format!("`{asked}`"))) {
                return Err(Failure::Other(lines(why)));
            }
            if !names.contains(&asked.as_str()) {
                let near = nearest(asked, names.iter().copied());
                let meant = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                return Err(Failure::Input(lines(&format!(
                    "error: {} has no figure `{asked}`\n  help: {meant}there are {}",
                    self.folder.display(),
                    names.join(", ")
                ))));
            }
        }
        let wanted = |c: &Chart| self.figures.is_empty() || self.figures.contains(&c.name);
        Ok(charts.into_iter().filter(wanted).collect())
    }
}

fn unusable(folder: &Path, e: &std::io::Error) -> Failure {
    Failure::Input(lines(&format!(
        "error: can't write into {}: {e}\n  hint: choose another folder with --to",
        folder.display()
    )))
}
