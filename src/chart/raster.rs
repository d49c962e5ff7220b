//! SVG to PNG at twice the size, with the fonts that the binary carries and no others.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Language, Source, Weight};
use resvg::usvg::{Options, Tree};

use super::ChartError;
use super::theme::{REGULAR, SEMIBOLD};

/// Pixels of the PNG per CSS pixel.
pub const SCALE: f32 = 2.0;

/// The PNG of `svg`.
pub fn png(name: &str, svg: &str) -> Result<Vec<u8>, ChartError> {
    let options = Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..Options::default() };
    let tree =
        Tree::from_str(svg, &options).map_err(|e| ChartError::Svg { name: name.to_owned(), why: e.to_string() })?;
    let size = tree.size();
    let raster = |why: String| ChartError::Png { name: name.to_owned(), why };
    let (width, height) = ((size.width() * SCALE).ceil() as u32, (size.height() * SCALE).ceil() as u32);
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| raster(format!("{width} x {height} pixels are too many")))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|e| raster(e.to_string()))
}

/// The embedded fonts, once. The semibold file calls itself a family of its own; here it is the bold face of Inter.
fn fonts() -> Arc<Database> {
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
    fn png_is_twice_the_size() {
        let png = png("x", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='5'/>").unwrap();
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(u32::from_be_bytes([png[16], png[17], png[18], png[19]]), 20);
    }
}
