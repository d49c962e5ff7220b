//! What must hold of every figure, whatever the rows.

use super::canvas::{Anchor, Mark};
use super::figures::{bench_throughput, exposure_by_purpose, informants, objection_worth};
use super::fixtures::Fixture;
use super::row_index::Facts;
use super::theme::Tone;
use super::*;
use crate::output::findings::{Evidence, Sentence};

fn samples() -> Vec<(&'static str, Fixture)> {
    vec![
        ("plausible", Fixture::plausible()),
        ("nothing", Fixture::nothing()),
        ("no rows", Fixture::no_rows()),
        ("empty", Fixture::empty()),
        ("one day", Fixture::one_day()),
        ("huge", Fixture::huge()),
        ("crowded", Fixture::crowded().with_orders(30).with_resolutions()),
        ("ordered", Fixture::plausible().with_orders(1).with_resolutions()),
        ("many orders", Fixture::huge().with_orders(9).with_resolutions()),
        ("orders, one day", Fixture::one_day().with_orders(2)),
        ("orders, nothing", Fixture::nothing().with_orders(1).with_resolutions()),
        ("over worlds", Fixture::plausible().with_orders(2).with_resolutions().over_worlds()),
        ("many over worlds", Fixture::huge().with_orders(9).with_resolutions().over_worlds()),
        ("knowledge", Fixture::plausible().with_orders(1).with_knowledge()),
        ("knowledge over worlds", Fixture::plausible().with_orders(2).with_knowledge().over_worlds()),
        ("much knowledge over worlds", Fixture::huge().with_orders(3).with_knowledge().over_worlds()),
        ("crowded knowledge", Fixture::crowded().with_knowledge()),
        ("knowledge of one day", Fixture::one_day().with_knowledge()),
        ("models", Fixture::plausible().with_models()),
        ("models over worlds", Fixture::plausible().with_models().over_worlds()),
        ("many models over worlds", Fixture::huge().with_models().over_worlds()),
        ("models, crowded", Fixture::crowded().with_models()),
        ("models of nothing", Fixture::nothing().with_models()),
        ("nothing over worlds", Fixture::nothing().with_orders(1).with_resolutions().over_worlds()),
    ]
}

/// All looks that differ in where things stand.
fn looks() -> impl Iterator<Item = Look> {
    let of = |size| [Lang::En, Lang::Fr].map(|lang| Look { size, lang, theme: Theme::Light });
    Size::ALL.into_iter().flat_map(of)
}

/// All figures, each of which must be there.
fn all(input: &ChartInput) -> Vec<Chart> {
    draw_all(input).into_iter().collect::<Result<_, _>>().unwrap()
}

/// A figure by its name.
fn named<'a>(charts: &'a [Chart], name: &str) -> &'a Chart {
    charts.iter().find(|chart| chart.name == name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// Filter speeds of a benchmark on one, two and many threads; some that can't be right.
fn bars(input: &ChartInput) -> Vec<Throughput> {
    let bar = |(i, policy): (usize, &Named)| {
        [1, 2, 1024].map(|threads| Throughput {
            policy: policy.id.clone(),
            threads,
            events_per_s: if i == 1 && threads == 2 { f64::NAN } else { 1.3e8 * threads as f64 / (i + 1) as f64 },
            mad: 1e7 * i as f64,
            of_memory: 0.04 * (i + 1) as f64,
        })
    };
    input.policies.iter().enumerate().flat_map(bar).collect()
}

/// Left, top, right and bottom of every text.
fn boxes(marks: &[Mark]) -> Vec<(f64, f64, f64, f64, String)> {
    marks
        .iter()
        .filter_map(|m| match m {
            Mark::Text(x, y, text, face) => {
                let w = face.width(text);
                let left = match face.anchor {
                    Anchor::Start => *x,
                    Anchor::Middle => x - w / 2.0,
                    Anchor::End => x - w,
                };
                Some((left, y - 0.74 * face.size, left + w, y + 0.2 * face.size, text.clone()))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn no_text_is_clipped_or_on_another_at_any_size() {
    let mut found: Vec<String> = Vec::new();
    for (k, (name, sample)) in samples().into_iter().enumerate() {
        // Each sample in both languages, at every size in one of them.
        for look in looks().enumerate().filter(|(i, _)| (i / 2 + i + k).is_multiple_of(2)).map(|(_, look)| look) {
            let input = ChartInput { look, ..sample.input() };
            let mut facts = Facts::new(&input);
            let widths = look.size.widths();
            // The widest of a slide, at which most fits, and the narrowest.
            for &width in [widths[0], widths[widths.len() - 1]].iter().take(widths.len()) {
                facts.width = width;
                let of_bench = [&bars(&input)[..], &[]].map(|bars| bench_throughput::draw(&facts, bars));
                for mut figure in plans(&facts).into_iter().map(|(_, plan)| plan(&facts)).chain(of_bench) {
                    let height = figure.foot(&facts);
                    let boxes = boxes(figure.sheet.marks());
                    let what = format!("{name}, {}, {look:?} at {width}", figure.name());
                    for (i, a) in boxes.iter().enumerate() {
                        if a.0 < 4.0 || a.2 > width - 4.0 || a.1 < 0.0 || a.3 > height {
                            found.push(format!("{what}: {:?} is clipped: {a:?} of {height}", a.4));
                        }
                        let on =
                            |b: &&(f64, f64, f64, f64, String)| !(a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1);
                        found.extend(boxes[i + 1..].iter().filter(on).map(|b| format!("{what}: {a:?} is on {b:?}")));
                    }
                }
            }
        }
    }
    let shown: Vec<&String> = found.iter().step_by(found.len() / 40 + 1).collect();
    assert!(found.is_empty(), "{} texts: {shown:#?}", found.len());
}

#[test]
fn every_sample_makes_sound_charts() {
    for (k, (name, sample)) in samples().into_iter().enumerate() {
        let mut charts = all(&sample.input());
        charts.push(draw_throughput(&sample.input(), &bars(&sample.input())).unwrap());
        for chart in &charts {
            let what = format!("{name}/{}", chart.name);
            assert!(resvg::usvg::Tree::from_str(&chart.svg, &resvg::usvg::Options::default()).is_ok(), "{what}");
            for text in [&chart.svg, &chart.csv, &chart.json, &chart.alt, &chart.subtitle] {
                assert!(!text.contains("NaN") && !text.contains("inf,") && !text.contains("null"), "{what}");
            }
            assert!(!chart.svg.contains("width=\"-"), "{what} has a negative width");
            assert!(chart.svg.contains("role=\"img\"") && chart.svg.contains("<desc id="), "{what}");
            assert!(chart.alt.ends_with('.') && chart.alt.len() > 20, "{what}: {}", chart.alt);
            // Pixels take longer than all the rest: those of every fourth sample.
            if k % 4 == 0 {
                assert_eq!(&chart.png().unwrap()[..4], b"\x89PNG", "{what}");
            }
            let json: serde_json::Value = serde_json::from_str(&chart.json).unwrap();
            assert_eq!(json["rows"].as_u64().unwrap() as usize, chart.csv.lines().count() - 1, "{what}");
            assert_eq!(json["seed"], 42);
        }
    }
}

#[test]
fn same_rows_same_bytes() {
    let sample = Fixture::plausible().with_knowledge();
    let [one, other] = [1, 2].map(|_| all(&sample.input()));
    assert_eq!(one.len(), other.len());
    for (a, b) in one.iter().zip(&other) {
        assert!(a.svg == b.svg && a.csv == b.csv && a.json == b.json, "{}", a.name);
        assert_eq!(a.png().unwrap(), b.png().unwrap(), "{}", a.name);
    }
}

#[test]
fn data_files_hold_the_numbers_of_the_rows() {
    let sample = Fixture::plausible().with_knowledge();
    let input = sample.input();
    let charts = all(&input);
    let value = |metric: &str, purpose: &str, population: &str| {
        let row = input.exposure.iter().find(|r| {
            &*r.metric == metric
                && &*r.policy == "opt-out"
                && &*r.purpose == purpose
                && &*r.population == population
                && &*r.category == "all"
        });
        row.unwrap().value.to_string()
    };
    let ads = value("disclosed_values", "targeted_advertising", "all");
    let chart = named(&charts, "exposure-by-purpose");
    assert!(chart.csv.contains(&format!("\ntargeted_advertising,opt-out,{ads},,,")));
    let outsiders = value("people_exposed", "security", "non_user");
    assert!(named(&charts, "people-reached").csv.contains(&format!("\nsecurity,opt-out,non_user,{outsiders},350000,")));
    // What an objection takes away is drawn downwards, and stands in the data as it is in the table.
    let efficacy = value("objection_efficacy", "all", "objecting");
    assert!(named(&charts, "objection-worth").csv.contains(&format!("\nobjection_efficacy,opt-out,{efficacy},,")));
}

/// The share of the baseline that is written is that of the two counts.
#[test]
fn shares_of_the_baseline_are_of_its_values() {
    let sample = Fixture::plausible();
    let charts = all(&sample.input());
    let csv = &named(&charts, "exposure-by-purpose").csv;
    let input = sample.input();
    let of = |policy: &str, purpose: &str| {
        let row = input.exposure.iter().find(|r| {
            &*r.metric == "disclosed_values"
                && &*r.policy == policy
                && &*r.purpose == purpose
                && &*r.population == "all"
                && &*r.category == "all"
        });
        row.unwrap().value.as_f64()
    };
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let share: f64 = fields[5].parse().unwrap();
        assert!((share - of(fields[1], fields[0]) / of("full-sharing", "all")).abs() < 1e-12, "{line}");
    }
}

#[test]
fn intervals_are_drawn_and_said() {
    let (one, five) = (Fixture::plausible(), Fixture::plausible().over_worlds());
    let (one, five) = (all(&one.input()), all(&five.input()));
    let (one, five) = (named(&one, "exposure-by-purpose"), named(&five, "exposure-by-purpose"));
    assert!(one.source_line.contains("one world: no interval"), "{}", one.source_line);
    assert!(five.source_line.contains("means of 5 worlds, 95 % intervals"), "{}", five.source_line);
    let ends = |csv: &str| -> Vec<f64> {
        csv.lines().nth(1).unwrap().split(',').skip(2).take(3).filter_map(|x| x.parse().ok()).collect()
    };
    let (alone, drawn) = (ends(&one.csv), ends(&five.csv));
    assert_eq!((alone.len(), drawn.len(), drawn[0]), (1, 3, alone[0]));
    assert!((drawn[1] / drawn[0] - 0.9).abs() < 1e-9 && (drawn[2] / drawn[0] - 1.1).abs() < 1e-9);
    // A whisker is six lines: three in white beneath three in ink.
    let lines = |svg: &str| svg.matches("<polyline").count();
    assert!(lines(&five.svg) >= lines(&one.svg) + 6 * 6, "{} {}", lines(&five.svg), lines(&one.svg));
}

/// Every figure of a run draws what it draws in one world, and intervals besides: in the picture and in the data.
#[test]
fn every_figure_shows_intervals() {
    let sample = || Fixture::plausible().with_orders(1).with_resolutions().with_models().with_knowledge();
    let (one, five) = (all(&sample().input()), all(&sample().over_worlds().input()));
    // Whose doing facts were is drawn as parts of a whole, which have no intervals in the tables.
    for (one, five) in one.iter().zip(&five).filter(|(one, _)| one.name != "scope") {
        let name = &one.name;
        assert!(one.source_line.contains("one world: no interval"), "{name}");
        let marks = |svg: &str| ["<polyline", "<polygon", "<text"].map(|mark| svg.matches(mark).count());
        assert!(marks(&five.svg).iter().sum::<usize>() > marks(&one.svg).iter().sum::<usize>(), "{name}");
        let json: serde_json::Value = serde_json::from_str(&five.json).unwrap();
        let tables =
            [Some((&five.csv, &one.csv)), five.more_csv.as_ref().zip(one.more_csv.as_ref()).map(|(a, b)| (&a.1, &b.1))];
        let described = [&json["columns"], &json["more_data"][0]["columns"]];
        for ((five, one), columns) in tables.into_iter().flatten().zip(described) {
            let names: Vec<&str> = columns.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
            let ends = |which: &str| {
                let is = |name: &&str| **name == *which || name.ends_with(&format!("_{which}"));
                (0..names.len()).filter(|&i| is(&names[i])).collect::<Vec<usize>>()
            };
            let (lo, hi) = (ends("lo"), ends("hi"));
            assert!(!lo.is_empty() && lo.len() == hi.len(), "{name}: {names:?}");
            let mut known = 0;
            for (five, one) in five.lines().zip(one.lines()).skip(1) {
                let [five, one] = [five, one].map(|line| line.split(',').collect::<Vec<_>>());
                for (&lo, &hi) in lo.iter().zip(&hi) {
                    assert!(one[lo].is_empty() && one[hi].is_empty(), "{name}: {one:?}");
                    if let (Ok(low), Ok(high)) = (five[lo].parse::<f64>(), five[hi].parse::<f64>()) {
                        known += usize::from(low < high);
                    }
                }
            }
            assert!(known > 2, "{name}: {known}");
        }
    }
}

/// The pieces of whiskers, which are the only lines of their width in the colour of the paper, and the texts of a figure do not meet.
#[test]
fn whiskers_and_texts_stay_apart() {
    for sample in [Fixture::plausible(), Fixture::huge()] {
        let sample = sample.with_knowledge().over_worlds();
        for size in Size::ALL {
            let input = ChartInput { look: Look { size, ..Look::default() }, ..sample.input() };
            let facts = Facts::new(&input);
            let mut whiskers = 0;
            for figure in [informants::draw(&facts), objection_worth::draw(&facts), exposure_by_purpose::draw(&facts)] {
                let texts = boxes(figure.sheet.marks());
                for mark in figure.sheet.marks() {
                    let Mark::Line(points, width, Tone::Paper) = mark else { continue };
                    whiskers += 1;
                    let of = |end: fn(f64, f64) -> f64, at: fn(&(f64, f64)) -> f64| {
                        points.iter().map(at).reduce(end).unwrap()
                    };
                    let (left, right) = (of(f64::min, |p| p.0), of(f64::max, |p| p.0));
                    let (top, bottom) = (of(f64::min, |p| p.1), of(f64::max, |p| p.1));
                    for text in &texts {
                        let apart = right + width / 2.0 <= text.0
                            || text.2 <= left - width / 2.0
                            || bottom <= text.1
                            || text.3 <= top;
                        assert!(apart, "{size:?}: {text:?} is on a whisker from {left} {top} to {right} {bottom}");
                    }
                }
            }
            assert!(whiskers > 20, "{whiskers}");
        }
    }
}

#[test]
fn figures_against_orders_hold_what_is_drawn() {
    let sample = Fixture::plausible().with_orders(1);
    let input = sample.input();
    let charts = all(&input);
    let chart = charts.iter().find(|c| c.name == "exceedance").unwrap();
    let (mut drawn, mut rows) = (0, 0);
    for row in input.exceedance_daily {
        rows += 1;
        drawn += usize::from(chart.csv.contains(&format!("{}", row.value)));
    }
    assert!(rows == 180 && drawn == rows, "{drawn} of {rows}");
    assert!(!chart.svg.to_lowercase().contains("illegal") && chart.svg.contains("REGULATOR-0"));
}

#[test]
fn what_is_left_out_is_said() {
    let sample = Fixture::crowded().with_orders(30).with_resolutions();
    for chart in all(&sample.input()) {
        let (name, json): (_, serde_json::Value) = (&chart.name, serde_json::from_str(&chart.json).unwrap());
        let left_out = json["left_out"].as_array().unwrap();
        let of =
            |what: &str| left_out.iter().find(|l| l["what"] == what).map(|l| (l["drawn"].as_u64(), l["of"].as_u64()));
        assert_eq!(of("policies"), Some((Some(12), Some(40))), "{name}");
        assert!(json["note"].as_str().unwrap().contains("12 of 40 policies"), "{name}");
        assert!(
            chart.alt.contains("of the first 12 of 40 policies: ") && chart.alt.contains("tables"),
            "{name}: {}",
            chart.alt
        );
        assert!(chart.svg.contains("Drawn: the first 12 of 40 policies"), "{name}");
        assert!(chart.csv.contains("p11,") && !chart.csv.contains("p12,"), "{name}: the data drawn, no more");
        if name == "exceedance" {
            assert_eq!(of("orders"), Some((Some(6), Some(30))));
        }
        let png = chart.png().unwrap();
        let height = u32::from_be_bytes(png[20..24].try_into().unwrap());
        assert!(height < 16_000, "{name} is {height} pixels high");
    }
    for chart in all(&Fixture::plausible().with_orders(1).input()) {
        let json: serde_json::Value = serde_json::from_str(&chart.json).unwrap();
        assert!(json["left_out"].as_array().unwrap().is_empty() && json["note"] == "", "{}", chart.name);
        assert!(!chart.alt.contains("the first 12"), "{}", chart.alt);
    }
}

#[test]
fn pictures_keep_the_text_that_the_font_has_not() {
    let charts = all(&Fixture::crowded().input());
    let svg = &charts.iter().find(|c| c.name == "exposure-by-purpose").unwrap().svg;
    assert!(
        svg.contains("東京の方針") && svg.contains("Πολιτική") && svg.contains("țară"),
        "the viewer may have a font for it"
    );
}

/// A finding that a figure shows is its title, in the language of the figure; what is shown stands below it.
#[test]
fn findings_are_titles() {
    let sample = Fixture::plausible().with_knowledge();
    let finding = Finding {
        id: "x".into(),
        sentence: Sentence { en: "Three in five are known.".into(), fr: "Trois sur cinq sont connues.".into() },
        figures: Vec::new(),
        evidence: Evidence::OneWorld,
        evidence_in_words: Evidence::OneWorld.words(),
        rests_on: Vec::new(),
        returns_assumption: false,
        told_by_policy: false,
        negative: false,
        chart: Some("people-reached"),
        rank: 1.0,
    };
    let found = [finding];
    for (lang, title, topic) in [
        (Lang::En, "Three in five are known", "About whom the parent learns anything at all"),
        (Lang::Fr, "Trois sur cinq sont connues", "Sur qui la maison mère apprend quoi que ce soit"),
    ] {
        let look = Look { lang, ..Look::default() };
        let charts = all(&ChartInput { findings: &found, look, ..sample.input() });
        let chart = named(&charts, "people-reached");
        assert_eq!(chart.title, title);
        assert!(chart.subtitle.starts_with(topic), "{}", chart.subtitle);
        assert!(chart.svg.contains(&format!("lang=\"{}\"", lang.id())));
        assert_ne!(named(&charts, "categories").title, title);
    }
}

/// English words that a French figure must not have; titles of the samples are English themselves.
#[test]
fn french_figures_are_french() {
    let sample = Fixture::plausible().with_orders(1).with_resolutions().with_models().with_knowledge().over_worlds();
    let look = Look { lang: Lang::Fr, ..Look::default() };
    let english = [" the ", " of ", " people", " who ", " values", " share ", "users", " day", " and ", "people"];
    let written = [&sample.input().orders[0].scope, &sample.input().orders[0].status, &sample.input().orders[0].title]
        .map(|text| text.to_lowercase());
    for chart in all(&ChartInput { look, ..sample.input() }) {
        for text in [&chart.title, &chart.subtitle, &chart.alt, &chart.source_line] {
            let text = written.iter().fold(text.to_lowercase(), |text, own| text.replace(own, ""));
            assert!(!english.iter().any(|word| text.contains(word)), "{}: {text}", chart.name);
        }
        let facts_input = ChartInput { look, ..sample.input() };
        let facts = Facts::new(&facts_input);
        let figure =
            plans(&facts).into_iter().find(|(name, _)| *name == chart.name).map(|(_, plan)| plan(&facts)).unwrap();
        for (.., text) in boxes(figure.sheet.marks()) {
            let low = format!(" {} ", text.to_lowercase());
            let own = chart.name == "exceedance" || chart.name == "resolution";
            assert!(own || !english.iter().any(|word| low.contains(word)), "{}: {text}", chart.name);
        }
    }
}

/// What differs between grounds is colour alone.
#[test]
fn grounds_differ_in_colours_alone() {
    let sample = Fixture::plausible().with_orders(1).with_knowledge().over_worlds();
    let [light, dark, print] =
        Theme::ALL.map(|theme| all(&ChartInput { look: Look { theme, ..Look::default() }, ..sample.input() }));
    let plain = |svg: &str| {
        let mut out = String::new();
        let mut rest = svg;
        while let Some(at) = rest.find("\"#") {
            out.push_str(&rest[..at]);
            rest = rest.get(at + 8..).unwrap_or_default();
        }
        out + rest
    };
    for ((light, dark), print) in light.iter().zip(&dark).zip(&print) {
        assert_ne!(light.svg, dark.svg, "{}", light.name);
        assert!(plain(&light.svg) == plain(&dark.svg) && plain(&light.svg) == plain(&print.svg), "{}", light.name);
    }
}

#[test]
fn a_figure_that_fails_is_an_error_of_its_own() {
    fn broken(_: &Facts) -> figure::Figure {
        panic!("as a test wants it")
    }
    let sample = Fixture::plausible();
    let error = fitted(&sample.input(), "broken", broken).unwrap_err().to_string();
    assert!(error.contains("broken"), "{error}");
    // What does not fit on a slide says so.
    let input = ChartInput { look: Look { size: Size::Slide, ..Look::default() }, ..sample.input() };
    let endless = |facts: &Facts| {
        let mut figure = exposure_by_purpose::draw(facts);
        figure.y = 1e8;
        figure
    };
    let error = fitted(&input, "endless", endless).unwrap_err().to_string();
    assert!(error.contains("too much to show on a slide"), "{error}");
}

/// A picture that does fit on a slide has its proportions.
#[test]
fn slides_are_sixteen_to_nine() {
    let sample = Fixture::plausible().with_knowledge();
    let input = ChartInput { look: Look { size: Size::Slide, ..Look::default() }, ..sample.input() };
    for chart in draw_all(&input).into_iter().flatten() {
        let (width, height) = chart.units;
        assert!((height / width - 9.0 / 16.0).abs() < 0.01, "{}: {width} x {height}", chart.name);
    }
}
