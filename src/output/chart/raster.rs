//! SVG to PNG, with the fonts that the binary carries and no others.
//!
//! What they have no glyph for is a box in the PNG; the SVG keeps the text, since its viewer may have a font for it.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Language, Source, Weight};
use resvg::usvg::{Options, Tree};

use super::ChartError;
use super::fonts::{REGULAR, SEMIBOLD};
use super::glyphs::substituted;
use super::look::Size;
use crate::output::manifest::VERSION;

/// Most pixels of a PNG: 160 MB while it is drawn. What figures draw is bounded so that they stay far below.
const MOST_PIXELS: u64 = 40_000_000;

/// The PNG of `svg`, so many pixels across as its size says, which the file knows in millimetres too.
pub fn png(name: &str, svg: &str, size: Size) -> Result<Vec<u8>, ChartError> {
    // All that is not ASCII in our SVG is text.
    let (svg, _) = substituted(svg);
    let options = Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..Options::default() };
    let tree =
        Tree::from_str(&svg, &options).map_err(|e| ChartError::Svg { name: name.to_owned(), why: e.to_string() })?;
    let drawn = tree.size();
    let scale = size.pixels() as f32 / drawn.width().max(1.0);
    let raster = |why: String| ChartError::Png { name: name.to_owned(), why };
    let (width, height) = (size.pixels() as u32, (drawn.height() * scale).ceil() as u32);
    // Memory that is not there ends the process, and the results with it: so it is not asked for.
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(raster(format!("{width} x {height} pixels are too many, at most {MOST_PIXELS}")));
    }
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| raster(format!("{width} x {height} pixels are too many")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    encode(pixmap, size).map_err(|e| raster(e.to_string()))
}

/// The file, with its physical size, which `Pixmap::encode_png` leaves out.
fn encode(pixmap: Pixmap, size: Size) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (size.pixels() / size.millimetres() * 1000.0).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    encoder.add_text_chunk("Software".to_owned(), format!("outflow {VERSION}"))?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixmap.take_demultiplied())?;
    writer.finish()?;
    Ok(file)
}

/// The embedded fonts, once. The semibold file calls itself a family of its own; here it is the bold face of Inter.
pub fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut db = Database::new();
            for (data, weight) in [(REGULAR, Weight::NORMAL), (SEMIBOLD, Weight::BOLD)] {
                for id in db.load_font_source(Source::Binary(Arc::new(data))) {
                    if let Some(mut face) = db.face(id).cloned() {
                        face.families = vec![("Inter".to_owned(), Language::English_UnitedStates)];
                        face.weight = weight;
                        db.remove_face(id);
                        db.push_face_info(face);
                    }
                }
            }
            // What a viewer would take from the system is Inter here.
            db.set_sans_serif_family("Inter");
            Arc::new(db)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_are_found() {
        let db = fonts();
        let weights: Vec<u16> = db.faces().map(|f| f.weight.0).collect();
        assert_eq!(weights, vec![400, 700]);
    }

    #[test]
    fn png_has_the_pixels_of_its_size() {
        let png =
            png("x", "<svg xmlns='http://www.w3.org/2000/svg' width='85mm' height='5mm'/>", Size::Column).unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(u32::from_be_bytes([png[16], png[17], png[18], png[19]]), 1004);
    }

    /// Width, and the number of pixels that are dark in each column.
    fn ink(text: &str, bold: bool) -> Vec<usize> {
        let weight = if bold { "bold" } else { "normal" };
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='40'><rect width='400' height='40' fill='white'/>\
             <text x='4' y='28' font-family='{}' font-size='20' font-weight='{weight}'>{text}</text></svg>",
            super::super::theme::FONT_STACK
        );
        let file = png("x", &svg, Size::Column).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let (width, height) = (reader.info().width as usize, reader.info().height as usize);
        reader.next_frame(&mut data).unwrap();
        (0..width).map(|x| (0..height).filter(|y| data[(y * width + x) * 4] < 128).count()).collect()
    }

    #[test]
    fn every_script_leaves_ink() {
        for text in ["Πολιτική", "Съгласие", "țară și șes", "∞", "Łódź", "≤ 3 → €", "東京", "שלום", "😀", "العربية"]
        {
            for bold in [false, true] {
                let columns = ink(text, bold);
                let wide = columns.iter().filter(|n| **n > 0).count();
                let letters = text.chars().filter(|c| !c.is_whitespace()).count();
                assert!(wide >= letters * 5, "{text}: ink in {wide} columns");
            }
        }
        assert_eq!(ink(" ", false).iter().sum::<usize>(), 0);
        // A letter is not what stands for a letter that is missing, and that is the same for all.
        assert_ne!(ink("Π", false), ink("東", false));
        assert_eq!(ink("京", false), ink("東", false));
    }

    #[test]
    fn png_is_as_large_in_print_as_its_size_says() {
        for size in Size::ALL {
            let svg =
                format!("<svg xmlns='http://www.w3.org/2000/svg' width='{}mm' height='5mm'/>", size.millimetres());
            let file = png("x", &svg, size).unwrap();
            let reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
            let dims = reader.info().pixel_dims.unwrap();
            assert_eq!(dims.unit, png::Unit::Meter);
            let millimetres = f64::from(reader.info().width) / f64::from(dims.xppu) * 1000.0;
            assert!((millimetres - size.millimetres()).abs() < 0.05, "{size:?}: {millimetres}");
        }
    }
}
