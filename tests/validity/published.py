"""What is known of real traffic, beside which the statistics are printed, and which statistics are held.

`TRACES` are two public traces of consumer texting (28 days): one of an online community of students (private messages, 2004; Panzarasa, Opsahl
and Carley, J. Am. Soc. Inf. Sci. Technol. 60, 911, 2009; mean of two windows of 28 days), one of a closed cohort (text messages of the
Copenhagen Networks Study; Sapiezynski et al., Sci. Data 6, 315, 2019). Their figures are aggregates, computed by the same definitions.
`noise` is how much a figure of a trace moves between random halves of its people, or halves of its time, whichever is more.
"""

from dataclasses import dataclass

TRACES = ("students", "cohort")


@dataclass(frozen=True)
class Row:
    """A statistic: where it is defined, what it is, whether it is judged on the full or the thinned export, what real traces have."""

    module: str
    key: str
    label: str
    judged: str = ""
    real: tuple = ()
    noise: float = 0.0
    source: str = ""


ROWS = [
    Row("activity", "sent_received", "sent against received, over people", "thinned", (0.59, 0.95), 0.08),
    Row("activity", "quiet_received", "received share of the quietest quarter", "thinned", (0.69, 0.53), 0.03),
    Row("activity", "busy_received", "received share of the busiest quarter"),
    Row("activity", "per_active_day", "messages sent on an active day", "thinned", (5.20, 5.94), 1.85),
    Row("activity", "active_share", "days active", "thinned", (0.194, 0.263), 0.037),
    Row("activity", "total_sigma", "sd of ln(messages sent)", "thinned", (1.51, 1.43), 0.073),
    Row("activity", "total_gini", "Gini of messages sent", "thinned", (0.688, 0.723), 0.039),
    Row("activity", "presence_rate", "active days against messages on one", "thinned", (0.591, 0.481), 0.067),
    Row("rhythm", "active_lag1", "lag-1 autocorrelation of active days", "thinned", (0.270, 0.095), 0.038),
    Row("rhythm", "own_rhythm", "own daily rhythm over others'", "thinned", (0.809, 0.844), 0.10, "people differ, and stay themselves"),
    Row("rhythm", "quietest_hours", "share of the quietest six hours", "full", (0.037, 0.023), 0.005),
    Row("rhythm", "weekly", "weekly minimum over maximum", "full", (0.481, 0.583), 0.10),
    Row("rhythm", "tie_burstiness", "burstiness of a tie", "thinned", (0.133, 0.156), 0.06, "Karsai 2012"),
    Row("rhythm", "person_burstiness", "burstiness of a person", "thinned", (0.506, 0.500), 0.025, "Goh and Barabasi 2008"),
    Row("ties", "turn_share", "turn share (side changes)", "full", (0.606, 0.714), 0.042),
    Row("ties", "answer_share", "answers within the hour", "full", (0.279, 0.604), 0.029),
    Row("ties", "two_sided", "conversations with an answer", "full", (0.168, 0.639), 0.013),
    Row("ties", "reciprocity", "ties in which both write", "thinned", (0.419, 0.869), 0.049),
    Row("ties", "imbalance", "imbalance of ties of 10 or more", "thinned", (0.351, 0.124), 0.039),
    Row("ties", "tie_gini", "Gini of messages over ties", "thinned", (0.543, 0.771), 0.056),
    Row("ties", "degree", "contacts, mean"),
    Row("ties", "in_degree_cv", "CV of in-degree", "thinned", (1.293, 0.694), 0.055),
    Row("ties", "out_degree_cv", "CV of out-degree", "thinned", (1.557, 0.709), 0.07),
    Row("ties", "degree_gini", "Gini of degree", "thinned", (0.614, 0.354), 0.016),
    Row("ties", "strength_exponent", "strength against degree, exponent", "thinned", (1.209, 1.179), 0.069),
    Row("ties", "top_share", "share of the top contact, mean", "thinned", (0.184, 0.603), 0.027),
    Row("ties", "top_share_sd", "share of the top contact, sd", "thinned", (0.113, 0.185), 0.025, "Saramaki 2014"),
    Row("ties", "top3_share", "share of the top three contacts", "thinned", (0.367, 0.906), 0.033),
    Row("ties", "own_signature", "own signature over others'", "thinned", (0.709, 0.694), 0.22, "Saramaki 2014"),
    Row("ties", "contacts_stay", "contacts of both halves, of either", "thinned", (0.103, 0.576), 0.015),
    Row("ties", "stay_week2", "ties of week 1 seen in week 2", "thinned", (0.203, 0.636), 0.027),
    Row("ties", "stay_week4", "ties of week 1 seen in week 4", "thinned", (0.055, 0.533), 0.052),
    Row("ties", "persistence", "tie persistence, week 4 over week 2", "thinned", (0.271, 0.837), 0.16, "Miritello 2013: contacts turn over"),
    Row("ties", "new_contacts", "contacts of week 4 that are new", "thinned", (0.809, 0.244), 0.055),
    Row("ties", "clustering", "clustering, mean of people", "thinned", (0.119, 0.222), 0.044),
    Row("ties", "transitivity", "clustering, of all pairs", "thinned", (0.049, 0.154), 0.020),
    Row("ties", "open_ties", "ties without a common contact", "thinned", (0.417, 0.674), 0.044),
    Row("ties", "overlap", "overlap of contacts along ties", "thinned", (0.026, 0.110), 0.020, "Onnela 2007"),
    Row("ties", "degree_assortativity", "likeness of degrees along ties", "thinned", (-0.185, 0.192), 0.075),
    Row("likeness", "tie_attitude", "ties: attitude", source="documented, no figure: Boehme and Poetzsch 2011; Lewis 2011"),
    Row("likeness", "tie_age", "ties: age band", source="strong in every network studied: McPherson 2001"),
    Row("likeness", "tie_os", "ties: operating system"),
    Row("likeness", "tie_parent", "ties: account with the parent"),
    Row("likeness", "tie_activity", "ties: activity", "thinned", (-0.127, 0.291), 0.053),
    Row("likeness", "book_attitude", "entries that name users: attitude"),
    Row("likeness", "book_age", "entries that name users: age band"),
    Row("likeness", "book_os", "entries that name users: operating system"),
    Row("likeness", "book_parent", "entries that name users: account with the parent"),
    Row("likeness", "other_age", "entries that name others: age band"),
    Row("places", "messages_out", "messages to other communities"),
    Row("places", "ties_out", "ties with other communities"),
    Row("places", "members_out", "members of groups in other communities"),
    Row("places", "messages_abroad", "messages abroad"),
    Row("places", "ties_abroad", "ties abroad", source="Facebook: 16 % of friendships (Ugander 2011)"),
    Row("places", "members_abroad", "members of groups abroad"),
    Row("books", "book_median", "size of a book, median"),
    Row("books", "book_mean", "size of a book, mean"),
    Row("books", "book_p99", "size of a book, 99th percentile"),
    Row("books", "book_sigma", "size of a book, sd of ln"),
    Row("books", "book_activity", "size against messages sent"),
    Row("books", "book_degree", "size against contacts written to"),
    Row("books", "book_held", "size against books that hold one"),
    Row("books", "held_user", "books that hold a user"),
    Row("books", "held_other", "books that hold one who never joined"),
    Row("books", "held_user_cv", "CV of books that hold a user"),
    Row("books", "held_other_cv", "CV of books that hold one who never joined"),
    Row("books", "odds_ratio", "odds ratio of users against others"),
    Row("books", "other_share", "entries that name others"),
    Row("books", "listed_back", "entries between users with a reverse"),
    Row("books", "abroad_user", "entries abroad, of those naming users", source="Facebook: 16 % of friendships (Ugander 2011)"),
    Row("books", "abroad_other", "entries abroad, of those naming others"),
    Row("books", "written", "entries naming users ever written to"),
    Row("books", "known_ties", "ties of whom one lists the other"),
    Row("books", "unlisted", "never joined and in no book"),
    Row("groups", "group_size", "members, mean"),
    Row("groups", "group_size_median", "members, median"),
    Row("groups", "group_size_p99", "members, 99th percentile"),
    Row("groups", "groups_each", "groups of a user, mean"),
    Row("groups", "groups_dispersion", "groups of a user, variance over mean"),
    Row("groups", "groups_mode", "users with the commonest number"),
    Row("groups", "groups_p90", "groups of a user, 90th percentile"),
    Row("groups", "groups_none", "users in none"),
    Row("groups", "members_listed", "pairs of members in a book of either"),
    Row("groups", "strangers_listed", "... two users at random"),
    Row("groups", "members_write", "pairs of members who write to each other"),
    Row("groups", "strangers_write", "... two users at random"),
]

# Statistics that `--check` holds: on which export, and the range. None: printed, not held. The ranges are those of the traces with their noise and with
# what a world of a thousand people moves between seeds; a range says what is claimed, not what was measured last.
HELD = {
    "sent_received": ("thinned", 0.51, 0.99),
    "quiet_received": ("thinned", 0.48, 0.74),
    "turn_share": ("full", 0.56, 0.76),
    "imbalance": ("thinned", 0.085, 0.39),
    "active_lag1": ("full", 0.10, 0.40),
    "own_rhythm": None,
    "tie_burstiness": ("thinned", 0.05, 0.22),
    "in_degree_cv": ("full", 0.50, 1.35),
    "degree_gini": ("thinned", 0.34, 0.63),
    "strength_exponent": ("thinned", 1.05, 1.30),
    "top_share_sd": ("full", 0.09, 0.25),
    "persistence": None,
    "weekly": ("full", 0.48, 0.90),
    "tie_attitude": ("full", 0.005, 0.50),
    "tie_age": ("full", 0.02, 0.50),
    "tie_os": None,
    "tie_parent": None,
    "book_activity": ("full", 0.05, 0.60),
    "clustering": ("thinned", 0.075, 0.36),
    "reciprocity": ("full", 0.37, 0.92),
    "tie_gini": ("thinned", 0.48, 0.83),
    "total_gini": ("thinned", 0.63, 0.77),
}
