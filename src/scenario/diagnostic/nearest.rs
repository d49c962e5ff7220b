//! Did you mean: the word closest to one that is not known.

use strsim::damerau_levenshtein;

/// The candidate that was probably meant by `word`, if one is close enough.
///
/// Case and `-` for `_` are no difference; plural for singular, the order of words and a cut end are small ones;
/// otherwise a third of the letters may differ. Among equals the first candidate wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Work is proportional to the product of the lengths, and no key that we know is that long.
    if word.is_empty() || word.len() > 200 {
        return None;
    }
    let word = plain(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let plain_candidate = plain(candidate);
        let distance = distance(&word, &plain_candidate);
        let longest = word.chars().count().max(plain_candidate.chars().count());
        if distance <= (longest / 3).max(1)
            && distance < longest.max(1)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn distance(a: &str, b: &str) -> usize {
    if a == b {
        return 0;
    }
    if singular(a) == singular(b) || sorted(a) == sorted(b) {
        return 1;
    }
    let cut = a.len().min(b.len()) >= 4 && (a.starts_with(b) || b.starts_with(a));
    let edits = damerau_levenshtein(a, b);
    if cut { edits.min(2) } else { edits }
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' ', '.'], "_")
}

fn singular(word: &str) -> String {
    match (word.strip_suffix("ies"), word.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => word.to_owned(),
    }
}

fn sorted(word: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = word.split('_').collect();
    parts.sort_unstable();
    parts
}
