//! Which characters the embedded font can show, what stands for those it can't, and what must never reach a reader.

use std::borrow::Cow;
use std::sync::OnceLock;

use ttf_parser::Face;

use super::fonts::REGULAR;
use crate::scenario::letters::{hidden, joins};

/// Stands in a PNG for a character that the font has not.
pub const SUBSTITUTE: char = '□';
/// Most characters that a message names.
const NAMED: usize = 6;

/// Whether the embedded font has a glyph for `c`; both weights have the same ones.
pub fn has(c: char) -> bool {
    static FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    // Should the font not be readable, nothing is known to be missing.
    c.is_ascii()
        || FACE.get_or_init(|| Face::parse(REGULAR, 0).ok()).as_ref().is_none_or(|f| f.glyph_index(c).is_some())
}

/// `text` as the embedded font can show it, and for how many characters a substitute stands.
pub fn substituted(text: &str) -> (Cow<'_, str>, usize) {
    if text.chars().all(|c| has(c) && !joins(c) && !hidden(c)) {
        return (Cow::Borrowed(text), 0);
    }
    let mut missing = 0;
    let shown = text.chars().filter(|c| !joins(*c) && !hidden(*c)).map(|c| {
        if has(c) {
            return c;
        }
        missing += 1;
        SUBSTITUTE
    });
    (Cow::Owned(shown.collect()), missing)
}

/// What the PNG charts can't show of `text`, in words; none if they show all of it.
pub fn missing(text: &str) -> Option<String> {
    let missing = distinct(text.chars().filter(|c| !has(*c) && !joins(*c) && !hidden(*c)));
    (!missing.is_empty()).then(|| format!("the font of the PNG charts has no {}", words(&missing)))
}

/// What charts and page leave out of `text` since nobody sees it, in words; none if they leave nothing out.
pub fn left_out(text: &str) -> Option<String> {
    let found = distinct(text.chars().filter(|c| hidden(*c)));
    let what = if found.len() == 1 { "hidden character" } else { "hidden characters" };
    (!found.is_empty()).then(|| format!("charts and page leave out the {what} {}", words(&found)))
}

fn distinct(chars: impl Iterator<Item = char>) -> Vec<char> {
    let mut found = Vec::new();
    for c in chars {
        if !found.contains(&c) {
            found.push(c);
        }
    }
    found
}

/// "東 (U+6771), U+202E and 3 more"; a letter that could turn a line around is named by its number alone.
fn words(chars: &[char]) -> String {
    let backwards = |c: char| matches!(c as u32, 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff);
    let name = |&c: &char| {
        let number = format!("U+{:04X}", c as u32);
        if c.is_alphanumeric() && !backwards(c) { format!("{c} ({number})") } else { number }
    };
    let more = chars.len().saturating_sub(NAMED);
    let named: Vec<String> = chars.iter().take(NAMED).map(name).collect();
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { crate::output::number::list(&named) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_greek_cyrillic_and_signs_are_there() {
        for text in [
            "Zürich, Łódź, ĞİŞ, țară și șes, Ǎ, Ạ",
            "Καλημέρα ΆΩ",
            "Съгласие, Їжак, Ђ",
            "∞ ≤ ≥ ≈ ≠ − √ ∑ ∫ → ← ↔ € ₺ ₽ ₹ ½ ²",
            "“x” – …",
        ] {
            assert_eq!((missing(text), left_out(text)), (None, None), "{text}");
            assert_eq!(substituted(text), (Cow::Borrowed(text), 0));
        }
        // What stands for the rest must be there itself.
        assert!(has(SUBSTITUTE));
    }

    #[test]
    fn what_the_font_has_not_is_named_and_substituted() {
        assert_eq!(substituted("東京 A"), (Cow::Owned("□□ A".to_owned()), 2));
        // A family of three is three people and two joiners.
        assert_eq!(substituted("👩\u{200d}👩\u{200d}👦!"), (Cow::Owned("□□□!".to_owned()), 3));
        assert_eq!(missing("東京東").as_deref(), Some("the font of the PNG charts has no 東 (U+6771) and 京 (U+4EAC)"));
        assert_eq!(missing("שלום").as_deref().map(|c| c.contains('ש')), Some(false), "it would turn the line around");
        let many = missing("一二三四五六七八").unwrap();
        assert!(many.ends_with("and 2 more"), "{many}");
    }

    #[test]
    fn what_nobody_sees_is_named() {
        assert_eq!(left_out("a\u{202e}").as_deref(), Some("charts and page leave out the hidden character U+202E"));
        assert_eq!(missing("\u{202e}\u{1b}"), None);
    }
}
