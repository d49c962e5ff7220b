"""What several statistics share: correlations, Gini coefficient, finite-size burstiness, distances of distributions."""

import numpy as np
from scipy import sparse, stats


def nan_if_few(value, count, least):
    """The value, or NaN when fewer than `least` things stand behind it."""
    return float(value) if count >= least else float("nan")


def pearson(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 3 or x.std() == 0 or y.std() == 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def spearman(x, y):
    return pearson(stats.rankdata(x), stats.rankdata(y))


def along(a, b, x):
    """Pearson correlation of x over pairs (a, b) taken both ways: Newman's assortativity of a number (Phys. Rev. E 67, 026126, 2003)."""
    return pearson(np.r_[x[a], x[b]], np.r_[x[b], x[a]])


def nominal(a, b, label):
    """Newman's assortativity of a label (the same paper): 0 if pairs form regardless of it, 1 if only among equals."""
    kinds, code = np.unique(label, return_inverse=True)
    mix = np.zeros((len(kinds), len(kinds)))
    np.add.at(mix, (code[a], code[b]), 1)
    mix = (mix + mix.T) / (2 * max(len(a), 1))
    by_chance = (mix.sum(0) ** 2).sum()
    return float((np.trace(mix) - by_chance) / (1 - by_chance)) if by_chance < 1 and len(a) else float("nan")


def gini(x):
    """Mean difference between two of x over twice their mean."""
    x = np.sort(np.asarray(x, float))
    n = len(x)
    return float((2 * np.arange(1, n + 1) - n - 1) @ x / (n * x.sum())) if n and x.sum() > 0 else float("nan")


def cv(x):
    """Standard deviation over mean."""
    return float(np.std(x) / np.mean(x)) if len(x) and np.mean(x) else float("nan")


def burstiness(key, time, least):
    """Burstiness of the gaps of each key that has at least `least` of them, corrected for their number.

    B = (sqrt(n+1) r - sqrt(n-1)) / ((sqrt(n+1) - 2) r + sqrt(n-1)), r = sd / mean of n gaps (Kim and Jo, Phys. Rev. E 94, 032311, 2016,
    after Goh and Barabasi 2008): -1 a clock, 0 a Poisson process, towards 1 bursts. Sorted by key, then time.
    """
    inside = key[1:] == key[:-1]
    keys, at, n = np.unique(key[1:][inside], return_inverse=True, return_counts=True)
    gap = np.diff(time)[inside]
    mean = np.bincount(at, weights=gap, minlength=len(keys)) / np.maximum(n, 1)
    sd = np.sqrt(np.bincount(at, weights=(gap - mean[at]) ** 2, minlength=len(keys)) / np.maximum(n, 1))
    ok = (n >= max(least, 4)) & (mean > 0)
    n, r = n[ok], sd[ok] / mean[ok]
    return (np.sqrt(n + 1) * r - np.sqrt(n - 1)) / ((np.sqrt(n + 1) - 2) * r + np.sqrt(n - 1))


def divergence(p, q):
    """Jensen-Shannon divergence of two distributions in bits, over the last axis."""
    def entropy(x):
        return -(x * np.log2(np.where(x > 0, x, 1))).sum(-1)

    return entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2


def own_over_others(first, second, seed=1, pairs=5):
    """Mean divergence of each row of `first` from the same row of `second`, over that from `pairs` other rows: 1 if rows do not differ
    more between people than within (Saramaki et al., PNAS 111, 942, 2014, for signatures)."""
    n = len(first)
    rng = np.random.default_rng(seed)
    other = (np.arange(n)[:, None] + rng.integers(1, n, (n, pairs))) % n
    return float(divergence(first, second).mean() / divergence(first[:, None, :], second[other]).mean())


def graph(a, b, people):
    """Symmetric matrix of ones for ties."""
    one = np.ones(2 * len(a), np.int32)
    return sparse.csr_matrix((one, (np.r_[a, b], np.r_[b, a])), shape=(people, people))


def common(a, b, people):
    """Number of third people tied to both ends of each tie."""
    m = graph(a, b, people)
    out = np.zeros(len(a))
    for low in range(0, len(a), 100_000):
        part = slice(low, low + 100_000)
        out[part] = np.asarray(m[a[part]].multiply(m[b[part]]).sum(1)).ravel()
    return out
