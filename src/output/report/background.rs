//! What a scenario says of itself: Markdown, of which nothing raw reaches the page.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Headings of the scenario stand below those of the page.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// As HTML. Raw HTML is shown as it is written; links are told, not followed; pictures are their description.
pub fn as_html(markdown: &str) -> String {
    // Where links lead, of those that are open.
    let mut open: Vec<String> = Vec::new();
    let events = Parser::new_ext(markdown, Options::empty()).filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            open.push(dest_url.into_string());
            None
        }
        Event::End(TagEnd::Link | TagEnd::Image) => {
            open.pop().filter(|to| !to.is_empty()).map(|to| Event::Text(format!(" ({to})").into()))
        }
        Event::Start(Tag::Heading { level, .. }) => {
            Some(Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(below(level)))),
        other => Some(other),
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// As Markdown: raw HTML is escaped, headings stand below those of the page.
pub fn as_markdown(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut done = 0;
    for (event, at) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        let written = match event {
            Event::Html(_) | Event::InlineHtml(_) => markdown[at.clone()].replace('<', "&lt;"),
            Event::Start(Tag::Heading { .. }) if markdown[at.clone()].starts_with('#') => {
                // Only the sign is ours: what is in the heading comes by itself.
                out.push_str(&markdown[done..at.start]);
                out.push_str("##");
                done = at.start;
                continue;
            }
            _ => continue,
        };
        if at.start >= done {
            out.push_str(&markdown[done..at.start]);
            out.push_str(&written);
            done = at.end;
        }
    }
    out + &markdown[done..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_raw_reaches_the_page() {
        let html = as_html(
            "# A\n\nOne <b>bold</b> *word* and [a link](https://x.org/?a=1&b=\"2\") `c`.\n\n<script>x</script>\n\n- one\n- two\n\n![alt](p.png)",
        );
        assert!(
            html.contains("<h3>A</h3>") && html.contains("<em>word</em>") && html.contains("<li>one</li>"),
            "{html}"
        );
        assert!(html.contains("&lt;b&gt;bold&lt;/b&gt;") && html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains("a link (https://x.org/?a=1&amp;b=") && html.contains("alt (p.png)"), "{html}");
        assert!(!html.contains("<a") && !html.contains("<img") && !html.contains("<script"), "{html}");
    }

    #[test]
    fn markdown_stays_markdown() {
        let markdown = "# A *b*\n\nOne <b>bold</b> `<code>` & more.\n\n<div>x</div>\n";
        assert_eq!(
            as_markdown(markdown),
            "### A *b*\n\nOne &lt;b>bold&lt;/b> `<code>` & more.\n\n&lt;div>x&lt;/div>\n"
        );
        assert_eq!(as_markdown(""), "");
    }
}
