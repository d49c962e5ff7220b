"""Worlds of chance (`planted.chance`) with one thing planted, each the kind of construction that a mark is there to find."""

from dataclasses import replace

import numpy as np
import pandas as pd

from export import DAY, Trace
from planted import PEOPLE, USERS, groups, talk


def ids_along_a_ring(w, rng):
    """Neighbours in ids write to each other."""
    a = rng.integers(0, USERS, 3000)
    ids = np.argsort(np.argsort(w.people.person_id.to_numpy()[:USERS]))
    by_id = np.argsort(ids)
    return replace(w, trace=talk(rng, by_id[a], by_id[(a + rng.integers(1, 9, 3000)) % USERS]))


def books_of_runs(w, rng):
    """Each book holds 60 people with consecutive ids."""
    by_id = np.argsort(w.people.person_id.to_numpy())
    start = rng.integers(0, PEOPLE, USERS)
    contact = by_id[(start[:, None] + np.arange(60)) % PEOPLE].ravel()
    owner = np.repeat(np.arange(USERS), 60)
    return replace(w, owner=owner[owner != contact], contact=contact[owner != contact])


def groups_by_steps(w, rng):
    """Members of a group are as many ids apart as the step of the group, modulo the number of people."""
    by_id = np.argsort(w.people.person_id.to_numpy())
    return replace(w, group_ids=None, groups=[by_id[(rng.integers(PEOPLE) + rng.integers(1, PEOPLE) * np.arange(7)) % PEOPLE] for _ in range(300)])


def books_by_blocks(w, rng):
    """Books are large or small by blocks of 256 ids."""
    block = w.people.person_id.to_numpy().astype(int)[w.owner] // 256
    keep = rng.random(len(w.owner)) < np.array([0.1, 0.9, 0.3, 0.7, 0.2, 0.6, 0.4])[block]
    return replace(w, owner=w.owner[keep], contact=w.contact[keep])


def rows_by_book(w, rng):
    """The file of people begins with those of the largest books."""
    size = np.bincount(w.owner, minlength=PEOPLE)
    return replace(w, people=w.people.assign(file_row_number=np.argsort(np.argsort(-size - rng.random(PEOPLE)))))


def users_first(w, rng):
    """Each book lists users first."""
    order = np.lexsort((~w.user[w.contact], w.owner))
    return replace(w, owner=w.owner[order], contact=w.contact[order])


def closest_first(w, rng):
    """Each book holds the contacts written to, and lists them first; others follow in order of their ids."""
    low, high, _, _ = w.trace.ties
    pairs = np.unique(np.r_[np.c_[w.owner, w.contact], np.c_[low, high], np.c_[high, low]], axis=0)
    owner, contact = pairs.T
    order = np.lexsort((w.people.person_id.to_numpy()[contact], ~w.write(owner, contact), owner))
    return replace(w, owner=owner[order], contact=contact[order])


def friends_side_by_side(w, rng):
    """A group's list is made of pairs who write to each other."""
    low, high, _, _ = w.trace.ties
    some = rng.integers(0, len(low), (300, 3))
    return replace(w, group_ids=None, groups=[np.array([0, *(x for i in row for x in (low[i], high[i]))]) for row in some])


def pile_up(w, rng):
    """One message in two hundred of those that follow lies exactly two hours after the first of its conversation."""
    t = w.trace
    first = pd.Series(t.time).groupby(t.conversation).transform("min").to_numpy()
    hit = (t.time > first) & (rng.random(len(t.time)) < 0.005)
    return replace(w, trace=Trace.of(t.src, t.dst, np.where(hit, first + 7200, t.time), people=PEOPLE, days=28, conversation=t.conversation))


def nine_groups(w, rng):
    """Everybody is in nine groups."""
    return replace(w, group_ids=None, groups=[p[i:i + 8] for p in (rng.permutation(USERS) for _ in range(9)) for i in range(0, USERS, 8)])


def mostly_nine(w, rng):
    """Half of the users are in nine groups, the others in 1 to 30."""
    return replace(w, group_ids=None, groups=groups(rng, np.where(rng.random(USERS) < 0.5, 9, rng.integers(1, 31, USERS))))


def stranger_magnet(w, rng):
    """One person writes to 950 others once."""
    t = w.trace
    return replace(w, trace=Trace.of(np.r_[t.src, np.zeros(950, int)], np.r_[t.dst, np.arange(1, 951)], np.r_[t.time, rng.uniform(0, 28 * DAY, 950)],
                                     people=PEOPLE, days=28, conversation=np.r_[t.conversation.astype(int), 10**9 + np.arange(950)]))


def capped(w, rng):
    """Nobody writes to more than 12 people."""
    t = w.trace
    writer, reader, _ = t.arrows
    rank = np.arange(len(writer)) - np.searchsorted(writer, writer)
    allowed = np.isin(t.src * PEOPLE + t.dst, (writer * PEOPLE + reader)[rank < 12])
    return replace(w, trace=Trace.of(t.src[allowed], t.dst[allowed], t.time[allowed], people=PEOPLE, days=28, conversation=t.conversation[allowed]))


def groups_in_order(w, rng):
    """Ids of groups grow with their size."""
    size = np.array([len(m) for m in w.groups])
    return replace(w, group_ids=np.argsort(np.argsort(size + rng.random(len(size)))))


def conversations_in_order(w, rng):
    """Ids of conversations grow with time."""
    t = w.trace
    start = pd.Series(t.time).groupby(t.conversation).transform("min").to_numpy()
    return replace(w, trace=replace(t, conversation=np.rint(start * 1000).astype(np.uint64)))


def parallel_ties(w, rng):
    """Two communities, each a ring; every third person is tied to the one in the same place of the other."""
    half = USERS // 2
    i = np.arange(half)
    home = [(c * half + i, c * half + (i + d) % half) for c in (0, 1) for d in (1, 2)]
    a, b = (np.concatenate([np.repeat(h[k], 6) for h in home] + [x]) for k, x in ((0, i[::2]), (1, half + i[::2])))
    return replace(w, people=w.people.assign(community=(np.arange(PEOPLE) >= half).astype(np.uint32)), trace=talk(rng, a, b))


PLANTED = {
    ids_along_a_ring: "ties with |a - b| < 64",
    books_of_runs: "book entries next to each other in ids",
    groups_by_steps: "members of a group at one distance in ids",
    books_by_blocks: "variance of ln(book size) between 256 consecutive ids",
    rows_by_book: "row within the community against ln(book size)",
    users_first: "place in books against being a user",
    closest_first: "place in a book against being written to",
    friends_side_by_side: "neighbours in a group's list who write to each other",
    pile_up: "messages exactly 7200000 ms since the first of the conversation",
    nine_groups: "groups of a user, variance over mean",
    mostly_nine: "users with exactly 9 groups",
    stranger_magnet: "people written to by one person, at most",
    capped: "busy people with exactly 12 contacts written to",
    groups_in_order: "group id against size",
    conversations_in_order: "conversation id against its time",
    parallel_ties: "ties between communities that repeat beside",
}
