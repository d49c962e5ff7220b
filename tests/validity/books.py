"""Address books: how large, of whom, who is listed back, who stands in nobody's."""

import numpy as np

from export import member
from measures import cv, spearman


def statistics(world):
    return {**sizes(world), **holders(world), **entries(world), **unlisted(world)}


def sizes(world):
    """book_median, book_mean, book_p99, book_sigma: sizes of users' books (sigma: standard deviation of the logarithm, of those with an
    entry). book_activity, book_degree: Spearman correlation over users who send of the size with messages sent, and with contacts written
    to. book_held: with the number of books in which the user stands."""
    n = len(world.people)
    size = np.bincount(world.owner, minlength=n)
    held = np.bincount(world.contact, minlength=n)
    sent = np.bincount(world.trace.sender, minlength=n)
    low, high, _, _ = world.trace.ties
    degree = np.bincount(np.r_[low, high], minlength=n)
    on = sent > 0
    user = size[world.user]
    return {"book_median": float(np.median(user)), "book_mean": float(user.mean()), "book_p99": float(np.quantile(user, 0.99)),
            "book_sigma": float(np.log(user[user > 0]).std()), "book_activity": spearman(size[on], sent[on]),
            "book_degree": spearman(size[on], degree[on]), "book_held": spearman(user, held[world.user])}


def holders(world):
    """For each country: mean number of books in which a user (held_user), and a person who never joined (held_other), stands; the odds
    ratio of the country's users against its others among entries of the country's own books (odds_ratio: odds that an entry names a user
    over odds that a person is one; 1 if books do not care)."""
    n = len(world.people)
    held = np.bincount(world.contact, minlength=n)
    home = world.country[world.owner] == world.country[world.contact]
    held_at_home = np.bincount(world.contact[home], minlength=n)
    out = {"held_user_cv": cv(held[world.user]), "held_other_cv": cv(held[~world.user])}
    for code, name in enumerate(world.people.jurisdiction.astype("category").cat.categories):
        user, other = ((world.country == code) & flag for flag in (world.user, ~world.user))
        if not user.any() or not other.any():
            continue
        out[f"held_user {name}"], out[f"held_other {name}"] = float(held[user].mean()), float(held[other].mean())
        named = held_at_home[other].sum()
        odds = held_at_home[user].sum() / named if named else float("inf")
        out[f"odds_ratio {name}"] = float(odds / (user.sum() / other.sum()))
    return out


def entries(world):
    """other_share: entries that name people who never joined. listed_back: entries between users whose reverse exists. abroad_user,
    abroad_other: entries across countries, of those that name users and people who never joined (where there are several countries).
    written: entries naming a user to whom the owner writes in the export. known_ties: ties of which at least one end has the other in the
    book."""
    to_user = world.user[world.contact]
    abroad = world.country[world.owner] != world.country[world.contact]
    back = world.lists(world.contact[to_user], world.owner[to_user])
    writer, reader, _ = world.trace.arrows
    arrows = writer * len(world.people) + reader
    written = member(arrows, world.owner[to_user] * len(world.people) + world.contact[to_user])
    low, high, _, _ = world.trace.ties
    known = world.lists(low, high) | world.lists(high, low)
    out = {"other_share": float((~to_user).mean()), "listed_back": mean(back), "written": mean(written), "known_ties": mean(known)}
    if len(np.unique(world.country)) > 1:
        out |= {"abroad_user": mean(abroad[to_user]), "abroad_other": mean(abroad[~to_user])}
    return out


def unlisted(world):
    """unlisted: people who never joined and stand in no book, of all who never joined, and for each age band."""
    other = ~world.user
    nobody = np.bincount(world.contact, minlength=len(world.people)) == 0
    out = {"unlisted": mean(nobody[other])}
    for band in sorted(world.people.age_band.unique()):
        here = other & (world.people.age_band == band).to_numpy()
        if here.any():
            out[f"unlisted {band}"] = float(nobody[here].mean())
    return out


def mean(x):
    return float(np.mean(x)) if len(x) else float("nan")
