//! The figures of the page: numbered as they come, each once, in the section that its name belongs to.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use super::blocks::{Block, Text};
use super::words::Words;
use crate::output::chart::PageChart;

/// Most bytes of the data of a chart that the page carries with it.
const MOST_DATA: usize = 150_000;

/// Which charts stand in which section, in this order. Others stand in the last one.
const SECTIONS: [(&str, &[&str]); 6] = [
    (
        "who",
        &[
            "scope",
            "people-reached",
            "reach-by-day",
            "informants",
            "facts",
            "exposure-by-purpose",
            "change",
            "categories",
            "depth",
            "daily-exposure",
        ],
    ),
    ("objection", &["objection-worth"]),
    ("worked-out", &["inference", "singling-out", "linking", "resolution"]),
    ("needed", &["security-recall", "security-categories", "security-detection", "business-intelligence"]),
    ("orders", &["exceedance", "dated-policies"]),
    ("sure", &["tornado", "sweep"]),
];

/// Charts that say nothing about what a policy lets out: `outflow bench` has them.
const LEFT_OUT: [&str; 1] = ["filter-throughput"];

/// A figure on the page.
#[derive(Clone, Debug, Serialize)]
pub struct FigureView {
    name: String,
    title: String,
    number: usize,
    /// "Figure 1."
    label: String,
    caption: Text,
    wide: String,
    /// Empty if the wide one stands for it.
    narrow: String,
    /// Whether its colours are its own: it stays on a light ground.
    own_colours: bool,
    /// Its data, for a page that was mailed without its folder; empty of too many.
    csv: String,
    /// Where its files are.
    files: Text,
    lang: Option<&'static str>,
}

/// A link to something on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Id of what it leads to.
    pub to: String,
}

/// The charts, and which of them are on the page already.
pub struct Figures<'a> {
    words: Words,
    charts: Vec<&'a PageChart>,
    numbers: HashMap<&'a str, usize>,
    own_colours: bool,
}

impl<'a> Figures<'a> {
    /// The charts of a page; none is on it yet.
    pub fn new(charts: &'a [PageChart], tones: bool, words: Words) -> Self {
        let charts = charts.iter().filter(|chart| !LEFT_OUT.contains(&chart.name.as_str())).collect();
        Figures { words, charts, numbers: HashMap::new(), own_colours: !tones }
    }

    /// A chart, numbered; none if there is none of this name, or if it is on the page already.
    pub fn take(&mut self, name: &str) -> Option<FigureView> {
        let chart = *self.charts.iter().find(|chart| chart.name == name)?;
        if self.numbers.contains_key(chart.name.as_str()) {
            return None;
        }
        let number = self.numbers.len() + 1;
        self.numbers.insert(&chart.name, number);
        let lang = (chart.lang != self.words.lang).then(|| chart.lang.id());
        Some(FigureView {
            name: chart.name.clone(),
            title: chart.title.clone(),
            number,
            label: self.words.fill("figure.number", &[&number.to_string()]),
            caption: Text { text: caption(&chart.alt), rich: false, lang },
            wide: with_ids(&chart.wide, "w"),
            narrow: if chart.narrow == chart.wide { String::new() } else { with_ids(&chart.narrow, "n") },
            own_colours: self.own_colours,
            csv: if chart.csv.len() <= MOST_DATA { BASE64.encode(&chart.csv) } else { String::new() },
            files: Text::own(self.words.fill("figure.files", &[&chart.name])),
            lang,
        })
    }

    /// A link to a chart that is on the page.
    pub fn link(&self, name: &str) -> Option<Link> {
        let number = self.numbers.get(name)?;
        Some(Link { text: self.words.fill("figure.see", &[&number.to_string()]), to: format!("chart-{name}") })
    }

    /// The charts of a section: links to those that are on the page, then the others.
    pub fn of_section(&mut self, id: &str) -> Vec<Block> {
        let names: &[&str] = SECTIONS.iter().find(|(section, _)| *section == id).map_or(&[], |(_, names)| names);
        let links: Vec<Link> = names.iter().filter_map(|name| self.link(name)).collect();
        let shown = (!links.is_empty()).then(|| Block::Links { label: self.words.say("figure.above"), links });
        let figures: Vec<Block> = names.iter().filter_map(|name| self.figure(name)).collect();
        shown.into_iter().chain(figures).collect()
    }

    /// All charts that no section asked for.
    pub fn others(&mut self) -> Vec<Block> {
        let names: Vec<&str> = self.charts.iter().map(|chart| chart.name.as_str()).collect();
        names.into_iter().filter_map(|name| self.figure(name)).collect()
    }

    fn figure(&mut self, name: &str) -> Option<Block> {
        self.take(name).map(|figure| Block::Figure(Box::new(figure)))
    }
}

/// The main finding without the kind of chart, which a reader of the caption sees.
fn caption(alt: &str) -> String {
    let text = alt.split_once(": ").filter(|(kind, _)| kind.len() < 20).map_or(alt, |(_, finding)| finding);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A picture whose ids begin with `prefix`: both sizes of a chart have the same ids, and a page must not.
fn with_ids(svg: &str, prefix: &str) -> String {
    let mut out = String::with_capacity(svg.len() + 256);
    for (i, part) in svg.split('<').enumerate() {
        if i > 0 {
            out.push('<');
        }
        // Only in tags: a text may say `id="x"`.
        let (tag, text) = part.split_at(if i == 0 { 0 } else { part.find('>').unwrap_or(part.len()) });
        let mut tag = tag.replace(" id=\"", &format!(" id=\"{prefix}-"));
        for refers in ["url(#", "href=\"#"] {
            tag = tag.replace(refers, &format!("{refers}{prefix}-"));
        }
        for names in ["aria-labelledby=\"", "aria-describedby=\""] {
            if let Some((before, rest)) = tag.split_once(names)
                && let Some((ids, after)) = rest.split_once('"')
            {
                let ids: Vec<String> = ids.split_whitespace().map(|id| format!("{prefix}-{id}")).collect();
                tag = format!("{before}{names}{}\"{after}", ids.join(" "));
            }
        }
        out.push_str(&tag);
        out.push_str(text);
    }
    out
}

/// The colours of charts as variables of a style sheet: on a light ground, or on a dark one.
pub fn tones(tones: &[(String, String)], dark: bool) -> String {
    let colour = |(i, of): (usize, &(String, String))| {
        let colour: String = (if dark { &of.1 } else { &of.0 }).chars().filter(|c| !"<>{};\"".contains(*c)).collect();
        format!("--t{i}:{colour};")
    };
    tones.iter().enumerate().map(colour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_leave_out_what_is_seen() {
        assert_eq!(caption("Bar chart: no policy discloses."), "No policy discloses.");
        assert_eq!(caption("The filter was not timed."), "The filter was not timed.");
        assert_eq!(caption(""), "");
    }

    #[test]
    fn ids_are_those_of_a_size() {
        let svg = r#"<svg aria-labelledby="a-title a-desc"><title id="a-title">say id="x" url(#x)</title><rect clip-path="url(#a-clip)"/></svg>"#;
        let rewritten = r#"<svg aria-labelledby="n-a-title n-a-desc"><title id="n-a-title">say id="x" url(#x)</title><rect clip-path="url(#n-a-clip)"/></svg>"#;
        assert_eq!(with_ids(svg, "n"), rewritten);
    }

    #[test]
    fn figures_are_numbered_as_they_come_and_stand_once() {
        let chart = |name: &str| PageChart { name: name.to_owned(), ..PageChart::default() };
        let charts = ["depth", "filter-throughput", "of-tomorrow", "scope"].map(chart);
        let mut figures = Figures::new(&charts, false, Words::default());
        assert_eq!(figures.take("scope").map(|figure| figure.number), Some(1));
        assert!(figures.take("scope").is_none() && figures.take("filter-throughput").is_none());
        let kinds = |blocks: &[Block]| {
            let kind = |block: &Block| match block {
                Block::Figure(figure) => format!("{} {}", figure.number, figure.name),
                Block::Links { links, .. } => format!("-> {}", links[0].to),
                _ => String::new(),
            };
            blocks.iter().map(kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&figures.of_section("who")), ["-> chart-scope", "2 depth"]);
        assert_eq!(kinds(&figures.others()), ["3 of-tomorrow"]);
    }

    #[test]
    fn tones_are_variables() {
        let of = [("#fff".to_owned(), "#000".to_owned()), ("a;}b".to_owned(), "c".to_owned())];
        assert_eq!((tones(&of, false), tones(&of, true)), ("--t0:#fff;--t1:ab;".into(), "--t0:#000;--t1:c;".into()));
    }
}
