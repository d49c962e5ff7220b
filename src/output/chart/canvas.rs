//! A sheet of marks that a figure fills and plotters then draws.
//!
//! Figures put marks down in pixels; painting comes last, when the height is known. plotters' SVG coordinates are whole
//! numbers, so a sheet is painted in tenths of a pixel under a `viewBox` that scales them back.

use plotters::backend::SVGBackend;
use plotters::drawing::IntoDrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle};

use super::ChartError;
use super::look::{Size, Theme};
use super::theme::{self, FONT_STACK, PLOTTERS_EM, Tone, text_width};
use crate::scenario::letters::neutral;

/// Units per pixel.
const UNIT: f64 = 10.0;
/// Half the width of the cap at the end of a whisker.
const CAP: f64 = 3.5;

/// Which point of a text its position names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// Size in pixels.
    pub size: f64,
    /// Semibold?
    pub bold: bool,
    /// Colour.
    pub color: Tone,
    /// Which point the position names.
    pub anchor: Anchor,
}

impl Face {
    /// Regular text that starts at its position.
    pub fn new(size: f64, color: Tone) -> Self {
        Self { size, bold: false, color, anchor: Anchor::Start }
    }

    /// The same in semibold.
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same with another anchor.
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Width of `text` in this face.
    pub fn width(&self, text: &str) -> f64 {
        text_width(text, self.size, self.bold)
    }
}

/// One thing on the sheet.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A filled rectangle: left, top, width, height.
    Rect(f64, f64, f64, f64, Tone),
    /// A line through points, with its width.
    Line(Vec<(f64, f64)>, f64, Tone),
    /// A filled area within points.
    Area(Vec<(f64, f64)>, Tone),
    /// A filled circle: centre and radius.
    Dot(f64, f64, f64, Tone),
    /// A text: x of its anchor and y of its baseline.
    Text(f64, f64, String, Face),
}

/// The marks of one figure, in drawing order.
#[derive(Clone, Debug, Default)]
pub struct Canvas {
    marks: Vec<Mark>,
}

impl Canvas {
    /// The marks so far.
    #[cfg(test)]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Puts the marks of another sheet on this one, its corner at (`dx`, `dy`).
    pub fn place(&mut self, other: Canvas, (dx, dy): (f64, f64)) {
        let moved = |points: Vec<(f64, f64)>| points.into_iter().map(|(x, y)| (x + dx, y + dy)).collect();
        self.marks.extend(other.marks.into_iter().map(|mark| match mark {
            Mark::Rect(x, y, w, h, tone) => Mark::Rect(x + dx, y + dy, w, h, tone),
            Mark::Line(points, width, tone) => Mark::Line(moved(points), width, tone),
            Mark::Area(points, tone) => Mark::Area(moved(points), tone),
            Mark::Dot(x, y, r, tone) => Mark::Dot(x + dx, y + dy, r, tone),
            Mark::Text(x, y, text, face) => Mark::Text(x + dx, y + dy, text, face),
        }));
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, color: Tone) {
        if width > 0.0 && height > 0.0 {
            self.marks.push(Mark::Rect(x, y, width, height, color));
        }
    }

    /// A line through `points`.
    pub fn line(&mut self, points: &[(f64, f64)], width: f64, color: Tone) {
        if points.len() > 1 {
            self.marks.push(Mark::Line(points.to_vec(), width, color));
        }
    }

    /// A filled area within `points`.
    pub fn area(&mut self, points: &[(f64, f64)], color: Tone) {
        if points.len() > 2 {
            self.marks.push(Mark::Area(points.to_vec(), color));
        }
    }

    /// A 95 % interval on a bar: from `lo` to `hi`, at the height `y`. Nothing where they are the same.
    pub fn whisker(&mut self, (lo, hi): (f64, f64), y: f64) {
        self.stroke_with_caps([(lo, y), (hi, y)], (0.0, CAP));
    }

    /// The same on an upright bar: from the height `lo` to the height `hi`, at `x`.
    pub fn upright_whisker(&mut self, (lo, hi): (f64, f64), x: f64) {
        self.stroke_with_caps([(x, lo), (x, hi)], (CAP, 0.0));
    }

    /// A line between two ends, each with a cap that reaches so far to both sides; white around it, as it lies on bars of any colour.
    fn stroke_with_caps(&mut self, ends: [(f64, f64); 2], (across, down): (f64, f64)) {
        if ends[0] == ends[1] {
            return;
        }
        for (width, color) in [(3.2, Tone::Paper), (1.2, Tone::Ink)] {
            self.line(&ends, width, color);
            for (x, y) in ends {
                self.line(&[(x - across, y - down), (x + across, y + down)], width, color);
            }
        }
    }

    /// A filled circle.
    pub fn dot(&mut self, x: f64, y: f64, radius: f64, color: Tone) {
        self.marks.push(Mark::Dot(x, y, radius, color));
    }

    /// One line of text on the baseline `y`.
    pub fn text(&mut self, x: f64, y: f64, text: &str, face: Face) {
        if !text.is_empty() {
            self.marks.push(Mark::Text(x, y, neutral(text), face));
        }
    }

    /// Lines of text, the first on the baseline `y`; returns the baseline after the last.
    pub fn lines(&mut self, x: f64, y: f64, lines: &[String], leading: f64, face: Face) -> f64 {
        for (i, line) in lines.iter().enumerate() {
            self.text(x, y + leading * i as f64, line, face);
        }
        y + leading * lines.len() as f64
    }

    /// The SVG of a sheet so many units wide and tall, at its size and on its ground, with words for those who do not see it.
    pub fn paint(&self, sheet: &Sheet, words: &Words) -> Result<String, ChartError> {
        theme::register();
        let mut body = String::new();
        let rgb = |tone: &Tone| tone.rgb(sheet.theme);
        {
            let size = (unit(sheet.width) as u32, unit(sheet.height) as u32);
            let area = SVGBackend::with_string(&mut body, size).into_drawing_area();
            let draw = |e: String| ChartError::Draw { name: words.name.to_owned(), why: e };
            area.fill(&rgb(&Tone::Paper)).map_err(|e| draw(e.to_string()))?;
            for mark in &self.marks {
                match mark {
                    Mark::Rect(x, y, w, h, color) => {
                        area.draw(&Rectangle::new([at(*x, *y), at(x + w, y + h)], rgb(color).filled()))
                    }
                    Mark::Line(points, width, color) => area.draw(&PathElement::new(
                        points.iter().map(|&(x, y)| at(x, y)).collect::<Vec<_>>(),
                        rgb(color).stroke_width(unit(*width).max(1) as u32),
                    )),
                    Mark::Area(points, color) => {
                        let corners: Vec<_> = points.iter().map(|&(x, y)| at(x, y)).collect();
                        area.draw(&Polygon::new(corners, rgb(color).filled()))
                    }
                    Mark::Dot(x, y, r, color) => {
                        area.draw(&Circle::new(at(*x, *y), unit(*r).max(1) as u32, rgb(color).filled()))
                    }
                    // With `VPos::Top` plotters shifts the baseline by 0.76 em, the same in every viewer; its other
                    // anchors use `ex`, on which viewers disagree.
                    Mark::Text(x, y, text, face) => {
                        area.draw(&Text::new(text.as_str(), at(*x, y - 0.76 * face.size), style(face, sheet.theme)))
                    }
                }
                .map_err(|e| draw(e.to_string()))?;
            }
            area.present().map_err(|e| draw(e.to_string()))?;
        }
        Ok(dress(&body, sheet, words))
    }
}

/// What a drawing lies on.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Width in units.
    pub width: f64,
    /// Height in units.
    pub height: f64,
    /// How large it is in print or on a screen.
    pub size: Size,
    /// On which ground it lies.
    pub theme: Theme,
}

/// What a drawing is called.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// File stem, with which its ids begin.
    pub name: &'a str,
    /// Title.
    pub title: &'a str,
    /// What it shows, for those who do not see it.
    pub desc: &'a str,
    /// Language of both.
    pub lang: &'static str,
}

fn unit(pixels: f64) -> i32 {
    // A float that is not a number becomes 0: the picture may be wrong, but it is still a picture.
    (pixels * UNIT).round() as i32
}

fn at(x: f64, y: f64) -> (i32, i32) {
    (unit(x), unit(y))
}

fn style(face: &Face, theme: Theme) -> TextStyle<'static> {
    let weight = if face.bold { FontStyle::Bold } else { FontStyle::Normal };
    let h = match face.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let size = (face.size * UNIT).round();
    // The neighbour whose quotient is the round number keeps `font-size` short.
    let grown = size * PLOTTERS_EM;
    let grown =
        [grown, grown.next_up(), grown.next_down()].into_iter().find(|g| g / PLOTTERS_EM == size).unwrap_or(grown);
    TextStyle {
        font: FontDesc::new(FontFamily::Name(FONT_STACK), grown, weight),
        color: face.color.rgb(theme).to_backend_color(),
        pos: Pos::new(h, VPos::Top),
    }
}

fn escape(text: &str) -> String {
    // Control characters may not stand in XML, not even escaped.
    neutral(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Our root element, with a title and a description, around what plotters drew.
fn dress(body: &str, sheet: &Sheet, words: &Words) -> String {
    let (name, title, desc) = (escape(words.name), escape(words.title), escape(words.desc));
    let mut out = String::with_capacity(body.len() + desc.len() + 512);
    let tall = sheet.size.millimetres() * sheet.height / sheet.width;
    out.push_str(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{:.2}mm\" viewBox=\"0 0 {} {}\" role=\"img\" lang=\"{}\" \
         aria-labelledby=\"{name}-title {name}-desc\" stroke-linejoin=\"round\">\n<title id=\"{name}-title\">{title}</title>\n\
         <desc id=\"{name}-desc\">{desc}</desc>\n",
        sheet.size.millimetres(),
        tall,
        unit(sheet.width),
        unit(sheet.height),
        words.lang,
    ));
    // plotters wraps texts in line breaks and repeats `opacity="1"`; neither says anything.
    let mut in_text = false;
    for line in body.lines().skip(1) {
        if line.starts_with("<text ") {
            in_text = true;
        } else if line == "</text>" {
            in_text = false;
        }
        if line.starts_with('<') {
            out.push_str(&line.replacen(" opacity=\"1\"", "", 1));
        } else {
            out.push_str(line);
        }
        if !in_text {
            out.push('\n');
        }
    }
    out
}

/// A frame that every figure starts from: the colour of ordinary labels.
pub fn label(size: f64) -> Face {
    Face::new(size, Tone::Ink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awkward_text_is_still_xml() {
        let mut sheet = Canvas::default();
        sheet.text(10.0, 20.0, "<b> & \"quotes\" \u{0} opacity=\"1\"", label(13.0));
        sheet.line(&[(0.0, f64::NAN), (f64::INFINITY, 3.0)], 1.0, Tone::Ink);
        let on = Sheet { width: 90.0, height: 50.0, size: Size::Page, theme: Theme::Light };
        let words = Words { name: "x", title: "a < b & \u{7}", desc: "\"d\"", lang: "en" };
        let svg = sheet.paint(&on, &words).unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert!(resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).is_ok(), "{svg}");
        assert!(svg.contains("opacity=&quot;1&quot;"));
    }
}
