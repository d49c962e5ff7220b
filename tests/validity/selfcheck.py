#!/usr/bin/env python3
"""Statistics and marks on synthetic worlds whose answers are known: `tests/validity/selfcheck.py`, exit code 1 if one is off.

A statistic that cannot be wrong here could not be trusted on an export. The worlds are those of planted.py and planted_marks.py.
"""

import sys
import tempfile
import warnings
from dataclasses import replace

sys.dont_write_bytecode = True

import numpy as np

import activity
import artefacts
import books
import export
import groups
import likeness
import measures
import places
import planted
import planted_marks
import report
import rhythm
import ties
from export import DAY, Trace
from published import HELD, ROWS

FAILED = []


def near(name, got, want, within=1e-9):
    fine = bool(abs(got - want) <= within)
    print(f"{'ok ' if fine else 'OFF'} {name}: {got:.4g}, known to be {want:.4g}" + (f" within {within:.2g}" if within > 1e-9 else ""))
    if not fine:
        FAILED.append(name)


def formulas(rng):
    near("Gini of equals", measures.gini([3, 3, 3]), 0)
    near("Gini where one of four has all", measures.gini([0, 0, 0, 1]), 0.75)
    near("burstiness of a clock", measures.burstiness(np.zeros(20), np.arange(20.0), 6)[0], -1)
    key = np.repeat(np.arange(500), 100)
    near("burstiness of Poisson processes of 100 events, mean", measures.burstiness(key, rng.exponential(1, len(key)).cumsum(), 6).mean(), 0, 0.01)
    near("burstiness where sd is twice the mean", measures.burstiness(np.zeros(30000), rng.gamma(0.25, 1, 30000).cumsum(), 6)[0], 1 / 3, 0.02)
    near("burstiness where all but one of 8 gaps are nothing", measures.burstiness(np.zeros(9), np.r_[np.zeros(8), 1.0], 6)[0], 1)
    near("divergence of disjoint distributions, bits", measures.divergence(np.array([1.0, 0]), np.array([0, 1.0])), 1)
    a, b = rng.integers(0, 500, (2, 20000))
    x = rng.random(500)
    near("likeness of random pairs", measures.along(a, b, x), 0, 0.03)
    near("likeness with oneself", measures.along(a, a, x), 1)
    near("likeness of labels, random pairs", measures.nominal(a, b, rng.choice(["p", "q", "r"], 500)), 0, 0.03)
    near("likeness of labels, equals only", measures.nominal(a, a, rng.choice(["p", "q", "r"], 500)), 1)


def sides(rng):
    pairs = planted.ring(300)
    s = {**ties.statistics(planted.alternating(pairs, 20, rng)), **activity.statistics(planted.alternating(pairs, 20, rng))}
    near("imbalance of ties that take turns", s["imbalance"], 0)
    near("turn share of ties that take turns", s["turn_share"], 1)
    near("reciprocity of ties that take turns", s["reciprocity"], 1)
    near("received share where all is even", s["quiet_received"], 0.5)
    near("clustering of a ring of reach 2", s["clustering"], 0.5)
    near("spread of in-degree in a ring", s["in_degree_cv"], 0)
    near("persistence of ties that stay", s["persistence"], 1, 0.02)
    near("imbalance where ties of one message are left out", ties.sharing(planted.with_weak_ties(pairs, rng))["imbalance"], 0)
    src, dst = (np.repeat(x, 20) for x in np.array(pairs).T)
    when = rng.uniform(0, 28 * DAY, len(src))
    s = ties.statistics(Trace.of(src, dst, when, days=28))
    near("imbalance of ties of one side", s["imbalance"], 1)
    near("turn share of ties of one side", s["turn_share"], 0)
    near("reciprocity of ties of one side", s["reciprocity"], 0)
    coin = rng.random(len(src)) < 0.5
    s = ties.statistics(Trace.of(np.where(coin, src, dst), np.where(coin, dst, src), when, days=28))
    near("turn share of fair coins", s["turn_share"], 0.5, 0.01)
    near("imbalance of 20 fair coins, E|2k - 20| / 20", s["imbalance"], 0.1762, 0.015)
    near("answers where messages are hours apart", s["answer_share"], 0.5 * 19 / 20 * -np.expm1(-19 / (28 * 24)), 0.003)
    late = when > 14 * DAY
    gone = late & (src % 2 == 0)
    s = ties.persistence(Trace.of(src[~gone], dst[~gone], when[~gone], days=28))
    near("persistence where half the ties end after two weeks", s["persistence"], 0.5, 0.05)


def shares(rng):
    degree = rng.integers(4, 30, 300)
    ego = np.repeat(np.arange(300), degree)
    rank = np.arange(len(ego)) - np.searchsorted(ego, ego)
    weight = np.where(rank == 0, 5 * (degree[ego] - 1), 5)
    src, dst = np.repeat(ego, 2 * weight), np.repeat(300 + np.arange(len(ego)), 2 * weight)
    time = np.where(np.arange(len(src)) % 2 == 0, 1.0, 27.0) * DAY
    s = ties.statistics(Trace.of(src, dst, time, days=28))
    near("top contact's share of half", s["top_share"], 0.5)
    near("its spread where all are alike", s["top_share_sd"], 0)
    near("contacts that stay", s["contacts_stay"], 1)
    src = np.repeat(np.arange(300), degree**2)
    dst = 300 + np.concatenate([np.arange(k * k) % k for k in degree])
    near("exponent where strength is degree squared", ties.degrees(Trace.of(src, dst, np.zeros(len(src)), days=28))["strength_exponent"], 2)


def clocks(rng):
    iid = rng.random((3000, 28)) < 0.5
    near("lag-1 of days thrown anew", rhythm.active_days(planted.active(iid, rng))["active_lag1"], 0, 0.01)
    sticky = iid.copy()
    for d in range(1, 28):
        stay = rng.random(3000) < 0.4
        sticky[stay, d] = sticky[stay, d - 1]
    near("lag-1 of days that repeat the last one in .4", rhythm.active_days(planted.active(sticky, rng))["active_lag1"], 0.4, 0.06)
    quiet = np.ones((500, 28), bool)
    quiet[:, 5::7] = rng.random((500, 4)) < 0.5
    near("weekly minimum of half", rhythm.weekly(planted.active(quiet, rng))["weekly"], 0.5, 0.05)
    who = np.repeat(np.arange(200), 280)
    day = np.tile(np.arange(280) % 28, 200)
    same = rng.normal(14, 2, len(who))
    own = who % 20 + rng.normal(0, 1, len(who)) + 2
    for name, hour, want, within in (("one clock for all", same, 1, 0.05), ("clocks of one's own", own, 0.05, 0.05)):
        trace = Trace.of(who, (who + 1) % 200, (day + np.clip(hour, 0, 23.9) / 24) * DAY, days=28)
        near(f"own rhythm, {name}", rhythm.daily(trace)["own_rhythm"], want, within)
    pairs = np.repeat(np.arange(500), 20)
    poisson = Trace.of(pairs, pairs + 500, rng.uniform(0, 280 * DAY, len(pairs)))
    near("burstiness of ties at random moments", rhythm.bursts(poisson)["tie_burstiness"], 0, 0.03)


def records(rng):
    w = planted.chance(rng)
    user, other = (w.user[w.contact] == flag for flag in (True, False))
    s = {**books.statistics(w), **groups.statistics(w), **likeness.statistics(w, w.trace), **likeness.entries(w)}
    near("odds ratio of books at random", s["odds_ratio ES"], 1, 0.03)
    thrice = user | (rng.random(len(user)) < 1 / 3)
    fewer = replace(w, owner=w.owner[thrice], contact=w.contact[thrice])
    near("odds ratio where two of three others are struck out", books.holders(fewer)["odds_ratio ES"], 3, 0.15)
    near("book size against activity, at random", s["book_activity"], 0, 0.1)
    both = replace(w, owner=np.r_[w.owner[user], w.contact[user]], contact=np.r_[w.contact[user], w.owner[user]])
    near("listed back where all are", books.entries(both)["listed_back"], 1)
    hidden = other & (w.people.age_band == "13-17").to_numpy()[w.contact]
    s2 = books.unlisted(replace(w, owner=w.owner[~hidden], contact=w.contact[~hidden]))
    near("unlisted of a band that nobody lists", s2["unlisted 13-17"], 1)
    near("unlisted of another", s2["unlisted 30-49"], 0, 0.01)
    near("groups of a user", s["groups_each"], 6, 0.3)
    near("dispersion of groups dealt at random", s["groups_dispersion"], 1, 0.15)
    near("members who list each other, over strangers", s["members_listed"] / s["strangers_listed"], 1, 0.1)
    for key in ("tie_attitude", "tie_age", "tie_os", "tie_parent", "book_attitude", "other_age"):
        near(f"{key} at random", s[key], 0, 0.05)
    alike = replace(w, people=w.people.assign(attitude=np.where(w.user, np.arange(len(w.user)) // 2 % 2, 0.0)))
    a = np.arange(0, planted.USERS, 2)
    near("ties between people of one attitude", likeness.alike(alike, a, a + 1, "tie")["tie_attitude"], 1)
    split = replace(w, people=w.people.assign(community=np.arange(len(w.user)) % 4))
    near("ties that leave one of four communities", places.statistics(split)["ties_out"], 0.75, 0.02)
    thin = w.trace.thinned(0.3)
    near("conversations kept of 30 %", len(np.unique(thin.conversation)) / len(np.unique(w.trace.conversation)), 0.3, 0.02)
    near("messages of kept conversations lost", np.isin(w.trace.conversation, thin.conversation).sum() - len(thin.src), 0)


def loading():
    with tempfile.TemporaryDirectory() as folder:
        planted.small_export(folder)
        w = export.load(folder)
    near("people of a file", len(w.people), 3)
    near("messages to one person, by number of the writer", float(w.trace.src @ [10, 1]), 2)
    near("seconds from the first midnight", w.trace.time[0], 12 * 3600)
    near("messages sent, with those to groups", len(w.trace.sender), 3)
    near("days", w.trace.days, 2)
    near("entry of the book", w.owner[0] * 10 + w.contact[0], 21)
    near("members of the group", sum(w.groups[0]), 2)


def marks():
    """Of the world of chance no mark stands out, in any of three; of each planted one at least its own does."""
    for seed in (1, 2, 3):
        found = artefacts.marks(planted.chance(np.random.default_rng(seed), communities=seed))
        for m in (m for m in found if m.stands_out):
            print(f"    {m.name}: {m.observed:.4g}, chance {m.chance:.4g}, {m.low:.4g} to {m.high:.4g}")
        near(f"marks of {len(found)} in world {seed} of chance", sum(m.stands_out for m in found), 0)
    for plant, name in planted_marks.PLANTED.items():
        rng = np.random.default_rng(11)
        found = artefacts.marks(plant(planted.chance(rng), rng))
        near(f"mark planted by {plant.__name__}", sum(m.stands_out for m in found if m.name == name), 1)


def tables():
    values = {"full": {"turn_share": 0.65, "reciprocity": 0.2}, "thinned": {"imbalance": 0.38, "sent_received": 0.1}}
    words = {r.key: report.verdict(r, values) for r in ROWS}
    near("verdicts", [words[k] for k in ("turn_share", "imbalance", "sent_received", "persistence")] == ["inside", "near", "OUTSIDE", ""], True)
    near("statistics held that no table defines", len(set(HELD) - {r.key for r in ROWS}), 0)
    claims = {"turn_share": ("full", 0.5, 0.7), "imbalance": ("thinned", 0.1, 0.2), "persistence": ("full", 0, 1), "weekly": None}
    near("held, left, missing", [h[-1] for h in report.held(values, claims)] == [True, False, False], True)


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=RuntimeWarning)
    for part in (formulas, sides, shares, clocks, records):
        part(np.random.default_rng(5))
    loading()
    tables()
    marks()
    print(f"\n{len(FAILED)} off" + "".join(f"\n  {name}" for name in FAILED))
    sys.exit(1 if FAILED else 0)
