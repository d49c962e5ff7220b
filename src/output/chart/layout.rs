//! Where text goes: wrapping, shortening, and labels that never overlap.

use super::theme::text_width;

/// Ends a text that was cut.
const ELLIPSIS: char = '…';

/// `text` on at most `max_lines` lines of `width` pixels; what does not fit is cut with an ellipsis.
pub fn wrap(text: &str, width: f64, size: f64, bold: bool, max_lines: usize) -> Vec<String> {
    let fits = |s: &str| text_width(s, size, bold) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    // Not `split_whitespace`: a no-break space must not break.
    let mut words = text.split([' ', '\t', '\n']).filter(|w| !w.is_empty());
    while let Some(word) = words.next() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if lines.len() + 1 >= max_lines {
            // The last line takes all that is left and is cut.
            let rest = std::iter::once(longer.as_str()).chain(words).collect::<Vec<_>>().join(" ");
            lines.push(shorten(&rest, width, size, bold));
            return lines;
        }
        if line.is_empty() {
            lines.push(shorten(word, width, size, bold));
        } else {
            lines.push(std::mem::take(&mut line));
            // A single word wider than the line is cut, not allowed to stick out.
            line = shorten(word, width, size, bold);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` if it fits into `width`, else its beginning and its end around an ellipsis: titles that begin alike ("Sharing
/// under the order of ...") must not become the same.
pub fn shorten(text: &str, width: f64, size: f64, bold: bool) -> String {
    if text_width(text, size, bold) <= width {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let cut = |keep: usize| {
        let tail = keep * 2 / 5;
        let head: String = chars[..keep - tail].iter().collect();
        let end: String = chars[chars.len() - tail..].iter().collect();
        format!("{}{ELLIPSIS}{}", head.trim_end(), end.trim_start())
    };
    let (mut low, mut high) = (0, chars.len().saturating_sub(1));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if text_width(&cut(middle), size, bold) <= width { low = middle } else { high = middle - 1 }
    }
    // Not monotone to the last pixel (the kept letters differ), so look again.
    while low > 0 && text_width(&cut(low), size, bold) > width {
        low -= 1;
    }
    cut(low)
}

/// A label that wants its centre at `at` and is `height` tall.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Where the centre should be.
    pub at: f64,
    /// Height, with the white space it needs.
    pub height: f64,
}

/// Centres for labels in one column, between `top` and `bottom`, without overlap and as near to the wishes as that allows.
///
/// Labels that push each other form a block whose centre is the mean of the wishes of its members (pool adjacent
/// violators). Labels keep the order they are given in, whatever they wish, so that lines to them need not cross. When
/// they cannot all fit they start at `top` and run past `bottom`: too long is better than on top of each other.
pub fn spread(wishes: &[Wish], top: f64, bottom: f64) -> Vec<f64> {
    struct LabelBlock {
        /// Sum over members of the top of the block that each would like.
        wanted: f64,
        members: usize,
        height: f64,
    }
    let place = |b: &LabelBlock| {
        let free = (bottom - b.height).max(top);
        (b.wanted / b.members as f64).min(free).max(top)
    };
    let mut blocks: Vec<LabelBlock> = Vec::new();
    for w in wishes {
        let mut block = LabelBlock { wanted: w.at - w.height / 2.0, members: 1, height: w.height };
        while let Some(before) = blocks.pop() {
            if place(&before) + before.height <= place(&block) {
                blocks.push(before);
                break;
            }
            block = LabelBlock {
                wanted: before.wanted + block.wanted - before.height * block.members as f64,
                members: before.members + block.members,
                height: before.height + block.height,
            };
        }
        blocks.push(block);
    }
    let mut centres = Vec::with_capacity(wishes.len());
    let mut next = wishes.iter();
    for block in &blocks {
        let mut y = place(block);
        for w in next.by_ref().take(block.members) {
            centres.push(y + w.height / 2.0);
            y += w.height;
        }
    }
    centres
}

/// Rows (0 at the bottom) for labels that start at the vertical line they name and run to the right, so that neither a
/// label nor the line under it touches another label. `spans` are (start, end), sorted by start.
pub fn stairs(spans: &[(f64, f64)]) -> Vec<usize> {
    let mut rows = vec![0; spans.len()];
    for i in (0..spans.len()).rev() {
        rows[i] = (i + 1..spans.len()).filter(|&j| spans[j].0 <= spans[i].1).map(|j| rows[j] + 1).max().unwrap_or(0);
    }
    rows
}

/// The pieces of a line that lie in the dashes `[offset, offset + on)` of every `period` pixels along it.
pub fn dashes(points: &[(f64, f64)], on: f64, period: f64, offset: f64) -> Vec<Vec<(f64, f64)>> {
    let mut pieces = Vec::new();
    let mut piece: Vec<(f64, f64)> = Vec::new();
    let mut walked = 0.0;
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        if length <= 0.0 || !length.is_finite() {
            continue;
        }
        let at = |d: f64| (x0 + (x1 - x0) * d / length, y0 + (y1 - y0) * d / length);
        let mut k = ((walked - offset) / period).floor();
        loop {
            let (from, to) = (offset + k * period - walked, offset + k * period + on - walked);
            if from >= length {
                break;
            }
            if to > 0.0 {
                if piece.is_empty() {
                    piece.push(at(from.max(0.0)));
                }
                piece.push(at(to.min(length)));
                if to <= length {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            k += 1.0;
        }
        walked += length;
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_never_overlap(wishes in prop::collection::vec((-50.0..350.0f64, 1.0..40.0f64), 0..24), bottom in 10.0..600.0f64) {
            let wishes: Vec<Wish> = wishes.into_iter().map(|(at, height)| Wish { at, height }).collect();
            let centres = spread(&wishes, 0.0, bottom);
            let total: f64 = wishes.iter().map(|w| w.height).sum();
            for (i, a) in wishes.iter().enumerate() {
                prop_assert!(centres[i] - a.height / 2.0 >= -1e-6);
                if total <= bottom {
                    prop_assert!(centres[i] + a.height / 2.0 <= bottom + 1e-6);
                }
                for (j, b) in wishes.iter().enumerate().skip(i + 1) {
                    prop_assert!((centres[i] - centres[j]).abs() >= (a.height + b.height) / 2.0 - 1e-6);
                    prop_assert!(centres[i] < centres[j]);
                }
            }
        }

        #[test]
        fn labels_that_have_room_stay_where_they_want(n in 1usize..10) {
            let wishes: Vec<Wish> = (0..n).map(|i| Wish { at: 20.0 + 40.0 * i as f64, height: 16.0 }).collect();
            let centres = spread(&wishes, 0.0, 500.0);
            for (w, c) in wishes.iter().zip(&centres) {
                prop_assert!((w.at - c).abs() < 1e-9);
            }
        }

        #[test]
        fn stairs_keep_labels_and_lines_apart(mut starts in prop::collection::vec((0.0..700.0f64, 10.0..300.0f64), 0..10)) {
            starts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let spans: Vec<_> = starts.iter().map(|&(x, w)| (x, x + w)).collect();
            let rows = stairs(&spans);
            for i in 0..spans.len() {
                for j in i + 1..spans.len() {
                    let crosses = spans[j].0 <= spans[i].1;
                    // The line of j comes down at its start: i has to be above it.
                    prop_assert!(!crosses || rows[i] > rows[j]);
                }
            }
        }

        #[test]
        fn shortened_text_fits(text in "\\PC{0,60}", width in 20.0..300.0f64) {
            prop_assert!(text_width(&shorten(&text, width, 13.0, false), 13.0, false) <= width);
            let lines = wrap(&text, width, 13.0, false, 3);
            prop_assert!(lines.len() <= 3);
            for line in lines {
                prop_assert!(text_width(&line, 13.0, false) <= width, "{line}");
            }
        }

        #[test]
        fn dashes_of_all_colours_make_up_the_line(ys in prop::collection::vec(0.0..100.0f64, 2..40), colours in 2usize..6) {
            let points: Vec<_> = ys.iter().enumerate().map(|(i, &y)| (i as f64 * 7.0, y)).collect();
            let length = |p: &[(f64, f64)]| p.windows(2).map(|w| (w[1].0 - w[0].0).hypot(w[1].1 - w[0].1)).sum::<f64>();
            let period = 8.0 * colours as f64;
            let sum: f64 = (0..colours)
                .flat_map(|c| dashes(&points, 8.0, period, 8.0 * c as f64))
                .map(|p| length(&p))
                .sum();
            prop_assert!((sum - length(&points)).abs() < 1e-6 * length(&points).max(1.0), "{} {}", sum, length(&points));
        }
    }

    #[test]
    fn titles_that_begin_alike_stay_apart() {
        let title = |n: u32| format!("Everything that the terms of 25 August 2016 announced, variant {n}");
        let short = |n| shorten(&title(n), 150.0, 13.0, false);
        assert!(short(1).starts_with("Everything") && short(1).contains(ELLIPSIS));
        assert_ne!(short(1), short(2));
    }

    #[test]
    fn wrapping_keeps_every_word_when_there_is_room() {
        let text = "What the parent company would hold about people who never joined the service";
        assert_eq!(wrap(text, 200.0, 13.0, false, 9).join(" "), text);
        assert!(wrap("", 200.0, 13.0, false, 3).is_empty());
    }
}
