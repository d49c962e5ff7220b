"""Activity: how much people write, against how much is written to them, and how unequal they are.

`balance` decides what a regulator reads off: how much of what is known of a quiet person others caused.
"""

import numpy as np

from measures import gini, nan_if_few, spearman


def statistics(trace):
    return {**balance(trace), **volume(trace)}


def balance(trace):
    """Of people with at least 10 messages to or from one person:

    sent_received: Spearman correlation over people of messages sent and received (1: who writes much is written to much).
    quiet_received: mean over the quarter that sends least of received / (sent + received).
    busy_received: the same for the quarter that sends most.
    """
    sent, got = (np.bincount(x, minlength=trace.people) for x in (trace.src, trace.dst))
    enough = sent + got >= 10
    sent, got = sent[enough], got[enough]
    if len(sent) < 20:
        return {}
    low, high = np.quantile(sent, [0.25, 0.75])
    share = got / (sent + got)
    return {"sent_received": spearman(sent, got), "quiet_received": float(share[sent <= low].mean()),
            "busy_received": float(share[sent >= high].mean())}


def volume(trace):
    """per_active_day: mean messages sent on a day with any. active_share: mean share of days with any, of people who ever send.
    total_sigma, total_gini: standard deviation of the logarithm, and Gini coefficient, of messages sent per person who sends.
    presence_rate: Spearman correlation over people of active days and messages on one."""
    day = (trace.sent_at // 86400).astype(np.int64)
    key, count = np.unique(trace.sender * trace.days + day, return_counts=True)
    who = key // trace.days
    active = np.bincount(who, minlength=trace.people)
    total = np.bincount(trace.sender, minlength=trace.people)
    on = active > 0
    return {"per_active_day": float(count.mean()), "active_share": float(active[on].mean() / trace.days),
            "total_sigma": float(np.log(total[on]).std()), "total_gini": gini(total[on]),
            "presence_rate": nan_if_few(spearman(active[on], total[on] / active[on]), on.sum(), 20)}
