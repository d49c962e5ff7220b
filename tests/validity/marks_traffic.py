"""Marks in the traffic: moments and numbers that too many messages or people share, people at an edge, ties that repeat between neighbours."""

import numpy as np
from scipy import stats

from chance import SIGMAS, mark, permuted
from export import member

CIRCLE = 5


def marks(world):
    return [*moments(world.trace), *same_groups(world), *edges(world.trace), *caps(world.trace), *bridges(world)]


def moments(trace):
    """Messages that lie exactly as many milliseconds after the first, or after the one before, of their conversation as others do: the
    moment with the largest excess over the density of the 200 ms before or after it (the denser), as a share of messages. Poisson, at a
    thousandth for all moments together."""
    order = np.lexsort((trace.time, trace.conversation))
    conversation, ms = trace.conversation[order], np.rint(trace.time[order] * 1000).astype(np.int64)
    begins = np.r_[True, conversation[1:] != conversation[:-1]]
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    later = ~begins
    return pile("since the first of the conversation", (ms - ms[first])[later]) + pile("since the one before", np.diff(ms)[later[1:]])


def pile(since, ms, width=200):
    if len(ms) < 1000:
        return []
    value, count = np.unique(ms, return_counts=True)
    upto = np.r_[0, np.cumsum(count)]
    before = upto[np.arange(len(value))] - upto[np.searchsorted(value, value - width)]
    after = upto[np.searchsorted(value, value + width, "right")] - upto[np.arange(len(value)) + 1]
    expected = np.maximum(np.maximum(before, after), 1) / width
    worst = np.argmax((count - expected) / np.sqrt(expected + 1))
    bound = stats.poisson.isf(1e-3 / len(value), expected[worst])
    name = f"messages exactly {value[worst]} ms {since}"
    return [mark(name, count[worst] / len(ms), expected[worst] / len(ms), bound / len(ms))]


def same_groups(world):
    """Variance over mean of the number of groups of a user: 1 if places are dealt at random, with a standard error of root(2 / n); more where
    people differ, less where they are given alike. And users who share one number of groups (of those in any), as `cap` has it."""
    if not world.groups:
        return []
    count = np.bincount(np.concatenate([np.unique(m) for m in world.groups]), minlength=len(world.people))[world.user]
    least = 1 - SIGMAS * np.sqrt(2 / len(count))
    return [mark("groups of a user, variance over mean", count.var() / count.mean(), 1, np.inf, least)] + cap("users", "groups", count[count > 0])


def edges(trace):
    """Most people that anybody writes to, against a lognormal distribution through the median and the 99th percentile: exceeded by the
    largest of all people in one world of a thousand. Beside it, as chance, its value in half the worlds."""
    out = np.bincount(trace.arrows[0], minlength=trace.people)
    out = out[out > 0]
    if len(out) < 200:
        return []
    median, high = np.quantile(out, [0.5, 0.99])
    sigma = np.log(high / median) / stats.norm.ppf(0.99)
    largest = [median * np.exp(sigma * stats.norm.isf(p / len(out))) for p in (0.5, 1e-3)]
    return [mark("people written to by one person, at most", out.max(), *largest)]


def caps(trace):
    """Of the tenth that sends most, people with exactly the commonest number of contacts written to, and of contacts with 10 messages or
    more either way."""
    low, high, weight, _ = trace.ties
    strong = weight >= 10
    sent = np.bincount(trace.src, minlength=trace.people)
    busy = np.argsort(-sent, kind="stable")[: max((sent > 0).sum() // 10, 1)]
    writes_to = np.bincount(trace.arrows[0], minlength=trace.people)[busy]
    close = np.bincount(np.r_[low[strong], high[strong]], minlength=trace.people)[busy]
    return cap("busy people", "contacts written to", writes_to) + cap("busy people", "contacts of 10 messages", close)


def cap(who, what, number):
    """Those who have exactly the commonest number of something. Chance: 1.25 times as many as have one more or one less, whichever are more
    (a bell of standard deviation 1.5 has 1.25 at its top), Poisson at a ten-thousandth."""
    count = np.bincount(number)
    mode = int(count.argmax())
    if mode < 3 or len(number) < 50:
        return []
    expected = 1.25 * max(count[mode - 1], count[mode + 1] if mode + 1 < len(count) else 0)
    bound = stats.poisson.isf(1e-4, max(expected, 1))
    return [mark(f"{who} with exactly {mode} {what}", count[mode] / len(number), expected / len(number), bound / len(number))]


def bridges(world, most=10_000, times=19):
    """Ties between communities: those beside which one of the five closest contacts of one end, in its community, is tied to one of the
    other's. Chance: the far ends of such ties of the same two communities dealt anew. A tie that bridges has no such neighbours.

    Within communities the same of ties that are not among the five closest of either end and share none of them is shown and not judged:
    people who live near each other may know each other."""
    low, high, _, _ = world.trace.ties
    community = world.people.community.to_numpy(np.int64)
    across = community[low] != community[high]
    near = circles(world.trace, community)
    out = beside("ties between communities that repeat beside", low[across], high[across], near, community, most, times, True)
    a, b = low[~across], high[~across]
    shared = (near[a][:, :, None] == near[b][:, None, :]) & (near[a][:, :, None] >= 0)
    weak = ~((near[a] == b[:, None]).any(1) | (near[b] == a[:, None]).any(1) | shared.any((1, 2)))
    return out + beside("weak ties at home that repeat beside", a[weak], b[weak], near, community, most, times, False)


def circles(trace, community):
    """For each person the five contacts in its community with most messages, -1 where there are fewer."""
    low, high, weight, _ = trace.ties
    ego, other, weight = np.r_[low, high], np.r_[high, low], np.r_[weight, weight]
    home = community[ego] == community[other]
    ego, other, weight = ego[home], other[home], weight[home]
    order = np.lexsort((other, -weight, ego))
    ego, other = ego[order], other[order]
    rank = np.arange(len(ego)) - np.searchsorted(ego, ego)
    out = np.full((trace.people, CIRCLE), -1, np.int64)
    out[ego[rank < CIRCLE], rank[rank < CIRCLE]] = other[rank < CIRCLE]
    return out


def beside(name, a, b, near, community, most, times, judged):
    if len(a) < 100:
        return []
    swap = community[a] > community[b]
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    people = len(near)
    pairs = community[a] * (community.max() + 1) + community[b]
    sample = np.random.default_rng(3).permutation(len(a))[:most]

    def repeats(far):
        keys = np.unique(np.minimum(a, far) * people + np.maximum(a, far))
        x, y = near[a[sample]][:, :, None], near[far[sample]][:, None, :]
        hit = member(keys, (np.minimum(x, y) * people + np.maximum(x, y)).reshape(-1)).reshape(len(sample), -1)
        return np.array([(hit & ((x >= 0) & (y >= 0)).reshape(len(sample), -1)).any(1).mean()])

    def deal(far, rng):
        dealt = np.empty_like(far)
        dealt[np.argsort(pairs, kind="stable")] = far[np.lexsort((rng.random(len(far)), pairs))]
        return dealt

    return permuted([name], b, repeats, times, shuffle=deal, judged=judged)
