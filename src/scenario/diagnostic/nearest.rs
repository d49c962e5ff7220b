//! Did you mean: the word closest to one that is not known.

use strsim::damerau_levenshtein;

/// The candidate that was probably meant by `word`, if one is close enough.
///
/// Case and `-` for `_` are no difference; plural for singular, the order of words and a cut end are small ones;
/// otherwise a third of the letters may differ, none in two letters. Among equals the first candidate wins. Failing that,
/// a candidate with the same meaning, or the only one of several words of which it is one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // No key or name that we know is that long.
    if word.is_empty() || word.len() > MOST_BYTES {
        return None;
    }
    let word = plain(word);
    let length = word.chars().count();
    let mut best: Option<(usize, &str)> = None;
    let mut cells = MOST_CELLS;
    let near = candidates.into_iter().filter(|c| c.len() <= MOST_BYTES).take(MOST_CANDIDATES);
    let candidates: Vec<(&str, String)> = near.map(|c| (c, plain(c))).collect();
    for (candidate, plain_candidate) in &candidates {
        let other = plain_candidate.chars().count();
        let longest = length.max(other);
        let allowed = if longest <= 2 { 0 } else { (longest / 3).max(1) };
        let Some(distance) = distance(&word, plain_candidate, length.abs_diff(other) <= allowed, &mut cells) else {
            continue;
        };
        if distance <= allowed && distance < longest.max(1) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| synonym(&word, &candidates)).or_else(|| part(&word, &candidates))
}

/// Longest word, and candidate, that is looked at.
const MOST_BYTES: usize = 200;
/// Most candidates that are looked at.
const MOST_CANDIDATES: usize = 2_000;
/// Most work for one word: cells of the tables of distances, whose sides are the lengths of two words.
const MOST_CELLS: usize = 400_000;

/// Words that people write for those of scenarios.
const SYNONYMS: [(&str, &str); 40] = [
    ("allow", "permit"),
    ("grant", "permit"),
    ("accept", "permit"),
    ("share", "permit"),
    ("deny", "forbid"),
    ("block", "forbid"),
    ("refuse", "forbid"),
    ("prohibit", "forbid"),
    ("disallow", "forbid"),
    ("allowed", "permitted"),
    ("granted", "permitted"),
    ("shared", "permitted"),
    ("denied", "forbidden"),
    ("blocked", "forbidden"),
    ("prohibited", "forbidden"),
    ("none", "no_flow"),
    ("nothing", "no_flow"),
    ("sender", "actor"),
    ("caller", "actor"),
    ("receiver", "counterparty"),
    ("recipient", "counterparty"),
    ("contact", "counterparty"),
    ("member", "user"),
    ("opt_out", "objects"),
    ("opted_out", "objects"),
    ("refuses", "objects"),
    ("opt_in", "agrees"),
    ("opted_in", "agrees"),
    ("consents", "agrees"),
    ("known", "found"),
    ("measured", "found"),
    ("computed", "derived"),
    ("calculated", "derived"),
    ("estimated", "assumed"),
    ("guessed", "assumed"),
    ("unknown", "assumed"),
    ("country", "jurisdiction"),
    ("population", "people"),
    ("start", "from"),
    ("end", "until"),
];

/// The candidate that has the same meaning.
pub fn same_meaning<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<(&str, String)> = candidates.into_iter().map(|c| (c, plain(c))).collect();
    synonym(&plain(word), &candidates)
}

fn synonym<'a>(word: &str, candidates: &[(&'a str, String)]) -> Option<&'a str> {
    let meant: Vec<String> = SYNONYMS.iter().filter(|(w, _)| *w == word).map(|(_, m)| singular(m)).collect();
    candidates.iter().find(|(_, plain)| meant.contains(&singular(plain))).map(|(candidate, _)| *candidate)
}

/// The only candidate that has the word among its own.
fn part<'a>(word: &str, candidates: &[(&'a str, String)]) -> Option<&'a str> {
    let mut with = candidates.iter().filter(|(_, plain)| word.len() >= 4 && plain.split('_').any(|p| p == word));
    with.next().filter(|_| with.next().is_none()).map(|(candidate, _)| *candidate)
}

/// How far two words are apart; `None` if so far that nobody meant the other, or if there was work enough. Words whose
/// lengths are not `alike` differ in more letters than are allowed, whatever the letters.
fn distance(a: &str, b: &str, alike: bool, cells: &mut usize) -> Option<usize> {
    if a == b {
        return Some(0);
    }
    // Singulars differ from plurals by two letters at most.
    if a.len().abs_diff(b.len()) <= 2 && (singular(a) == singular(b) || sorted(a) == sorted(b)) {
        return Some(1);
    }
    if a.len().min(b.len()) >= 4 && (a.starts_with(b) || b.starts_with(a)) {
        return Some(a.len().abs_diff(b.len()).min(2));
    }
    let work = a.len() * b.len();
    if !alike || work > *cells {
        return None;
    }
    *cells -= work;
    Some(damerau_levenshtein(a, b))
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
