//! Charts as a page carries them: wide and narrow, in colours that follow the ground of the page.

use super::{Chart, ChartInput, Look, Size, Theme, draw_all};
use crate::output::findings::MOST_SHOWN;
use crate::output::lang::Lang;

/// A figure on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageChart {
    /// File stem.
    pub name: String,
    /// What it shows, or what was found.
    pub title: String,
    /// The same in words, for those who do not see it.
    pub alt: String,
    /// The picture for screens of some width, and for paper.
    pub wide: String,
    /// The picture for telephones.
    pub narrow: String,
    /// The data drawn.
    pub csv: String,
    /// The language of its words.
    pub lang: Lang,
}

/// Colours of a page, on white and on black: `var(--t0)` is the first.
pub type Tones = Vec<(String, String)>;

/// The figures of a run for a page, in the language of `input`. A figure that can't be drawn is left out: the files of the run tell why.
pub fn page_charts(input: &ChartInput) -> (Vec<PageChart>, Tones) {
    let lang = input.look.lang;
    let mut tones = Tones::new();
    // The strongest findings are headlines of the page: below them a figure says what it shows.
    let findings = input.findings.get(MOST_SHOWN..).unwrap_or_default();
    let look = |size, theme| draw_all(&ChartInput { findings, look: Look { size, theme, lang }, ..*input });
    let [wide, wide_dark] = [Theme::Light, Theme::Dark].map(|theme| look(Size::Page, theme));
    let [narrow, narrow_dark] = [Theme::Light, Theme::Dark].map(|theme| look(Size::Phone, theme));
    let mut charts = Vec::new();
    for (((wide, wide_dark), narrow), narrow_dark) in wide.into_iter().zip(wide_dark).zip(narrow).zip(narrow_dark) {
        let (Ok(wide), Ok(wide_dark), Ok(narrow), Ok(narrow_dark)) = (wide, wide_dark, narrow, narrow_dark) else {
            continue;
        };
        charts.push(PageChart {
            wide: on_both(&wide, &wide_dark, &mut tones),
            narrow: on_both(&narrow, &narrow_dark, &mut tones),
            name: wide.name,
            title: wide.title,
            alt: wide.alt,
            csv: wide.csv,
            lang,
        });
    }
    (charts, tones)
}

/// One picture of two that differ in their colours alone: each colour becomes a variable.
fn on_both(light: &Chart, dark: &Chart, tones: &mut Tones) -> String {
    let (mut out, mut rest, mut other) =
        (String::with_capacity(light.svg.len()), light.svg.as_str(), colours(&dark.svg));
    while let Some(at) = rest.find("\"#").filter(|at| is_colour(&rest[at + 1..])) {
        let colour = &rest[at + 1..at + 8];
        let pair = (colour.to_owned(), other.next().unwrap_or(colour).to_owned());
        let place = tones.iter().position(|tone| *tone == pair).unwrap_or_else(|| {
            tones.push(pair);
            tones.len() - 1
        });
        out.push_str(&rest[..=at]);
        out.push_str(&format!("var(--t{place})"));
        rest = &rest[at + 8..];
    }
    out + rest
}

fn is_colour(text: &str) -> bool {
    text.len() >= 8 && text.as_bytes()[7] == b'"' && text[1..7].bytes().all(|b| b.is_ascii_hexdigit())
}

fn colours(svg: &str) -> impl Iterator<Item = &str> {
    svg.match_indices("\"#").map(|(at, _)| &svg[at + 1..]).filter(|text| is_colour(text)).map(|text| &text[..7])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::fixtures::Fixture;

    #[test]
    fn colours_become_variables_with_both_grounds() {
        let run = Fixture::plausible();
        let (charts, tones) = page_charts(&run.input());
        assert!(!charts.is_empty() && tones.len() > 4, "{tones:?}");
        assert!(tones.iter().any(|(light, dark)| light == "#FFFFFF" && dark != light), "{tones:?}");
        for chart in &charts {
            for svg in [&chart.wide, &chart.narrow] {
                assert!(colours(svg).next().is_none() && svg.contains("var(--t0)"), "{}", chart.name);
            }
            assert_ne!(chart.wide, chart.narrow);
        }
    }
}
