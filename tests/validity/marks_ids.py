"""Marks in the ids: whether the numbers of people tell who knows whom, who is what, who lists whom, who shares a group.

Chance is what the same world shows when ids are dealt anew among its people (`chance.permuted`).
"""

import numpy as np

from chance import correlation, permuted
from export import kept


def marks(world):
    ids = world.people.person_id.to_numpy(np.uint64)
    return [*near_ids(world, ids), *runs(world, ids), *progressions(world, ids), *blocks(world, ids), *labels(world, ids)]


def apart(a, b):
    return np.maximum(a, b) - np.minimum(a, b)


CLOSE = {
    "|a - b| < 64": lambda a, b: apart(a, b) < 64,
    "a xor b < 16": lambda a, b: (a ^ b) < 16,
    "(a + 8) xor (b + 8) < 16": lambda a, b: ((a + np.uint64(8)) ^ (b + np.uint64(8))) < 16,
}


def near_ids(world, ids, times=99):
    """Share of messages, and of ties, between people whose ids are close."""
    low, high, weight, _ = world.trace.ties
    used, ends = np.unique(np.r_[low, high], return_inverse=True)
    a, b = ends[: len(low)], ends[len(low):]

    def shares(number):
        hits = [test(number[a], number[b]) for test in CLOSE.values()]
        return np.array([h @ weight / weight.sum() for h in hits] + [h.mean() for h in hits])

    names = [f"{what} with {test}" for what in ("messages", "ties") for test in CLOSE]
    return permuted(names, ids[used], shares, times)


def runs(world, ids, times=39, most=200_000):
    """Entries of a book, in order of their ids, that follow the one before by 1; and those that follow by as much as the one before did.
    Of whole books, drawn at random until they have some 200,000 entries."""
    if len(world.owner) < 100:
        return []
    drawn = kept(np.arange(len(ids)), most / len(world.owner))[world.owner]
    owners, contacts = world.owner[drawn], world.contact[drawn]

    def shares(number):
        order = np.lexsort((number[contacts], owners))
        owner, contact = owners[order], number[contacts][order]
        inside = owner[1:] == owner[:-1]
        gap = np.where(inside, contact[1:] - contact[:-1], 0)
        again = inside[1:] & inside[:-1] & (gap[1:] == gap[:-1])
        return np.array([(gap == 1).mean(), again.mean()])

    return permuted(["book entries next to each other in ids", "book entries at one distance in ids"], ids, shares, times)


def progressions(world, ids, largest=12, most=500, times=39):
    """Groups of 4 to 12 members: how often the commonest distance of two ids of members occurs, as a share of what an arithmetic
    progression would give (members less one); distances as they are, and modulo the number of people, and of users."""
    small = [m for m in world.groups if 4 <= len(np.unique(m)) <= largest]
    small = [np.unique(small[i]) for i in np.random.default_rng(1).permutation(len(small))[:most]]
    if len(small) < 20:
        return []
    sizes = sorted({len(m) for m in small})
    tables = [np.array([m for m in small if len(m) == n]) for n in sizes]

    def repeated(number):
        out = []
        for modulus in (0, len(ids), int(world.user.sum())):
            total = 0.0
            for table in tables:
                n = table.shape[1]
                off = ~np.eye(n, dtype=bool)
                x = number[table]
                d = (apart(x[:, :, None], x[:, None, :]) if not modulus else
                     (x[:, :, None].astype(np.int64) - x[:, None, :].astype(np.int64)) % modulus)[:, off]
                total += (commonest(d) / (n - 1) / (1 if modulus else 2)).sum()
            out.append(total / len(small))
        return np.array([max(out)])

    pool, at = np.unique(np.concatenate(small), return_inverse=True)
    tables = [at[np.flatnonzero(np.concatenate([[len(m)] * len(m) for m in small]) == n)].reshape(-1, n) for n in sizes]
    return permuted(["members of a group at one distance in ids"], ids[pool], repeated, times)


def commonest(rows):
    """How often the commonest value of each row occurs."""
    rows = np.sort(rows, axis=1)
    best = run = np.ones(len(rows), np.int64)
    for j in range(1, rows.shape[1]):
        run = np.where(rows[:, j] == rows[:, j - 1], run + 1, 1)
        best = np.maximum(best, run)
    return best


def traits(world):
    """What a block of neighbouring numbers must not share: per trait its name, the people who have it, its values."""
    n = len(world.people)
    sent = np.bincount(world.trace.sender, minlength=n)
    size = np.bincount(world.owner, minlength=n)
    held = np.bincount(world.contact, minlength=n)
    everybody = np.arange(n)
    users = np.flatnonzero(world.user)
    return [("being a user", everybody, world.user.astype(float)), ("ln(book size)", users, np.log1p(size)), ("ln(messages)", users, np.log1p(sent)),
            ("ln(books that hold one)", everybody, np.log1p(held)), ("attitude", users, world.people.attitude.to_numpy(float))]


def blocks(world, ids, times=199):
    """Share of the variance of a trait that lies between blocks of 128, and of 256, consecutive ids. Too little is a mark as well."""
    rank = np.argsort(np.argsort(ids))
    return [m for size in (128, 256) for m in between(world, rank, size, "consecutive ids", times)]


def between(world, rank, size, what, times):
    """The same for blocks of `size` in any order of people, given by their rank in it."""
    out = []
    for name, who, value in traits(world):
        value, block = value[who], rank[who] // size
        count = np.bincount(block)
        if value.std() == 0 or (count > 0).sum() < 3:
            continue

        def share(v):
            mean = np.bincount(block, weights=v) / np.maximum(count, 1)
            return np.array([(count * (mean - v.mean()) ** 2).sum() / (v.var() * len(v))])

        out += permuted([f"variance of {name} between {size} {what}"], value, share, times, both_sides=True)
    return out


def labels(world, ids):
    """Ids of groups against the number of their members and the mean id of these; ids of conversations against when they begin, the id of
    who begins, and how many messages they have (rank correlations)."""
    out = []
    if world.group_ids is not None and len(world.groups):
        rank = np.argsort(np.argsort(ids))
        out += correlation("group id against size", world.group_ids, [len(m) for m in world.groups])
        out += correlation("group id against ids of members", world.group_ids, [rank[m].mean() for m in world.groups])
    trace = world.trace
    key, first, count = np.unique(trace.conversation, return_index=True, return_counts=True)
    out += correlation("conversation id against its time", key, trace.time[first])
    out += correlation("conversation id against the id of who begins", key, ids[trace.src[first]])
    return out + correlation("conversation id against its messages", key, count)
