"""Groups, as far as messages show them: members of a group are the sender and the counterparties of any message to it."""

import numpy as np


def statistics(world):
    if not world.groups:
        return {}
    return {**sizes(world), **memberships(world), **acquaintance(world)}


def sizes(world):
    """group_size, group_size_median: members of groups with a message."""
    size = np.array([len(m) for m in world.groups])
    return {"group_size": float(size.mean()), "group_size_median": float(np.median(size)), "group_size_p99": float(np.quantile(size, 0.99))}


def per_person(world):
    """Number of groups of each user."""
    return np.bincount(np.concatenate(world.groups), minlength=len(world.people))[world.user]


def memberships(world):
    """groups_each: mean number of groups of a user. groups_dispersion: variance over mean of it (1 as by chance, 0 if all have the same).
    groups_mode: share of users who have exactly the commonest number. groups_p90, groups_none: quantile, and users in none."""
    count = per_person(world)
    return {"groups_each": float(count.mean()), "groups_dispersion": float(count.var() / count.mean()),
            "groups_mode": float(np.bincount(count).max() / len(count)), "groups_p90": float(np.quantile(count, 0.9)),
            "groups_none": float((count == 0).mean())}


def acquaintance(world, largest=12, seed=1):
    """Of pairs of members of groups of 3 to 12 (at most 2000 groups): members_listed, those of whom at least one has the other in the
    book; members_write, those who write to each other in the export. Beside them the same of two users of the country at random
    (strangers_listed, strangers_write): what groups that mean nothing would show."""
    small = [m for m in world.groups if 3 <= len(m) <= largest]
    rng = np.random.default_rng(seed)
    small = [small[i] for i in rng.permutation(len(small))[:2000]]
    if not small:
        return {}
    a, b = (np.concatenate(x) for x in zip(*((m[i], m[j]) for m in small for i, j in [np.triu_indices(len(m), 1)])))
    c, d = strangers(world, a, rng)
    return {"members_listed": listed(world, a, b), "members_write": float(world.write(a, b).mean()),
            "strangers_listed": listed(world, c, d), "strangers_write": float(world.write(c, d).mean())}


def strangers(world, like, rng):
    """Pairs of distinct users of one country, in as many pairs of each country as `like` has people."""
    first, second = [], []
    for code in np.unique(world.country[like]):
        pool = np.flatnonzero(world.user & (world.country == code))
        if len(pool) > 1:
            pairs = rng.integers(0, len(pool), (2, (world.country[like] == code).sum()))
            pairs = pairs[:, pairs[0] != pairs[1]]
            first.append(pool[pairs[0]])
            second.append(pool[pairs[1]])
    return np.concatenate(first), np.concatenate(second)


def listed(world, a, b):
    return float((world.lists(a, b) | world.lists(b, a)).mean())
