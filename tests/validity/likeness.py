"""Likeness: are the two ends of a tie, or of an entry in a book, more alike than people of their country at random?

All by Newman's assortativity (`measures.along`, `measures.nominal`), among pairs of one country and with what its people have in common
taken out, so that rates of countries do not count as likeness. 0: no likeness. Anchors: McPherson, Smith-Lovin and Cook, Annu. Rev.
Sociol. 27, 415 (2001); peer effects in disclosure: Boehme and Poetzsch (2011), Lewis (2011).
"""

import re

import numpy as np

from measures import along, nominal


def statistics(world, trace):
    return {**ties(world, trace), **activity(trace)}


def ties(world, trace):
    """tie_attitude, tie_age, tie_os, tie_parent: along pairs that wrote, each pair once."""
    low, high, _, _ = trace.ties
    return alike(world, low, high, "tie")


def entries(world):
    """book_attitude, book_age, book_os, book_parent: along entries that name a user. other_age: along entries that name one who never joined."""
    to_user = world.user[world.contact]
    out = alike(world, world.owner[to_user], world.contact[to_user], "book")
    out["other_age"] = alike(world, world.owner[~to_user], world.contact[~to_user], "other")["other_age"]
    return out


def alike(world, a, b, name):
    home = world.country[a] == world.country[b]
    a, b = a[home], b[home]
    people = world.people
    numbers = {"attitude": people.attitude.to_numpy(float), "age": order_of_bands(people.age_band),
               "parent": people.has_parent_account.to_numpy(float)}
    out = {f"{name}_{key}": along(a, b, centred(world, x)) for key, x in numbers.items()}
    parts = [(here.sum(), nominal(a[here], b[here], people.os.to_numpy(str))) for here in by_country(world, a)]
    parts = [(n, r) for n, r in parts if np.isfinite(r)]
    out[f"{name}_os"] = float(sum(n * r for n, r in parts) / sum(n for n, _ in parts)) if parts else float("nan")
    return out


def activity(trace):
    """tie_activity: correlation along ties, of people who send, of the logarithm of messages sent to one person."""
    sent = np.bincount(trace.src, minlength=trace.people)
    low, high, _, _ = trace.ties
    both = (sent[low] > 0) & (sent[high] > 0)
    return {"tie_activity": along(low[both], high[both], np.log(np.maximum(sent, 1)))}


def order_of_bands(bands):
    """0, 1, ... for age bands in order of the first number in their names (`under_18` before `18-29`)."""
    names = sorted(bands.unique(), key=lambda b: (int((re.findall(r"\d+", b) or ["0"])[0]), not re.match(r"[^\d]*(under|below|<)", b)))
    return bands.map({b: float(i) for i, b in enumerate(names)}).to_numpy(float)


def centred(world, x):
    """x less its mean over users, and over others, of the country."""
    group = world.country * 2 + world.user
    mean = np.bincount(group, weights=x) / np.maximum(np.bincount(group), 1)
    return x - mean[group]


def by_country(world, a):
    return [world.country[a] == code for code in np.unique(world.country)]
