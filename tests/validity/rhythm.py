"""Rhythm: hours, days and weeks, whether people keep habits of their own, and bursts."""

import numpy as np

from export import DAY, HOUR
from measures import burstiness, own_over_others


def statistics(trace):
    return {**active_days(trace), **daily(trace), **weekly(trace), **bursts(trace)}


def active_days(trace):
    """active_lag1: mean over people, active on .2 to .8 of the days and on 3 at least, of the lag-1 autocorrelation of being active.

    Means of the person and of the day are taken out; 1 / (T - 1) is added, by which an autocorrelation around an own mean of T days is too small.
    Days on which nearly nobody writes (under .3 of the median) are left out.
    """
    day = (trace.sent_at // DAY).astype(np.int64)
    volume = np.bincount(day, minlength=trace.days)[: trace.days]
    live = volume >= 0.3 * np.median(volume[volume > 0])
    grid = np.zeros((trace.people, trace.days))
    grid[trace.sender, day] = 1
    grid = grid[:, live]
    days = grid.shape[1]
    mean = grid.mean(1)
    grid = grid[(mean > 0.2) & (mean < 0.8) & (grid.sum(1) >= 3)]
    if days < 7 or len(grid) < 10:
        return {"active_lag1": float("nan")}
    z = grid - grid.mean(0)
    z -= z.mean(1, keepdims=True)
    lag = (z[:, 1:] * z[:, :-1]).mean(1) / (z**2).mean(1)
    return {"active_lag1": float(lag.mean() + 1 / (days - 1))}


def daily(trace):
    """own_rhythm: Jensen-Shannon divergence between the hours of a person in the two halves of the time, over that between two people; of
    at most 400 people with 30 messages sent in each half. 1: everybody lives by the same clock. quietest_hours: least share of messages in
    six hours on end."""
    hour = (trace.sent_at // HOUR).astype(np.int64) % 24
    by_hour = np.bincount(hour, minlength=24) / max(len(hour), 1)
    quiet = min(np.roll(by_hour, -h)[:6].sum() for h in range(24))
    half = (trace.sent_at >= trace.days * DAY / 2).astype(np.int64)
    table = np.bincount((trace.sender * 2 + half) * 24 + hour, minlength=trace.people * 48).reshape(-1, 2, 24).astype(float)
    rows = np.flatnonzero(table.sum(2).min(1) >= 30)
    own = float("nan")
    if len(rows) >= 15:
        some = table[np.random.default_rng(1).permutation(rows)[:400]]
        some /= some.sum(2, keepdims=True)
        own = own_over_others(some[:, 0], some[:, 1])
    return {"own_rhythm": own, "quietest_hours": float(quiet)}


def weekly(trace):
    """weekly: messages of the quietest day of the week over those of the busiest, means over weeks."""
    if trace.days < 7:
        return {"weekly": float("nan")}
    volume = np.bincount((trace.sent_at // DAY).astype(np.int64), minlength=trace.days)[: trace.days]
    by_day = [volume[d::7].mean() for d in range(7)]
    return {"weekly": float(min(by_day) / max(by_day))}


def bursts(trace):
    """tie_burstiness: median over ties of the burstiness of gaps between starts of conversation (a message after more than an hour of
    silence in the tie), for 6 gaps or more; Karsai et al., Sci. Rep. 2, 397 (2012). Moments at random have -.02 to -.03, not 0: a median of
    few gaps. person_burstiness: median over people of that of gaps between messages sent, for 10 gaps or more."""
    order = np.lexsort((trace.time, trace.pair))
    pair, time = trace.pair[order], trace.time[order]
    begins = np.r_[True, (pair[1:] != pair[:-1]) | (np.diff(time) > HOUR)]
    ties = burstiness(pair[begins], time[begins], 6)
    order = np.lexsort((trace.sent_at, trace.sender))
    people = burstiness(trace.sender[order], trace.sent_at[order], 10)
    return {"tie_burstiness": float(np.median(ties)) if len(ties) >= 10 else float("nan"),
            "person_burstiness": float(np.median(people)) if len(people) >= 10 else float("nan")}
