//! The frame of every figure: title and subtitle above, the source line below, and the files made from it.

use serde::Serialize;
use serde_json::json;

use super::canvas::{Canvas, Face, label};
use super::data::ChartData;
use super::layout::wrap;
use super::number::grouped;
use super::raster;
use super::row_index::Facts;
use super::theme::{CONTENT, MARGIN, MUTED, SMALL, SUBTITLE, TITLE};
use super::{Chart, ChartError};

/// What the source line ends with, unless a figure says otherwise.
const MODEL: &str = "model, not a measurement";

/// A figure on its way to becoming a [`Chart`].
pub struct Figure {
    name: &'static str,
    title: String,
    subtitle: String,
    /// A sentence with the main finding.
    pub alt: String,
    /// The marks.
    pub sheet: Canvas,
    /// Where the body starts, then where it ends.
    pub y: f64,
    /// The data drawn.
    pub data: ChartData,
    /// Data of another grain that are drawn too, in a file of their own: the end of its name behind that of the figure, and what is in it.
    pub more_data: Option<(&'static str, ChartData)>,
    /// What there is more of than is drawn.
    left_out: Vec<LeftOut>,
    nature: &'static str,
}

/// More than a figure can show: what, how much of it is drawn, and how much there is.
#[derive(Clone, Copy, Debug, Serialize)]
struct LeftOut {
    what: &'static str,
    drawn: usize,
    of: usize,
}

impl Figure {
    /// A figure with its head drawn.
    pub fn new(facts: &Facts, name: &'static str, title: String, subtitle: String, data: ChartData) -> Self {
        let mut sheet = Canvas::default();
        let y = MARGIN + TITLE * 0.82;
        let y = sheet.lines(MARGIN, y, &wrap(&title, CONTENT, TITLE, true, 3), TITLE * 1.25, label(TITLE).bold());
        let under = wrap(&subtitle, CONTENT, SUBTITLE, false, 5);
        let mut y = sheet.lines(MARGIN, y, &under, SUBTITLE * 1.4, Face::new(SUBTITLE, MUTED));
        // A line of its own: nobody may take the part for the whole.
        if let Some(note) = facts.left_out() {
            y = sheet.lines(MARGIN, y, &wrap(&note, CONTENT, SUBTITLE, false, 2), SUBTITLE * 1.4, label(SUBTITLE));
        }
        let mut figure = Self {
            name,
            title,
            subtitle,
            alt: String::new(),
            sheet,
            y: y + 12.0,
            data,
            more_data: None,
            left_out: Vec::new(),
            nature: MODEL,
        };
        figure.leave_out("policies", facts.input.policies.len(), facts.all_policies);
        figure
    }

    /// Notes, in the description of the figure, that not all is drawn; its subtitle says so in words.
    pub fn leave_out(&mut self, what: &'static str, drawn: usize, of: usize) {
        if drawn < of {
            self.left_out.push(LeftOut { what, drawn, of });
        }
    }

    /// What readers are told who do not see the picture: its finding, and of how many policies it is one.
    fn in_words(&self, facts: &Facts) -> String {
        let (drawn, all) = (facts.input.policies.len(), facts.all_policies);
        match self.alt.split_once(": ").filter(|_| drawn < all) {
            None => self.alt.clone(),
            Some((kind, finding)) => {
                let among = format!("{kind} of the first {drawn} of {} policies", grouped(all as u64));
                format!("{among}: {finding} The tables of the run have the others.")
            }
        }
    }

    /// For a figure that shows something else than the model: what the source line says instead.
    pub fn nature(mut self, nature: &'static str) -> Self {
        self.nature = nature;
        self
    }

    /// Says that there is nothing to draw.
    pub fn nothing(mut self, why: &str) -> Self {
        self.sheet.text(MARGIN, self.y + 24.0, why, label(SUBTITLE));
        self.y += 48.0;
        self.alt = why.to_owned();
        self
    }

    /// The source line.
    pub fn source_line(&self, facts: &Facts) -> String {
        let input = facts.input;
        let certainty = if self.nature == MODEL { format!(" · {}", facts.certainty()) } else { String::new() };
        format!(
            "outflow {} · {} · n = {} people · seed {}{certainty} · {}",
            input.version,
            input.scenario,
            grouped(input.people),
            input.seed,
            self.nature
        )
    }

    /// Draws the source line; returns the height of the figure.
    pub fn foot(&mut self, facts: &Facts) -> f64 {
        let lines = wrap(&self.source_line(facts), CONTENT, SMALL, false, 3);
        let y = self.y + 26.0;
        let y = self.sheet.lines(MARGIN, y, &lines, SMALL * 1.4, Face::new(SMALL, MUTED));
        y + 2.0
    }

    /// The files of the figure.
    pub fn finish(mut self, facts: &Facts) -> Result<Chart, ChartError> {
        let height = self.foot(facts);
        let source_line = self.source_line(facts);
        self.alt = self.in_words(facts);
        let more = self.more_data.as_mut().map(|(end, data)| (format!("{}-{end}.csv", self.name), data));
        let more = more.map(|(name, data)| {
            data.name_ids(|column, id| facts.title(column, id));
            (name, data.csv(), data.len(), data.describe())
        });
        self.data.name_ids(|column, id| facts.title(column, id));
        let svg = self.sheet.paint(height, self.name, &self.title, &self.alt)?;
        let png = raster::png(self.name, &svg)?;
        let input = facts.input;
        let json = json!({
            "name": self.name,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "source_line": source_line,
            "scenario": input.scenario,
            "scenario_title": input.title,
            "n": input.people,
            "people": input.people,
            "users": input.users,
            "days": input.days,
            "start": input.start.to_string(),
            "events": input.events,
            "replicates": input.replicates,
            "seed": input.seed,
            "seed_text": input.seed.to_string(),
            "digest": input.digest,
            "version": input.version,
            "command": input.command,
            "data": format!("{}.csv", self.name),
            "rows": self.data.len(),
            "columns": self.data.describe(),
            "more_data": more.iter().map(|(name, _, rows, columns)| json!({ "data": name, "rows": rows, "columns": columns })).collect::<Vec<_>>(),
            "left_out": self.left_out,
            "note": facts.left_out().unwrap_or_default(),
        });
        let json = serde_json::to_string_pretty(&json)
            .map_err(|e| ChartError::Json { name: self.name.to_owned(), why: e.to_string() })?;
        Ok(Chart {
            name: self.name.to_owned(),
            title: self.title,
            subtitle: self.subtitle,
            alt: self.alt,
            source_line,
            n: input.people,
            seed: input.seed,
            svg,
            png,
            csv: self.data.csv(),
            more_csv: more.map(|(name, csv, ..)| (name, csv)),
            json: json + "\n",
        })
    }
}
