//! A figure as a PDF of its own size: lines and areas, and letters as their outlines, so that no reader needs our fonts.
//!
//! The converters that there are build on other versions of what reads our SVGs; a figure has flat colours, lines, dashes and texts only, and that is a page of code.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use resvg::tiny_skia::{Path as Outline, PathSegment, Point, Transform};
use resvg::usvg::{
    Color, Fill, FillRule, Group, LineCap, LineJoin, Node, Options, Paint, PaintOrder, Path, Stroke, Tree,
};

use crate::output::chart::ChartError;
use crate::output::chart::glyphs::substituted;
use crate::output::chart::raster::fonts;

/// Points to a CSS pixel.
const POINTS: f32 = 0.75;
/// Steps of opacity that are told apart.
const STEPS: f32 = 1000.0;

/// The PDF of a figure's SVG: one page.
///
/// # Errors
/// If the SVG can't be read, or has what a figure does not: pictures, gradients, patterns, masks, clips or filters.
pub fn page(name: &str, svg: &str, title: &str, version: &str) -> Result<Vec<u8>, ChartError> {
    let wrong = |why: String| ChartError::Pdf { name: name.to_owned(), why };
    let (svg, _) = substituted(svg);
    let options = Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(&svg, &options).map_err(|e| wrong(e.to_string()))?;
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let mut marks = Marks { content: Content::new(), opacities: BTreeMap::new() };
    // From a page whose origin is below to a picture whose origin is above.
    marks.content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, height]);
    marks.group(tree.root(), 1.0).map_err(|what| wrong(format!("{what} can't be put on it")))?;

    let [catalog, pages, page, body, info] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, width, height)).parent(pages).contents(body);
    let mut resources = sheet.resources();
    let mut states = resources.ext_g_states();
    for (number, opacity) in (0..).zip(marks.opacities.keys()) {
        states.pair(Name(state(*opacity).as_bytes()), Ref::new(6 + number));
    }
    states.finish();
    resources.finish();
    sheet.finish();
    for (number, opacity) in (0..).zip(marks.opacities.keys()) {
        let alpha = f32::from(*opacity) / STEPS;
        pdf.ext_graphics(Ref::new(6 + number)).non_stroking_alpha(alpha).stroking_alpha(alpha);
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(6));
    packed.write_all(&marks.content.finish()).map_err(|e| wrong(e.to_string()))?;
    let packed = packed.finish().map_err(|e| wrong(e.to_string()))?;
    pdf.stream(body, &packed).filter(Filter::FlateDecode);
    pdf.document_info(info).title(TextStr(title)).producer(TextStr(&format!("outflow {version}")));
    Ok(pdf.finish())
}

/// The name of an opacity.
fn state(opacity: u16) -> String {
    format!("a{opacity}")
}

/// What is drawn on the page.
struct Marks {
    content: Content,
    /// Opacities that are used.
    opacities: BTreeMap<u16, ()>,
}

impl Marks {
    /// All of a group. What is in it and lies over each other is seen through, each by itself: figures have no such groups.
    fn group(&mut self, group: &Group, opacity: f32) -> Result<(), &'static str> {
        if group.clip_path().is_some() || group.mask().is_some() || !group.filters().is_empty() {
            return Err("a clip, a mask or a filter");
        }
        let opacity = opacity * group.opacity().get();
        group.children().iter().try_for_each(|node| match node {
            Node::Group(group) => self.group(group, opacity),
            Node::Path(path) => self.path(path, opacity),
            Node::Text(text) => self.group(text.flattened(), opacity),
            Node::Image(_) => Err("a picture"),
        })
    }

    fn path(&mut self, path: &Path, opacity: f32) -> Result<(), &'static str> {
        if !path.is_visible() {
            return Ok(());
        }
        self.content.save_state();
        let Transform { sx, kx, ky, sy, tx, ty } = path.abs_transform();
        if !path.abs_transform().is_identity() {
            self.content.transform([sx, ky, kx, sy, tx, ty]);
        }
        let fill_first = path.paint_order() == PaintOrder::FillAndStroke;
        for filled in [fill_first, !fill_first] {
            match (filled, path.fill(), path.stroke()) {
                (true, Some(fill), _) => self.fill(path.data(), fill, opacity)?,
                (false, _, Some(stroke)) => self.stroke(path.data(), stroke, opacity)?,
                _ => {}
            }
        }
        self.content.restore_state();
        Ok(())
    }

    fn fill(&mut self, outline: &Outline, fill: &Fill, opacity: f32) -> Result<(), &'static str> {
        let [r, g, b] = colour(fill.paint())?;
        self.opacity(opacity * fill.opacity().get());
        self.content.set_fill_rgb(r, g, b);
        self.trace(outline);
        match fill.rule() {
            FillRule::NonZero => self.content.fill_nonzero(),
            FillRule::EvenOdd => self.content.fill_even_odd(),
        };
        Ok(())
    }

    fn stroke(&mut self, outline: &Outline, stroke: &Stroke, opacity: f32) -> Result<(), &'static str> {
        let [r, g, b] = colour(stroke.paint())?;
        self.opacity(opacity * stroke.opacity().get());
        let content = &mut self.content;
        content.set_stroke_rgb(r, g, b).set_line_width(stroke.width().get());
        content.set_miter_limit(stroke.miterlimit().get());
        content.set_line_cap(match stroke.linecap() {
            LineCap::Butt => LineCapStyle::ButtCap,
            LineCap::Round => LineCapStyle::RoundCap,
            LineCap::Square => LineCapStyle::ProjectingSquareCap,
        });
        content.set_line_join(match stroke.linejoin() {
            LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
            LineJoin::Round => LineJoinStyle::RoundJoin,
            LineJoin::Bevel => LineJoinStyle::BevelJoin,
        });
        let dashes = stroke.dasharray().unwrap_or_default();
        content.set_dash_pattern(dashes.iter().copied(), stroke.dashoffset());
        self.trace(outline);
        self.content.stroke();
        Ok(())
    }

    fn opacity(&mut self, opacity: f32) {
        let step = (opacity.clamp(0.0, 1.0) * STEPS).round() as u16;
        self.opacities.insert(step, ());
        self.content.set_parameters(Name(state(step).as_bytes()));
    }

    fn trace(&mut self, outline: &Outline) {
        let mut at = Point::zero();
        for segment in outline.segments() {
            match rounded(segment) {
                PathSegment::MoveTo(p) => {
                    self.content.move_to(p.x, p.y);
                    at = p;
                }
                PathSegment::LineTo(p) => {
                    self.content.line_to(p.x, p.y);
                    at = p;
                }
                PathSegment::QuadTo(c, p) => {
                    // A PDF has cubic curves only; this one is the same.
                    let towards =
                        |from: Point| (from.x + (c.x - from.x) * 2.0 / 3.0, from.y + (c.y - from.y) * 2.0 / 3.0);
                    let (a, b) = (towards(at), towards(p));
                    self.content.cubic_to(a.0, a.1, b.0, b.1, p.x, p.y);
                    at = p;
                }
                PathSegment::CubicTo(a, b, p) => {
                    self.content.cubic_to(a.x, a.y, b.x, b.y, p.x, p.y);
                    at = p;
                }
                PathSegment::Close => {
                    self.content.close_path();
                }
            }
        }
    }
}

/// To a thousandth of a pixel: of outlines of letters, most of a page, the further digits would be most of its bytes.
fn rounded(segment: PathSegment) -> PathSegment {
    let part = |x: f32| (x * 1000.0).round() / 1000.0;
    let at = |p: Point| Point::from_xy(part(p.x), part(p.y));
    match segment {
        PathSegment::MoveTo(p) => PathSegment::MoveTo(at(p)),
        PathSegment::LineTo(p) => PathSegment::LineTo(at(p)),
        PathSegment::QuadTo(c, p) => PathSegment::QuadTo(at(c), at(p)),
        PathSegment::CubicTo(a, b, p) => PathSegment::CubicTo(at(a), at(b), at(p)),
        PathSegment::Close => PathSegment::Close,
    }
}

fn colour(paint: &Paint) -> Result<[f32; 3], &'static str> {
    match paint {
        Paint::Color(Color { red, green, blue }) => Ok([*red, *green, *blue].map(|part| f32::from(part) / 255.0)),
        _ => Err("a gradient or a pattern"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::{draw_all, fixtures::Fixture};

    fn text(pdf: &[u8]) -> String {
        String::from_utf8_lossy(pdf).into_owned()
    }

    #[test]
    fn every_figure_has_a_page_of_its_size() {
        let fixture = Fixture::plausible();
        for chart in draw_all(&fixture.input()) {
            let chart = chart.expect("a chart");
            let pdf = page(&chart.name, &chart.svg, &chart.title, "0.0.0").expect("a page");
            assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
            let size = "/MediaBox [0 0 481.8".to_owned();
            assert!(text(&pdf).contains(&size), "{}", chart.name);
            assert!(text(&pdf).contains("/Producer (outflow 0.0.0)"));
            assert_eq!(
                page(&chart.name, &chart.svg, &chart.title, "0.0.0").expect("a page"),
                pdf,
                "same figure, same bytes"
            );
        }
    }

    #[test]
    fn what_no_figure_has_is_refused() {
        let svg = |body: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='5'>{body}</svg>");
        let gradient = "<linearGradient id='g'><stop offset='0' stop-color='red'/><stop offset='1'/></linearGradient>\
                        <rect width='9' height='4' fill='url(#g)'/>";
        let why = page("x", &svg(gradient), "", "0").expect_err("refused").to_string();
        assert!(why.contains("chart `x`") && why.contains("gradient"), "{why}");
        assert!(page("x", "<svg", "", "0").is_err());
        assert!(page("x", &svg("<rect width='9' height='4' stroke='red' stroke-dasharray='1 2'/>"), "", "0").is_ok());
    }
}
