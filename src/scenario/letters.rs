//! Characters that nobody sees: what orders a terminal about, turns text around, or shows nothing.

/// Whether a character is obeyed, or shows nothing, where a reader expects a letter: control characters, ends of lines, marks that turn
/// the direction of writing, blanks without width, soft hyphens, fillers and tags.
///
/// These are the characters that Unicode calls control, and those that it lets a font leave out (`Default_Ignorable_Code_Point`), but for
/// what [`joins`].
pub fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
        || matches!(c, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}')
}

/// Whether a character shows nothing itself, and changes how its neighbours look: joiners and variation selectors, which scripts and
/// emoji need.
pub fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// `text` without hidden characters: a space stands for those that part words, nothing for the others.
pub fn neutral(text: &str) -> String {
    let parts = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().filter(|c| parts(*c) || !hidden(*c)).map(|c| if hidden(c) { ' ' } else { c }).collect()
}

/// What a reader can tell of `text`: letters without regard to case, words without regard to the blanks between them.
pub fn apparent(text: &str) -> String {
    let letters: String = neutral(text).chars().filter(|c| !joins(*c)).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_left_out() {
        assert_eq!(neutral("a\u{202e}b\u{1b}[31mc\nd\u{9b}e\u{2066}"), "ab [31mc d e");
        assert_eq!(neutral("opt\u{ad}-\u{200b}out\u{e0041}"), "opt-out");
        // A family is joined.
        assert_eq!(neutral("👩\u{200d}👦"), "👩\u{200d}👦");
    }

    #[test]
    fn texts_that_look_alike_are_one() {
        assert_eq!(apparent(" Opt\u{200b}-out \u{a0} now"), apparent("opt-OUT now"));
        assert_ne!(apparent("opt in"), apparent("opt-in"));
    }
}
