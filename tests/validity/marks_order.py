"""Marks in the order of rows: whether the order in which people, entries of books and members of groups are written tells anything."""

import numpy as np

from chance import correlation, permuted
from marks_ids import between, traits


def marks(world):
    return [*people(world), *entries(world), *members(world)]


def people(world):
    """Number of a person's row within its community against each trait (rank correlation), and the variance of traits between 128 rows."""
    row = world.people.file_row_number.to_numpy(np.int64)
    community = world.people.community.to_numpy(np.int64)
    order = np.lexsort((row, community))
    rank = np.empty(len(row), np.int64)
    rank[order] = np.arange(len(row)) - np.searchsorted(community[order], community[order])
    out = []
    for name, who, value in traits(world):
        out += correlation(f"row within the community against {name}", rank[who], value[who])
    overall = np.argsort(np.argsort(row))
    return out + between(world, overall, 128, "consecutive rows", 199)


def entries(world):
    """Where people stand in the rows of books: their mean place (0 first, 1 last) against being a user, and against how many books they
    stand in; and whether contacts that are written to stand elsewhere than the same people do in other books.

    Over people, not entries: lists in order of ids put the same people first everywhere, which tells nothing but is no independent case.
    """
    if len(world.owner) < 100:
        return []
    order = np.argsort(world.owner, kind="stable")
    owner, contact = world.owner[order], world.contact[order]
    held = np.bincount(contact, minlength=len(world.people))
    place = places(owner)
    listed = held > 0
    mean = means(contact, place, len(world.people))
    user = world.user[contact] & (held[contact] > 1)
    out = correlation("place in books against being a user", mean[listed], world.user[listed])
    out += correlation("place in books against books that hold one", mean[listed & world.user], held[listed & world.user])
    return out + correlation("place in a book against being written to", (place - mean[contact])[user], world.write(owner, contact)[user],
                             cases=int((listed & world.user).sum()))


def places(group):
    """The place of each row among those of its group, as a share of them; rows of a group are next to each other."""
    start = np.searchsorted(group, group)
    return (np.arange(len(group)) - start + 0.5) / (np.searchsorted(group, group, "right") - start)


def means(key, x, size):
    """Mean of x for each key."""
    return np.bincount(key, weights=x, minlength=size) / np.maximum(np.bincount(key, minlength=size), 1)


def members(world, largest=40, times=39):
    """Members who stand next to each other in the list of a group (its sender left out): how many of them write to each other, against the
    same lists in random order; and the mean place of people in such lists against messages sent."""
    lists = [m[1:] for m in world.groups if 4 <= len(m) <= largest]
    if len(lists) < 20:
        return []
    group = np.repeat(np.arange(len(lists)), [len(m) for m in lists])
    member = np.concatenate(lists)
    inside = group[1:] == group[:-1]

    def neighbours(m):
        return np.array([world.write(m[:-1][inside], m[1:][inside]).mean()])

    def shuffle(m, rng):
        return m[np.lexsort((rng.random(len(m)), group))]

    size = len(world.people)
    sent = np.bincount(world.trace.sender, minlength=size)
    place = means(member, places(group), size)
    listed = np.unique(member)
    out = permuted(["neighbours in a group's list who write to each other"], member, neighbours, times, both_sides=True, shuffle=shuffle)
    return out + correlation("place in lists of groups against messages sent", place[listed], sent[listed])
