//! What of Markdown the documents use.

/// The code spans of a text, in order; code blocks are left out.
pub fn spans(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.lines().filter(|l| !l.starts_with("    ")).collect();
    let prose = fenced(&prose.join("\n"), false);
    // Tables write a bar in code as `\|`.
    prose.split('`').skip(1).step_by(2).map(|s| s.replace('\n', " ").replace("\\|", "|")).collect()
}

/// The lines inside fences, or outside.
fn fenced(text: &str, inside: bool) -> String {
    let mut within = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            within = !within;
        } else if within == inside {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// The code blocks, by indentation and by fences, without their indentation.
pub fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(code) if open => {
                let block = blocks.last_mut().expect("an open one");
                *block += code;
                *block += "\n";
            }
            Some(code) => {
                blocks.push(format!("{code}\n"));
                open = true;
            }
            None => open = false,
        }
    }
    blocks.push(fenced(text, true));
    blocks
}

/// The part under a heading, without its deeper parts.
pub fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("there is no `{heading}`"));
    let end = rest.match_indices("\n#").map(|(i, _)| i).next().unwrap_or(rest.len());
    &rest[..end]
}

/// The rows of the tables of a text, a cell each column, without heads.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let rule = |l: &str| l.starts_with("|--");
    let mut rows = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if !line.starts_with('|') || rule(line) || lines.get(i + 1).is_some_and(|l| rule(l)) {
            continue;
        }
        // A row that no head stands above is no row to a reader of the page.
        let head = lines[..i].iter().rposition(|l| !l.starts_with('|')).map_or(0, |i| i + 1);
        assert!(rule(lines[head + 1]), "no head above: {line}");
        let line = line.trim_matches('|').replace("\\|", "\u{0}");
        rows.push(line.split('|').map(|c| c.trim().replace('\u{0}', "|")).collect());
    }
    rows
}

/// A text without what stands in parentheses outside of code.
pub fn without_asides(text: &str) -> String {
    let (mut depth, mut code, mut out) = (0, false, String::new());
    for c in text.chars() {
        match c {
            '`' if depth == 0 => code = !code,
            '(' if !code => depth += 1,
            ')' if !code && depth > 0 => {
                depth -= 1;
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            out.push(c);
        }
    }
    out
}

/// `x.{a,b}` as `x.a` and `x.b`.
pub fn braces(path: &str) -> Vec<String> {
    match path.split_once('{').and_then(|(a, rest)| Some((a, rest.split_once('}')?))) {
        Some((before, (ends, after))) => ends.split(',').map(|e| format!("{before}{e}{after}")).collect(),
        None => vec![path.to_owned()],
    }
}
