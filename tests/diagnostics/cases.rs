//! Kinds of bad scenario: what each changes in the scenario that is fine.

/// How a scenario goes wrong.
pub enum Change {
    /// Each of the first texts, which must be there, becomes the second.
    Swap(&'static [(&'static str, &'static str)]),
    /// These lines stand at the end.
    Add(&'static str),
    /// A policy `p` more with one permit, and these lines.
    Permit(&'static str),
    /// The same with a second rule that forbids, and these lines.
    Forbid(&'static str),
    /// The same with one permit called "All of it", and a test of a flow with these lines.
    Test(&'static str),
    /// What this makes of the scenario.
    Make(fn(&str) -> String),
    /// The file is this.
    Whole(&'static [u8]),
    /// The scenario stays; `outflow run` gets these options.
    Options(&'static [&'static str]),
    /// This path is checked instead of the file.
    Path(&'static str),
}

use Change::{Add, Forbid, Make, Options, Path, Permit, Swap, Test, Whole};

/// The scenario with these lines about France.
fn in_france(base: &str, lines: &str) -> String {
    base.replacen("share = 0.6", &format!("share = 0.6\n{lines}"), 1)
}

/// 257 operating systems, with the three of the preset.
fn systems(base: &str) -> String {
    let rare: String = (0..254).map(|i| format!("s{i} = 0.0\n")).collect();
    in_france(base, &format!("[jurisdiction.os]\nandroid = 1.0\nios = 0.0\nother = 0.0\n{rare}"))
}

/// 257 time zones, with that of Germany.
fn zones(base: &str) -> String {
    let rare: Vec<String> =
        (1..257).map(|i| format!("{{ utc_offset = {:.4}, share = 0.0 }}", f64::from(i) / 60.0)).collect();
    in_france(base, &format!("time_zones = [\n{},\n{{ utc_offset = 14.0, share = 1.0 }},\n]", rare.join(",\n")))
}

/// A kind of bad scenario.
pub type Case = (&'static str, Change);

/// Files that are none.
pub const FILES: &[Case] = &[
    ("missing file", Path("bsae.toml")),
    ("folder instead of a file", Path(".")),
    ("empty file", Whole(b"\n  \n")),
    ("not text", Whole(b"[scenario]\nname = \"caf\xe9\"\n")),
    ("UTF-16", Whole(b"\xff\xfe[\0s\0")),
    ("JSON", Whole(b"{ \"scenario\": { \"name\": \"x\" } }\n")),
    ("YAML", Whole(b"scenario:\n  name: x\n")),
];

/// Errors of syntax.
pub const SYNTAX: &[Case] = &[
    ("unclosed string", Swap(&[("name = \"base\"", "name = \"base")])),
    ("unopened string", Swap(&[("name = \"base\"", "name = base\"")])),
    ("unquoted string", Swap(&[("name = \"base\"", "name = base")])),
    ("typographic quotes", Swap(&[("name = \"base\"", "name = \u{201c}base\u{201d}")])),
    ("quote within a string", Swap(&[("\"Full sharing\"", "\"Full \"sharing\"\"")])),
    ("backslash", Swap(&[("\"Full sharing\"", "\"C:\\data\"")])),
    ("control character", Swap(&[("\"Full sharing\"", "\"Full\u{1}sharing\"")])),
    ("unclosed text", Swap(&[("\"None: the tests change it until it is not.\"", "\"\"\"\nNone")])),
    ("unclosed list", Swap(&[("\"countries-2017\"]", "\"countries-2017\"")])),
    ("list without a comma", Swap(&[("\"whatsapp-2017\", ", "\"whatsapp-2017\" ")])),
    ("unclosed header", Swap(&[("[[order]]", "[[order]")])),
    ("bracket too many", Swap(&[("[[order]]", "[[order]]]")])),
    ("unclosed braces", Add("[uninstall]\nwithin_days = { value = 30\n[world]")),
    ("braces without a comma", Add("[uninstall]\nwithin_days = { value = 30 source = \"s\" }")),
    ("key without a value", Swap(&[("days = 30", "days =")])),
    ("value without a key", Swap(&[("days = 30", "= 30")])),
    ("key of two words", Swap(&[("days = 30", "the days = 30")])),
    ("colon", Swap(&[("days = 30", "days: 30")])),
    ("two equal signs", Swap(&[("days = 30", "days == 30")])),
    ("semicolon", Swap(&[("days = 30", "days = 30;")])),
    ("comment with slashes", Swap(&[("days = 30", "days = 30 // a month")])),
    ("two keys on a line", Swap(&[("days = 30", "days = 30 seed = 2")])),
    ("key twice", Swap(&[("days = 30", "days = 30\ndays = 31")])),
    ("table twice", Add("[scenario]\ndays = 31")),
    (
        "part before the whole",
        Swap(&[(
            "[[policy]]\nid = \"full-sharing\"",
            "[[policy.rule]]\neffect = \"permit\"\n[[policy]]\nid = \"full-sharing\"",
        )]),
    ),
    ("table and list of tables", Swap(&[("[[jurisdiction]]\ncode = \"FR\"", "[jurisdiction]\ncode = \"FR\"")])),
    ("percent", Swap(&[("share = 0.6", "share = 60%")])),
    ("decimal comma", Swap(&[("share = 0.6", "share = 0,6")])),
    ("no digit before the point", Swap(&[("share = 0.6", "share = .6")])),
    ("grouped digits", Swap(&[("people = 1000", "people = 1 000")])),
    ("leading zero", Swap(&[("days = 30", "days = 030")])),
    ("unit after a number", Swap(&[("days = 30", "days = 30 days")])),
    ("number too large", Swap(&[("people = 1000", "people = 99999999999999999999")])),
    ("day that does not exist", Swap(&[("start = 2017-11-27", "start = 2017-11-31")])),
    ("day in another order", Swap(&[("start = 2017-11-27", "start = 27.11.2017")])),
    (
        "none and True",
        Swap(&[("days = 30", "days = none"), ("effect = \"permit\"", "effect = \"permit\"\nminor = True")]),
    ),
];

/// Keys and types.
pub const STRUCTURE: &[Case] = &[
    ("unknown table", Add("[weather]\nrain = 0.3")),
    ("unknown key", Swap(&[("days = 30", "days = 30\ncolour = \"red\"")])),
    ("misspelt key", Swap(&[("days = 30", "dyas = 30")])),
    ("misspelt table", Swap(&[("[[order]]", "[[orders]]")])),
    ("key with another name elsewhere", Swap(&[("code = \"FR\"", "id = \"FR\"")])),
    ("key with the same meaning", Forbid("start = 2017-12-01")),
    ("key one level too high", Swap(&[("id = \"full-sharing\"", "id = \"full-sharing\"\neffect = \"permit\"")])),
    ("key one level too low", Forbid("extends = \"opt-out\"")),
    ("key below the wrong header", Swap(&[("days = 30\n", ""), ("share = 0.4", "share = 0.4\ndays = 30")])),
    ("key twice in two spellings", Swap(&[("days = 30", "days = 30\nDays = 31")])),
    ("rule outside of a policy", Swap(&[("[[policy.rule]]\neffect = \"forbid\"", "[[rule]]\neffect = \"forbid\"")])),
    ("missing key", Swap(&[("title = \"Full sharing\"\n", "")])),
    ("missing keys", Swap(&[("seed = 1\n", ""), ("start = 2017-11-27\n", "")])),
    ("missing scenario", Swap(&[("[scenario]", "[scenaro]")])),
    ("number as a string", Swap(&[("days = 30", "days = \"30\"")])),
    ("word as a number", Swap(&[("days = 30", "days = \"thirty\"")])),
    ("share as a string", Swap(&[("share = 0.6", "share = \"60 %\"")])),
    ("share as a percentage", Swap(&[("share = 0.6", "share = 60")])),
    ("share above 1", Swap(&[("share = 0.6", "share = 1.5")])),
    ("count with decimals", Swap(&[("days = 30", "days = 30.5")])),
    ("count as a float", Swap(&[("people = 1000", "people = 1e3")])),
    ("no days", Swap(&[("days = 30", "days = 0")])),
    ("negative seed", Swap(&[("seed = 1", "seed = -1")])),
    ("infinite share", Swap(&[("share = 0.6", "share = inf")])),
    ("day as a string", Swap(&[("start = 2017-11-27", "start = \"2017-11-27\"")])),
    ("day with a time", Swap(&[("start = 2017-11-27", "start = 2017-11-27T10:00:00Z")])),
    ("year instead of a day", Forbid("from = 2017")),
    ("true as a string", Forbid("minor = \"yes\"")),
    ("string instead of a list", Forbid("purposes = \"security\"")),
    ("list instead of a string", Swap(&[("choice = \"objects\"", "choice = [\"objects\"]")])),
    ("table instead of a list of tables", Swap(&[("[[order]]", "[order]")])),
    ("list of tables instead of a table", Swap(&[("[scenario]", "[[scenario]]")])),
    ("number without its source", Add("[traffic]\nreply_share = 0.5")),
    ("number instead of a table", Swap(&[("code = \"FR\"", "code = \"FR\"\nagrees = 0.3")])),
    ("word that is not allowed", Swap(&[("effect = \"forbid\"", "effect = \"maybe\"")])),
    ("misspelt word", Swap(&[("choice = \"objects\"", "choice = \"object\"")])),
    ("word with the same meaning", Swap(&[("effect = \"forbid\"", "effect = \"deny\"")])),
    ("empty text", Swap(&[("title = \"Full sharing\"", "title = \"\"")])),
    ("unknown transform", Permit("as = { hash = 39 }")),
    ("transform as a word", Permit("as = \"hash\"")),
    ("bits out of range", Permit("as = { hash_bits = 300 }")),
    ("group of one", Permit("as = { aggregate_k = 1 }")),
    (
        "misspelt key of what is expected",
        Add(
            "[[expect]]\npeople = 10\ndays = 1\nevent = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
        ),
    ),
    (
        "nobody expected",
        Add(
            "[[expect]]\npeople = 0\ndays = 1\nevents = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
        ),
    ),
    (
        "presets below the wrong header",
        Swap(&[
            ("presets = [\"whatsapp-2017\", \"countries-2017\"]\n", ""),
            ("share = 0.4", "share = 0.4\npresets = [\"whatsapp-2017\"]"),
        ]),
    ),
];

/// Names, numbers and what they mean together.
pub const MEANING: &[Case] = &[
    ("unknown preset", Swap(&[("countries-2017", "countries-2016")])),
    ("preset twice", Swap(&[("\"countries-2017\"]", "\"countries-2017\", \"countries-2017\"]")])),
    ("no presets", Swap(&[("presets = [\"whatsapp-2017\", \"countries-2017\"]\n", "")])),
    ("preset that is counted on", Swap(&[(", \"countries-2017\"]", "]")])),
    ("jurisdiction that no preset has", Add("[[jurisdiction]]\ncode = \"XK\"\nshare = 0.0")),
    ("name that is no folder", Swap(&[("name = \"base\"", "name = \"My Base\"")])),
    (
        "reserved id",
        Swap(&[("id = \"full-sharing\"", "id = \"all\""), ("extends = \"full-sharing\"", "extends = \"all\"")]),
    ),
    ("id with spaces", Swap(&[("id = \"notice\"", "id = \"the notice\"")])),
    ("too many days", Swap(&[("days = 30", "days = 5000")])),
    ("too many operating systems", Make(systems)),
    ("too many time zones", Make(zones)),
    (
        "too many bytes to count",
        Swap(&[
            ("people = 1000", "people = 1_000_000"),
            ("[[order]]", "[[category]]\nid = \"contacts\"\nbytes = 1_000_000_000\n\n[[order]]"),
        ]),
    ),
    (
        "too much talk in groups",
        Add(
            "[traffic]\nmessages_per_active_day = { value = 900, source = \"s\", quality = \"assumed\" }\n[world]\ngroup_size_max = { value = 4096, source = \"s\", quality = \"assumed\" }\ngroups_per_user = { value = 1, source = \"s\", quality = \"assumed\" }",
        ),
    ),
    ("too many people", Swap(&[("people = 1000", "people = 1_000_000_000_000")])),
    ("outside of the calendar", Swap(&[("start = 2017-11-27", "start = 9999-12-20")])),
    ("policy twice", Swap(&[("id = \"opt-out\"", "id = \"full-sharing\""), ("extends = \"full-sharing\"\n", "")])),
    ("policy with the title of another", Swap(&[("title = \"Opt-out\"", "title = \"full  Sharing\"")])),
    ("policy without rules", Add("[[policy]]\nid = \"p\"\ntitle = \"P\"\nsource = \"s\"")),
    ("id that pandas reads as nothing", Swap(&[("id = \"opt-out\"", "id = \"null\"")])),
    ("id that Excel reads as a number", Swap(&[("id = \"opt-out\"", "id = \"1e5\"")])),
    ("id that Excel reads as a day", Swap(&[("id = \"notice\"", "id = \"2016-09\"")])),
    ("id that Excel reads as a formula", Swap(&[("id = \"opt-out\"", "id = \"-x\"")])),
    ("group that does not exist", Permit("as = { aggregate_k = 1_000_000 }")),
    ("jurisdiction twice", Swap(&[("code = \"DE\"", "code = \"FR\"")])),
    (
        "no jurisdiction",
        Swap(&[("[[jurisdiction]]\ncode = \"FR\"\nshare = 0.6\n\n[[jurisdiction]]\ncode = \"DE\"\nshare = 0.4\n", "")]),
    ),
    ("shares that lack something", Swap(&[("share = 0.6", "share = 0.5")])),
    ("shares that sum to too much", Swap(&[("code = \"FR\"", "code = \"FR\"\nos = { ios = 0.5 }")])),
    (
        "shares that were rounded",
        Swap(&[(
            "code = \"FR\"\nshare = 0.6\n\n[[jurisdiction]]\ncode = \"DE\"\nshare = 0.4",
            "code = \"FR\"\nshare = 0.333333\n\n[[jurisdiction]]\ncode = \"DE\"\nshare = 0.333333\n\n[[jurisdiction]]\ncode = \"UK\"\nshare = 0.333333",
        )]),
    ),
    (
        "shares of a part that are too much",
        Swap(&[(
            "[[order]]",
            "[[abuse_class]]\nid = \"spam\"\nshare = 0.9995\nsource = \"s\"\nquality = \"assumed\"\n\n[[order]]",
        )]),
    ),
    (
        "rates that were rounded",
        Swap(&[(
            "code = \"FR\"",
            "code = \"FR\"\nobjects = { security = 0.666667 }\nagrees = { security = 0.3333334 }",
        )]),
    ),
    ("number out of range", Add("[traffic]\nreply_share = { value = 1.2 }")),
    ("percentage out of range", Add("[traffic]\nreply_share = { value = 60 }")),
    ("number that is not whole", Add("[world]\ngroups_per_user = { value = 3.5 }")),
    ("series of another length", Add("[traffic]\nweekdays = { values = [1, 1, 1, 1, 1] }")),
    ("messages to groups without groups", Add("[world]\ngroups_per_user = { value = 0 }")),
    ("more media than messages", Add("[traffic]\nphoto_share = { value = 0.9 }\nvideo_share = { value = 0.2 }")),
    ("more choices than people", Swap(&[("code = \"FR\"", "code = \"FR\"\nobjects = { security = 0.7 }")])),
    (
        "purpose without rates",
        Add(
            "[[purpose]]\nid = \"research\"\ntitle = \"R\"\nrequests = [\"contacts\"]\nneeds = []\ndpv = \"d\"\nfides = \"f\"\nsource = \"s\"\nquality = \"assumed\"",
        ),
    ),
    ("need that is not requested", Add("[[purpose]]\nid = \"security\"\nneeds = [\"profile_photo\"]")),
    (
        "operating system that is nearly another",
        Swap(&[("code = \"FR\"", "code = \"FR\"\nos = { andriod = 0.73, android = 0 }")]),
    ),
    ("misspelt category", Forbid("categories = [\"phone_numbr\"]")),
    ("category that nothing defines", Forbid("categories = [\"blood_type\"]")),
    ("purpose as a category", Forbid("categories = [\"security\"]")),
    ("part of a purpose's name", Forbid("purposes = [\"advertising\"]")),
    ("unknown kind of event", Forbid("kinds = [\"contact_upload\"]")),
    ("kind that nothing makes", Add("[[kind]]\nid = \"smoke_signal\"\nactor = []\ncounterparty = []")),
    ("counterparty of a kind without", Add("[[kind]]\nid = \"registration\"\ncounterparty = [\"contacts\"]")),
    ("jurisdiction that is not simulated", Forbid("jurisdictions = [\"IT\"]")),
    ("name twice in a list", Forbid("purposes = [\"security\", \"security\"]")),
    ("unknown base", Swap(&[("extends = \"full-sharing\"", "extends = \"full\"")])),
    ("policy that extends itself", Swap(&[("extends = \"full-sharing\"", "extends = \"opt-out\"")])),
    ("policies in a circle", Swap(&[("id = \"full-sharing\"", "id = \"full-sharing\"\nextends = \"opt-out\"")])),
    ("empty list in a rule", Forbid("purposes = []")),
    ("whose choice, but none", Forbid("choice_of = \"actor\"")),
    ("until before from", Forbid("from = 2017-12-01\nuntil = 2017-11-01")),
    ("transform of a forbid", Forbid("as = { hash_bits = 39 }")),
    ("two transforms", Permit("as = { hash_bits = 39, keyed_hash = true }")),
    ("no transform", Permit("as = {}")),
    ("hash that is none", Permit("as = { keyed_hash = false }")),
    ("rounding what is no time", Permit("as = { round = \"day\" }")),
    ("choice of non-users", Forbid("subjects = [\"non_user\"]\nchoice = \"objects\"")),
    ("non-users who act", Forbid("subjects = [\"non_user\"]\nroles = [\"actor\"]")),
    ("non-users of events without others", Forbid("subjects = [\"non_user\"]\nkinds = [\"registration\"]")),
    ("counterparties of events without", Forbid("roles = [\"counterparty\"]\nkinds = [\"device_checkin\"]")),
    (
        "one person in two places",
        Forbid("roles = [\"actor\"]\njurisdictions = [\"FR\"]\nactor_jurisdictions = [\"DE\"]"),
    ),
    ("rule after the run", Forbid("from = 2019-01-01")),
    ("rule before the run", Forbid("until = 2016-01-01")),
    (
        "rule about what is not requested",
        Forbid("purposes = [\"business_intelligence\"]\ncategories = [\"profile_photo\"]"),
    ),
    ("rule about what is not collected", Forbid("kinds = [\"call\"]\ncategories = [\"profile_photo\"]")),
    (
        "forbid of what nothing permits",
        Add("[[policy]]\nid = \"p\"\ntitle = \"P\"\nsource = \"s\"\n[[policy.rule]]\neffect = \"forbid\"\n"),
    ),
    ("rule that another makes needless", Permit("[[policy.rule]]\neffect = \"permit\"\npurposes = [\"security\"]")),
    ("test with an unknown rule", Test("expect = \"permitted\"\nby = [\"All of them\"]")),
    ("test with a number for a rule", Test("expect = \"permitted\"\nby = [\"1\"]")),
    (
        "test with an ambiguous rule",
        Permit(
            "title = \"A\"\n[[policy.rule]]\neffect = \"permit\"\ntitle = \"A\"\npurposes = [\"security\"]\n[[policy.test]]\npurpose = \"security\"\ncategory = \"contacts\"\nexpect = \"permitted\"\nby = [\"A\"]",
        ),
    ),
    ("test decided by the wrong rule", Test("expect = \"forbidden\"\nby = [\"All of it\"]")),
    ("test that nothing decides", Test("expect = \"no_flow\"\nby = [\"All of it\"]")),
    ("test that somebody must decide", Test("expect = \"permitted\"\nby = []")),
    ("test of a non-user's choice", Test("expect = \"permitted\"\nsubject = \"non_user\"\nchoice = \"objects\"")),
    ("test of a non-user who acts", Test("expect = \"permitted\"\nsubject = \"non_user\"\nrole = \"actor\"")),
    (
        "test of an actor who is another",
        Test("expect = \"permitted\"\nrole = \"actor\"\njurisdiction = \"FR\"\nactor_jurisdiction = \"DE\""),
    ),
    ("test of nobody", Test("expect = \"permitted\"\nrole = \"counterparty\"\nkind = \"device_checkin\"")),
    ("order about nobody", Swap(&[("jurisdictions = [\"FR\"]", "jurisdictions = []")])),
    ("deadline in words", Swap(&[("\"2 weeks\"", "\"two weeks\"")])),
    ("deadline that is no time", Swap(&[("\"2 weeks\"", "\"soon\"")])),
    ("deadline as a number", Swap(&[("\"2 weeks\"", "14")])),
    ("deadline in quotes", Swap(&[("\"2 weeks\"", "\"2017-12-11\"")])),
    ("deadline before the notice", Swap(&[("\"2 weeks\"", "2017-11-01")])),
    ("order after the run", Swap(&[("notice = 2017-11-27", "notice = 2019-01-01")])),
    (
        "nobody who leaves",
        Add(
            "[uninstall]\npurposes = []\nfrom = 2017-12-01\nwithin_days = { value = 30, source = \"s\", quality = \"assumed\" }",
        ),
    ),
    (
        "leaving within no days",
        Add(
            "[uninstall]\npurposes = [\"security\"]\nfrom = 2017-12-01\nwithin_days = { value = 0, source = \"s\", quality = \"assumed\" }",
        ),
    ),
    (
        "leaving after the run",
        Add(
            "[uninstall]\npurposes = [\"security\"]\nfrom = 2019-12-01\nwithin_days = { value = 30, source = \"s\", quality = \"assumed\" }",
        ),
    ),
    ("nothing to tell people apart by", Add("[exposure]\nmetrics = [\"singling_out\"]\nquasi_identifiers = []")),
    ("a metric twice", Add("[exposure]\nmetrics = [\"graph\", \"linking\", \"graph\"]")),
    (
        "no telephone numbers",
        Add(
            "[exposure]\nmetrics = [\"linking\"]\nphone_numbers = { value = 0, source = \"s\", quality = \"assumed\" }",
        ),
    ),
    ("digest that is none", Add("[[expect]]\npeople = 10\ndays = 1\nevents = 7\nresults_digest = \"7a51\"\n")),
    (
        "results expected twice",
        Add(
            "[[expect]]\npeople = 10\ndays = 1\nevents = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n[[expect]]\npeople = 10\ndays = 1\nevents = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n",
        ),
    ),
    (
        "results of too many people",
        Add(
            "[[expect]]\npeople = 1000000000000\ndays = 1\nevents = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n",
        ),
    ),
    (
        "results of too many days",
        Add(
            "[[expect]]\npeople = 10\ndays = 5000\nevents = 7\nresults_digest = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n",
        ),
    ),
    ("sweep of what is no number", Add("[[sweep]]\nkey = \"traffic.reply_shar\"\nvalues = [0.5, 0.9]\n")),
    ("sweep over nothing", Add("[[sweep]]\nkey = \"traffic.reply_share\"\n")),
    (
        "sweep over a range that falls",
        Add("[[sweep]]\nkey = \"traffic.reply_share\"\nfrom = 0.9\nto = 0.5\nsteps = 3\n"),
    ),
    ("sweep over values and a range", Add("[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5]\nfrom = 0.2\n")),
    (
        "sweep of a number twice",
        Add(
            "[[sweep]]\nkey = \"traffic.reply_share\"\nvalues = [0.5]\n[[sweep]]\nkey = \"traffic.*\"\nvalues = [0.6]\n",
        ),
    ),
    (
        "several at once",
        Swap(&[
            ("share = 0.6", "share = 0.5"),
            ("\"targeted_advertising\"", "\"targeted_advertisng\""),
            ("[\"FR\"]", "[\"FR\", \"AT\"]"),
            ("\"2 weeks\"", "\"a fortnight\""),
        ]),
    ),
];

/// Options that change a scenario.
pub const OPTIONS: &[Case] = &[
    ("--set of an unknown key", Options(&["--set", "traffic.reply_shar=0.5"])),
    ("--set out of range", Options(&["--set", "traffic.reply_share=1.5"])),
    ("--set of a share", Options(&["--set", "jurisdiction.FR.share=0.9"])),
    ("--set of an unknown element", Options(&["--set", "policy.optout.title=x"])),
    ("--set of a number beyond the list", Options(&["--set", "policy.9.title=x"])),
    ("--set of a whole element", Options(&["--set", "policy.opt-out=x"])),
    ("--set of a text with spaces", Options(&["--set", "scenario.title=two words"])),
    ("--set of a share without its zero", Options(&["--set", "traffic.reply_share=.5"])),
    ("--set with a decimal comma", Options(&["--set", "traffic.reply_share=0,5"])),
    ("--set of a percentage", Options(&["--set", "traffic.reply_share=50%"])),
    ("--set of a day as people write it", Options(&["--set", "scenario.start=27.11.2017"])),
    ("--set without a table", Options(&["--set", "people=10"])),
    ("--policy that is none", Options(&["--policy", "optout"])),
];
