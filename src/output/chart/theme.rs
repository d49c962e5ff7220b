//! One look for every figure: tones, fonts, sizes, and the width of a piece of text.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, register_font};

use super::fonts::{REGULAR, SEMIBOLD};
use super::glyphs;
use super::hues::Hue;
use super::look::Theme;

/// Size of the title, in units of the chart.
pub const TITLE: f64 = 21.0;
/// The same where there is little room across.
pub const TITLE_NARROW: f64 = 17.0;
/// Size of the subtitle and of panel headings.
pub const SUBTITLE: f64 = 14.5;
/// Size of labels.
pub const BODY: f64 = 13.5;
/// Size of ticks, notes and the source line: the smallest, 6.5 points or more at every size of a chart.
pub const SMALL: f64 = 12.5;

/// What the SVG asks for; the first name is the font the binary carries.
pub const FONT_STACK: &str = "Inter, Helvetica, Arial, sans-serif";
/// plotters writes `font-size = size / 1.24`; asking for this much more undoes it.
pub const PLOTTERS_EM: f64 = 1.24;

/// A colour by what it is for: what it looks like is decided when the ground is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tone {
    /// Text and strong lines.
    Ink,
    /// Secondary text: 7:1 or more.
    Muted,
    /// Lines at zero.
    Axis,
    /// Lines that only guide the eye.
    Grid,
    /// The part of a whole that a bar does not fill.
    Track,
    /// Behind the days of an order's grace period.
    Grace,
    /// Behind the days after an order's deadline.
    After,
    /// Lines that guide the eye over these.
    Guide,
    /// People about whom nothing is held.
    Nothing,
    /// Background.
    Paper,
    /// Bars and lines.
    Fill(Hue),
    /// The same hue, half as strong: the same with less.
    Pale(Hue),
    /// The same hue, a fifth as strong: for bands, on which lines are to be seen.
    Faint(Hue),
    /// The same hue for text, 4.5:1 or more.
    Text(Hue),
    /// The sequential scale, from 0 to 1.
    Scale(f64),
    /// Text on a field of that scale.
    OnScale(f64),
}

/// The colours of a ground, in the order of the first ten tones, and the far end of the sequential scale.
type Ground = [(u8, u8, u8); 11];

const LIGHT: Ground = [
    (0x1a, 0x1a, 0x1a),
    (0x55, 0x55, 0x55),
    (0x8a, 0x8a, 0x8a),
    (0xe4, 0xe4, 0xe4),
    (0xef, 0xef, 0xef),
    (0xf5, 0xf5, 0xf5),
    (0xea, 0xea, 0xea),
    (0xd6, 0xd6, 0xd6),
    (0xc4, 0xc4, 0xc4),
    (0xff, 0xff, 0xff),
    (0x08, 0x45, 0x8c),
];

const DARK: Ground = [
    (0xec, 0xee, 0xf0),
    (0xb4, 0xb9, 0xbf),
    (0x7e, 0x85, 0x8c),
    (0x33, 0x38, 0x3e),
    (0x2a, 0x2f, 0x35),
    (0x20, 0x24, 0x29),
    (0x2e, 0x33, 0x39),
    (0x41, 0x47, 0x4e),
    (0x5a, 0x61, 0x69),
    (0x15, 0x18, 0x1c),
    (0x9c, 0xcb, 0xff),
];

/// As the light one, but what is grey is darker: copies lose it.
const PRINT: Ground = [
    (0x00, 0x00, 0x00),
    (0x33, 0x33, 0x33),
    (0x66, 0x66, 0x66),
    (0xd2, 0xd2, 0xd2),
    (0xe4, 0xe4, 0xe4),
    (0xf0, 0xf0, 0xf0),
    (0xdd, 0xdd, 0xdd),
    (0xc4, 0xc4, 0xc4),
    (0xae, 0xae, 0xae),
    (0xff, 0xff, 0xff),
    (0x08, 0x30, 0x60),
];

impl Tone {
    /// What it looks like on a ground.
    pub fn rgb(self, theme: Theme) -> RGBColor {
        let ground = match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
            Theme::Print => &PRINT,
        };
        let of = |i: usize| RGBColor(ground[i].0, ground[i].1, ground[i].2);
        let paper = of(9);
        match self {
            Tone::Ink => of(0),
            Tone::Muted => of(1),
            Tone::Axis => of(2),
            Tone::Grid => of(3),
            Tone::Track => of(4),
            Tone::Grace => of(5),
            Tone::After => of(6),
            Tone::Guide => of(7),
            Tone::Nothing => of(8),
            Tone::Paper => paper,
            Tone::Fill(hue) => hue.rgb(theme),
            Tone::Pale(hue) => mix(paper, hue.rgb(theme), 0.5),
            Tone::Faint(hue) => mix(paper, hue.rgb(theme), 0.2),
            Tone::Text(hue) => readable(hue.rgb(theme), paper, of(0)),
            Tone::Scale(share) => mix(paper, of(10), share),
            Tone::OnScale(share) => {
                let field = mix(paper, of(10), share);
                if contrast(of(0), field) >= contrast(paper, field) { of(0) } else { paper }
            }
        }
    }
}

/// `share` of the way from one colour to another.
fn mix(a: RGBColor, b: RGBColor, share: f64) -> RGBColor {
    let t = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let of = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    RGBColor(of(a.0, b.0), of(a.1, b.1), of(a.2, b.2))
}

/// A colour moved towards the ink until text in it can be read on the paper.
fn readable(color: RGBColor, paper: RGBColor, ink: RGBColor) -> RGBColor {
    let steps = (0..=20).map(|k| mix(color, ink, f64::from(k) * 0.05));
    let mut readable = steps.filter(|c| contrast(*c, paper) >= 4.6);
    readable.next().unwrap_or(ink)
}

/// Contrast ratio of two colours (WCAG 2).
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (la, lb) = (luminance(a), luminance(b));
    (la.max(lb) + 0.05) / (la.min(lb) + 0.05)
}

/// Relative luminance (WCAG 2): what is left of a colour in grey.
pub fn luminance(c: RGBColor) -> f64 {
    let linear = |v: u8| {
        let s = f64::from(v) / 255.0;
        if s <= 0.04045 { s / 12.92 } else { libm::pow((s + 0.055) / 1.055, 2.4) }
    };
    0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2)
}

/// Makes the embedded fonts known to plotters under the name that the SVG asks for.
pub fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // A font that cannot be read leaves `text_width` on its estimate; the picture is still drawn.
        let _ = register_font(FONT_STACK, FontStyle::Normal, REGULAR);
        let _ = register_font(FONT_STACK, FontStyle::Bold, SEMIBOLD);
    });
}

/// Width of `text` in pixels, a few per cent on the safe side.
pub fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    register();
    let (text, missing) = glyphs::substituted(text);
    // A viewer shows what the font has not from another, where it may be wider than what stands for it in the PNG.
    let wider = missing as f64 * size * 0.15;
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    // Measured large: plotters rounds to whole units.
    let font = FontDesc::new(FontFamily::Name(FONT_STACK), size * 16.0 * PLOTTERS_EM, style);
    let width = match font.layout_box(&text) {
        Ok(((x0, _), (x1, _))) => f64::from(x1 - x0) / 16.0,
        Err(_) => text.chars().count() as f64 * size * 0.62,
    };
    width + wider
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_every_ground() {
        for theme in Theme::ALL {
            let paper = Tone::Paper.rgb(theme);
            for hue in Hue::all() {
                let ratio = contrast(Tone::Text(hue).rgb(theme), paper);
                assert!(ratio >= 4.5, "{theme:?} {hue:?}: {ratio}");
                let bars = contrast(Tone::Fill(hue).rgb(theme), paper);
                assert!(bars >= 3.0, "{theme:?} {hue:?}: {bars}");
            }
            assert!(contrast(Tone::Muted.rgb(theme), paper) >= 7.0, "{theme:?}");
            // On the darkest stretch of a time line, too.
            assert!(contrast(Tone::Ink.rgb(theme), Tone::After.rgb(theme)) >= 7.0, "{theme:?}");
            for k in 0..=20 {
                let share = f64::from(k) / 20.0;
                let ratio = contrast(Tone::OnScale(share).rgb(theme), Tone::Scale(share).rgb(theme));
                assert!(ratio >= 4.0, "{theme:?} {share}: {ratio}");
            }
        }
    }

    #[test]
    fn text_is_measured_with_the_embedded_font() {
        let narrow = text_width("iiii", 13.0, false);
        let wide = text_width("WWWW", 13.0, false);
        assert!(narrow > 8.0 && wide > 2.0 * narrow, "{narrow} {wide}");
        assert!(text_width("full sharing", 13.0, true) > text_width("full sharing", 13.0, false));
    }

    #[test]
    fn scale_ends_where_it_should() {
        assert_eq!(Tone::Scale(0.0).rgb(Theme::Light), RGBColor(0xff, 0xff, 0xff));
        assert_eq!(Tone::Scale(1.0).rgb(Theme::Light), RGBColor(0x08, 0x45, 0x8c));
        assert_eq!(Tone::Scale(f64::NAN).rgb(Theme::Dark), Tone::Paper.rgb(Theme::Dark));
    }
}
