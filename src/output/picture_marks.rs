//! By what a picture is known to be one of ours, so that a new one may take its place.

use std::fs;
use std::path::Path;

/// What a PNG says of the program that made it.
const SOFTWARE: &[u8] = b"tEXtSoftware\0outflow ";
/// Bytes in which a picture says what it is.
const BEGIN: usize = 4096;

fn begin(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap_or_default();
    bytes.truncate(BEGIN);
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether a file is an SVG that we drew: its root is described by a title and a description of the names that we give.
pub fn is_svg(path: &Path) -> bool {
    let bytes = begin(path);
    let text = String::from_utf8_lossy(&bytes);
    let Some((root, rest)) = text.strip_prefix("<svg ").and_then(|rest| rest.split_once('>')) else { return false };
    let labels = root.split_once("aria-labelledby=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(ids, _)| ids);
    let Some((title, desc)) = labels.and_then(|ids| ids.split_once(' ')) else { return false };
    let name = title.strip_suffix("-title");
    name.is_some() && name == desc.strip_suffix("-desc") && rest.contains(&format!("<title id=\"{title}\">"))
}

/// Whether a file is a PNG that says it is ours.
pub fn is_png(path: &Path) -> bool {
    let bytes = begin(path);
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") && holds(&bytes, SOFTWARE)
}

/// Whether a file is a PDF that we made.
pub fn is_pdf(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.starts_with(b"%PDF-") && holds(&bytes, b"/Producer (outflow ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::{draw_all, fixtures::Fixture};

    #[test]
    fn pictures_are_known_by_what_they_say() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let fixture = Fixture::plausible();
        let chart = draw_all(&fixture.input()).remove(0).expect("a chart");
        fs::write(at("a.svg"), &chart.svg).expect("writes");
        assert!(is_svg(&at("a.svg")) && !is_png(&at("a.svg")) && !is_pdf(&at("a.svg")));
        fs::write(at("b.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>x</title></svg>").expect("writes");
        assert!(!is_svg(&at("b.svg")) && !is_svg(&at("none.svg")));
        let png = chart.png().expect("a picture");
        fs::write(at("a.png"), &png).expect("writes");
        assert!(is_png(&at("a.png")));
        fs::write(at("b.png"), b"no picture").expect("writes");
        assert!(!is_png(&at("b.png")));
        // Readers find the word, and the picture behind it.
        let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().expect("a PNG");
        let text = &reader.info().uncompressed_latin1_text[0];
        assert_eq!((text.keyword.as_str(), text.text.starts_with("outflow ")), ("Software", true));
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("a picture");
    }
}
