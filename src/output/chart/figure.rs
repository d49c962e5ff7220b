//! The frame of every figure: title and subtitle above, the source line below, and the files made from it.

use serde::Serialize;
use serde_json::json;

use super::canvas::{Canvas, Face, Sheet, Words, label};
use super::data::ChartData;
use super::layout::wrap;
use super::row_index::Facts;
use super::theme::{SMALL, SUBTITLE, TITLE, TITLE_NARROW, Tone};
use super::{Chart, ChartError};
use crate::output::number::grouped;

/// What the source line ends with, unless a figure says otherwise.
const MODEL: (&str, &str) = ("model, not a measurement", "modèle, non une mesure");

/// With less room across than this a chart is narrow: names stand above what they name, panels below each other.
pub const NARROW: f64 = 560.0;

/// What a figure is about, in the language of the chart.
pub struct Heading {
    /// What is shown: the title, if no finding is.
    pub topic: String,
    /// Unit, definition, period.
    pub detail: String,
}

/// A figure on its way to becoming a [`Chart`].
pub struct Figure {
    name: &'static str,
    title: String,
    topic: String,
    subtitle: String,
    /// A sentence with the main finding.
    pub alt: String,
    /// The marks.
    pub sheet: Canvas,
    /// Width of the sheet, in units.
    pub width: f64,
    /// White space at its left and right.
    pub margin: f64,
    /// Where the body starts, then where it ends.
    pub y: f64,
    /// The data drawn.
    pub data: ChartData,
    /// Data of another grain that are drawn too, in a file of their own: the end of its name behind that of the figure, and what is in it.
    pub more_data: Option<(&'static str, ChartData)>,
    /// What there is more of than is drawn.
    left_out: Vec<LeftOut>,
    nature: (&'static str, &'static str),
}

/// More than a figure can show: what, how much of it is drawn, and how much there is.
#[derive(Clone, Copy, Debug, Serialize)]
struct LeftOut {
    what: &'static str,
    drawn: usize,
    of: usize,
}

impl Figure {
    /// A figure with its head drawn. Its title is what the run found, if it found something that this figure shows; else what is shown.
    pub fn new(facts: &Facts, name: &'static str, heading: Heading, data: ChartData) -> Self {
        let mut sheet = Canvas::default();
        let width = facts.width;
        let margin = if width < NARROW { 12.0 } else { 24.0 };
        let content = width - 2.0 * margin;
        let (title, subtitle) = match facts.headline(name) {
            Some(found) => (found, format!("{}. {}", heading.topic.trim_end_matches('.'), heading.detail)),
            None => (heading.topic.clone(), heading.detail.clone()),
        };
        let (size, most) = if width < NARROW { (TITLE_NARROW, 8) } else { (TITLE, 4) };
        let y = margin.max(16.0) + size * 0.82;
        let y = sheet.lines(margin, y, &wrap(&title, content, size, true, most), size * 1.25, label(size).bold());
        let under = wrap(&subtitle, content, SUBTITLE, false, if width < NARROW { 14 } else { 6 });
        let mut y = sheet.lines(margin, y, &under, SUBTITLE * 1.4, Face::new(SUBTITLE, Tone::Muted));
        // A line of its own: nobody may take the part for the whole.
        if let Some(note) = facts.left_out() {
            let lines = wrap(&note, content, SUBTITLE, false, 4);
            y = sheet.lines(margin, y, &lines, SUBTITLE * 1.4, label(SUBTITLE));
        }
        let mut figure = Self {
            name,
            title,
            topic: heading.topic,
            subtitle,
            alt: String::new(),
            sheet,
            width,
            margin,
            y: y + 8.0,
            data,
            more_data: None,
            left_out: Vec::new(),
            nature: MODEL,
        };
        figure.leave_out("policies", facts.input.policies.len(), facts.all_policies);
        figure
    }

    /// Its name.
    #[cfg(test)]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Width between the margins.
    pub fn content(&self) -> f64 {
        self.width - 2.0 * self.margin
    }

    /// Whether there is little room across.
    pub fn is_narrow(&self) -> bool {
        self.width < NARROW
    }

    /// A small note below what is drawn, in as many lines as it takes.
    pub fn note(&mut self, text: &str) {
        let lines = wrap(text, self.content(), SMALL, false, 12);
        self.y =
            self.sheet.lines(self.margin, self.y + SMALL, &lines, SMALL * 1.4, Face::new(SMALL, Tone::Muted)) + 2.0;
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
        let numbers = [drawn.to_string(), grouped(all as u64)];
        match self.alt.split_once(": ").filter(|_| drawn < all) {
            None => self.alt.clone(),
            Some((kind, finding)) => facts.lang().fill(
                "{0} of the first {1} of {2} policies: {3} The tables of the run have the others.",
                "{0} des {1} premières politiques sur {2}\u{a0}: {3} Les tables contiennent les autres.",
                &[kind, &numbers[0], &numbers[1], finding],
            ),
        }
    }

    /// For a figure that shows something else than the model: what the source line says instead, in English and French.
    pub fn nature(mut self, en: &'static str, fr: &'static str) -> Self {
        self.nature = (en, fr);
        self
    }

    /// Says that there is nothing to draw.
    pub fn nothing(mut self, why: &str) -> Self {
        let lines = wrap(why, self.content(), SUBTITLE, false, 4);
        self.y = self.sheet.lines(self.margin, self.y + 24.0, &lines, SUBTITLE * 1.4, label(SUBTITLE)) + 4.0;
        self.alt = why.to_owned();
        self
    }

    /// The source line.
    pub fn source_line(&self, facts: &Facts) -> String {
        let (input, lang) = (facts.input, facts.lang());
        let certainty = if self.nature == MODEL { format!(" · {}", facts.certainty()) } else { String::new() };
        let people = lang.number(grouped(input.people));
        let seed = input.seed.to_string();
        let about = lang.fill("n = {0} people · seed {1}", "n = {0} personnes · graine {1}", &[&people, &seed]);
        let nature = lang.say(self.nature.0, self.nature.1);
        format!("outflow {} · {} · {about}{certainty} · {nature}", input.version, input.scenario)
    }

    /// Draws the source line; returns the height of the figure.
    pub fn foot(&mut self, facts: &Facts) -> f64 {
        let lines = wrap(&self.source_line(facts), self.content(), SMALL, false, 6);
        let end = 26.0 + SMALL * 1.4 * lines.len() as f64 + 2.0;
        // On a slide the source stands at the bottom, however much is above it.
        let least = facts.look.size.aspect().map_or(0.0, |aspect| self.width * aspect);
        self.y = self.y.max(least - end);
        let y = self.y + 26.0;
        let y = self.sheet.lines(self.margin, y, &lines, SMALL * 1.4, Face::new(SMALL, Tone::Muted));
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
        let look = facts.look;
        let sheet = Sheet { width: self.width, height, size: look.size, theme: look.theme };
        let words = Words { name: self.name, title: &self.title, desc: &self.alt, lang: look.lang.id() };
        let svg = self.sheet.paint(&sheet, &words)?;
        let input = facts.input;
        let json = json!({
            "name": self.name,
            "title": self.title,
            "topic": self.topic,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "lang": look.lang.id(),
            "size": look.size.id(),
            "theme": look.theme.id(),
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
            size: look.size,
            units: (self.width, height),
            svg,
            csv: self.data.csv(),
            more_csv: more.map(|(name, csv, ..)| (name, csv)),
            json: json + "\n",
        })
    }
}
