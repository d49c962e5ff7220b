//! One look for every figure: palette, fonts, sizes, and the width of a piece of text.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, register_font};

use super::fonts::{REGULAR, SEMIBOLD};
use super::glyphs;

/// Width of every figure in CSS pixels.
pub const WIDTH: f64 = 960.0;
/// White space at the left and right edge.
pub const MARGIN: f64 = 24.0;
/// Width between the margins.
pub const CONTENT: f64 = WIDTH - 2.0 * MARGIN;

/// Size of the title.
pub const TITLE: f64 = 22.0;
/// Size of the subtitle and of panel headings.
pub const SUBTITLE: f64 = 14.5;
/// Size of labels.
pub const BODY: f64 = 13.5;
/// Size of ticks, notes and the source line.
pub const SMALL: f64 = 12.5;

/// Text and strong lines.
pub const INK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
/// Secondary text: still 7:1 on white.
pub const MUTED: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Lines at zero.
pub const AXIS: RGBColor = RGBColor(0x8a, 0x8a, 0x8a);
/// Lines that only guide the eye.
pub const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);
/// The part of a whole that a bar does not fill.
pub const TRACK: RGBColor = RGBColor(0xef, 0xef, 0xef);
/// Behind the days of an order's grace period.
pub const GRACE: RGBColor = RGBColor(0xf5, 0xf5, 0xf5);
/// Behind the days after an order's deadline.
pub const AFTER: RGBColor = RGBColor(0xea, 0xea, 0xea);
/// Lines that guide the eye over these.
pub const GUIDE: RGBColor = RGBColor(0xd6, 0xd6, 0xd6);
/// People about whom nothing is held.
pub const NOTHING: RGBColor = RGBColor(0xc4, 0xc4, 0xc4);
/// Background.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// The dark end of the sequential scale.
pub const DEEP: RGBColor = RGBColor(0x08, 0x45, 0x8c);

/// What the SVG asks for; the first name is the font the binary carries.
pub const FONT_STACK: &str = "Inter, Helvetica, Arial, sans-serif";
/// plotters writes `font-size = size / 1.24`; asking for this much more undoes it.
pub const PLOTTERS_EM: f64 = 1.24;

/// Okabe and Ito's colours first (yellow left out: it vanishes on white), then Tol's muted ones. The second of a pair is the
/// same hue dark enough for text (4.5:1 on white).
const PALETTE: [(RGBColor, RGBColor); 12] = [
    (RGBColor(0x00, 0x72, 0xb2), RGBColor(0x00, 0x63, 0x9c)),
    (RGBColor(0xd5, 0x5e, 0x00), RGBColor(0xb0, 0x4c, 0x00)),
    (RGBColor(0x00, 0x9e, 0x73), RGBColor(0x00, 0x75, 0x55)),
    (RGBColor(0xcc, 0x79, 0xa7), RGBColor(0xa3, 0x45, 0x7a)),
    (RGBColor(0xe6, 0x9f, 0x00), RGBColor(0x8f, 0x60, 0x00)),
    (RGBColor(0x56, 0xb4, 0xe9), RGBColor(0x1b, 0x72, 0xa8)),
    (RGBColor(0x33, 0x22, 0x88), RGBColor(0x33, 0x22, 0x88)),
    (RGBColor(0x99, 0x99, 0x33), RGBColor(0x6b, 0x6b, 0x1f)),
    (RGBColor(0x88, 0x22, 0x55), RGBColor(0x88, 0x22, 0x55)),
    (RGBColor(0x44, 0xaa, 0x99), RGBColor(0x23, 0x73, 0x66)),
    (RGBColor(0xaa, 0x44, 0x99), RGBColor(0x96, 0x38, 0x86)),
    (RGBColor(0x4d, 0x4d, 0x4d), RGBColor(0x4d, 0x4d, 0x4d)),
];

/// The colour of the policy that stands at `index` in the scenario: the same in every figure.
pub fn policy(index: usize) -> RGBColor {
    PALETTE[index % PALETTE.len()].0
}

/// The same hue, half as strong: the same policy with less.
pub fn pale(index: usize) -> RGBColor {
    let RGBColor(r, g, b) = policy(index);
    let half = |c: u8| c.midpoint(0xff);
    RGBColor(half(r), half(g), half(b))
}

/// The same hue, a fifth as strong: for bands, on which lines are to be seen.
pub fn faint(index: usize) -> RGBColor {
    let RGBColor(r, g, b) = policy(index);
    let fifth = |c: u8| 0xff - (0xff - c) / 5;
    RGBColor(fifth(r), fifth(g), fifth(b))
}

/// The same hue for text.
pub fn policy_ink(index: usize) -> RGBColor {
    PALETTE[index % PALETTE.len()].1
}

/// The sequential scale, white at 0 and `DEEP` at 1.
pub fn sequential(share: f64) -> RGBColor {
    let t = share.clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    RGBColor(mix(PAPER.0, DEEP.0), mix(PAPER.1, DEEP.1), mix(PAPER.2, DEEP.2))
}

/// Contrast ratio of two colours (WCAG 2).
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (la, lb) = (luminance(a), luminance(b));
    (la.max(lb) + 0.05) / (la.min(lb) + 0.05)
}

fn luminance(c: RGBColor) -> f64 {
    let linear = |v: u8| {
        let s = f64::from(v) / 255.0;
        if s <= 0.04045 { s / 12.92 } else { ((s + 0.055) / 1.055).powf(2.4) }
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
    fn text_colours_can_be_read_on_white() {
        for i in 0..PALETTE.len() {
            assert!(contrast(policy_ink(i), PAPER) >= 4.5, "colour {i}: {}", contrast(policy_ink(i), PAPER));
        }
        assert!(contrast(MUTED, PAPER) >= 7.0);
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
        assert_eq!(sequential(0.0), PAPER);
        assert_eq!(sequential(1.0), DEEP);
        assert_eq!(sequential(f64::NAN.clamp(0.0, 1.0).max(0.0)), PAPER);
    }
}
