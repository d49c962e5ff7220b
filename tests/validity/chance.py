"""Chance: what a figure would be if it meant nothing, and how far from it a figure is a mark of construction.

Where chance is a permutation, the threshold lies 4 standard deviations beyond the mean of the permutations, or at the farthest of them if
that is farther: fewer than one world in a thousand has such a figure by chance. Where chance is a formula, the docstring of the mark has it.
"""

from dataclasses import dataclass

import numpy as np

from measures import spearman

SIGMAS = 4.0


@dataclass(frozen=True)
class Mark:
    """`observed` beside `chance`; a mark if it is above `high` or below `low`. `judged` is false for figures to look at only."""

    name: str
    observed: float
    chance: float
    high: float
    low: float = -np.inf
    judged: bool = True

    @property
    def stands_out(self):
        return self.judged and not self.low <= self.observed <= self.high


def mark(name, observed, chance, high, low=-np.inf, judged=True):
    return Mark(name, float(observed), float(chance), float(high), float(low), judged)


def permuted(names, values, figures, times, both_sides=False, shuffle=None, judged=True, seed=7):
    """Marks of the figures, all shares, that `figures(values)` returns, against those of `times` shuffles of `values`."""
    rng = np.random.default_rng(seed)
    shuffle = shuffle or (lambda v, r: r.permutation(v))
    draws = np.array([figures(shuffle(values, rng)) for _ in range(times)])
    mean, sd = draws.mean(0), draws.std(0)
    high = np.maximum(mean + SIGMAS * sd, draws.max(0))
    low = np.maximum(np.minimum(mean - SIGMAS * sd, draws.min(0)), 0) if both_sides else np.full(len(names), -np.inf)
    return [mark(*row, judged) for row in zip(names, figures(values), mean, high, low)]


def correlation(name, x, y, cases=None):
    """Spearman correlation of an order with something; standard error of chance 1 / root(n - 1), n the number of `cases` if rows are not
    independent."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    if len(x) < 30 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return []
    error = 1 / np.sqrt((cases or len(x)) - 1)
    return [mark(name, spearman(x, y), 0, SIGMAS * error, -SIGMAS * error)]
