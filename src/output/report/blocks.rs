//! What the page consists of: sections of blocks. Two templates write them down, as HTML and as Markdown, so that both say the same in the same order.

use serde::Serialize;

use super::explorer::ExplorerView;
use super::figures::{FigureView, Link};
use super::findings::FindingView;
use crate::output::lang::Lang;

/// A text of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Whether `code` and **strong** in it are marks: only in what we wrote ourselves.
    pub rich: bool,
    /// The language, if it is not that of the page.
    pub lang: Option<&'static str>,
}

impl Text {
    /// What the page says, with its marks.
    pub fn own(text: impl Into<String>) -> Self {
        Text { text: text.into(), rich: true, lang: None }
    }

    /// A title, a number, an id: without marks.
    pub fn plain(text: impl Into<String>) -> Self {
        Text { text: text.into(), rich: false, lang: None }
    }

    /// What a scenario says, which nobody translates.
    pub fn written(text: impl Into<String>, page: Lang) -> Self {
        let lang = (page == Lang::Fr).then_some("en");
        Text { text: text.into(), rich: false, lang }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What it says.
    pub text: Text,
    /// Its interval; empty if there is none.
    pub range: String,
    /// The same scaled to the people of a place; empty if it is not.
    pub scaled: String,
    /// Whether it is an id.
    pub code: bool,
    /// How well it is known, for its colour.
    pub quality: String,
    /// Id of what it leads to on the page; empty if nothing.
    pub to: String,
}

impl Cell {
    /// A cell without more.
    pub fn new(text: Text) -> Self {
        Cell { text, ..Cell::default() }
    }

    /// A figure with its interval.
    pub fn figure(text: String, range: Option<String>) -> Self {
        Cell { text: Text::plain(text), range: range.unwrap_or_default(), ..Cell::default() }
    }

    /// An id.
    pub fn code(text: impl Into<String>) -> Self {
        Cell { code: true, ..Cell::new(Text::plain(text)) }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it has numbers.
    pub num: bool,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whether a part of the table begins with it.
    pub first: bool,
    /// Its id on the page; empty if it has none.
    pub id: String,
    /// Its cells; the first names it.
    pub cells: Vec<Cell>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// How its columns are laid out: a class of the style sheet.
    pub class: &'static str,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// A table without rows; the first `texts` columns have texts, the others numbers.
    pub fn new(caption: String, class: &'static str, columns: &[String], texts: usize) -> Self {
        let column = |(i, name): (usize, &String)| Column { name: name.clone(), num: i >= texts };
        Table { caption, class, columns: columns.iter().enumerate().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, first: bool, cells: Vec<Cell>) {
        self.rows.push(Row { first, id: String::new(), cells });
    }
}

/// A part of a section.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph; its class is one of the style sheet, or empty.
    Para {
        /// What it says.
        text: Text,
        /// Class.
        class: &'static str,
    },
    /// A list of points.
    List {
        /// The points.
        items: Vec<Text>,
    },
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Box<FigureView>),
    /// A heading below that of the section, and an id that stands beside it.
    Heading {
        /// Id on the page; empty if it has none.
        id: String,
        /// What it says.
        text: Text,
        /// Id in the scenario; empty if it has none.
        code: String,
    },
    /// Names and what they say.
    Facts {
        /// The pairs.
        pairs: Vec<(String, Text)>,
        /// Class of the style sheet.
        class: &'static str,
    },
    /// Links to what is on the page.
    Links {
        /// What they are.
        label: String,
        /// The links.
        links: Vec<Link>,
    },
    /// What is folded on a screen.
    Fold {
        /// Id on the page; empty if it has none.
        id: String,
        /// What it is.
        summary: Text,
        /// What stands beside.
        note: String,
        /// What is in it.
        blocks: Vec<Block>,
    },
    /// Something to type.
    Code {
        /// What.
        text: String,
    },
    /// What the scenario says of itself, as HTML and as Markdown.
    Background {
        /// HTML without anything raw.
        html: String,
        /// Markdown without anything raw.
        markdown: String,
        /// Language, if it is not that of the page.
        lang: Option<&'static str>,
    },
    /// A finding, with the figure that shows it.
    Finding(Box<FindingView>),
    /// The reader's choices, and the table that they change.
    Explorer(Box<ExplorerView>),
}

impl Block {
    /// A paragraph of the page's own words.
    pub fn para(text: String) -> Self {
        Block::Para { text: Text::own(text), class: "" }
    }

    /// The same, less prominent.
    pub fn aside(text: String) -> Self {
        Block::Para { text: Text::own(text), class: "aside" }
    }

    /// A heading of the page's own words.
    pub fn heading(text: String) -> Self {
        Block::Heading { id: String::new(), text: Text::own(text), code: String::new() }
    }
}

/// A section; one without blocks does not appear.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Id on the page.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}
