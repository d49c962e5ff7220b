"""Ties: how two people share the talk, how people spread it over contacts, how ties come and go, how they close triangles."""

import numpy as np

from export import DAY, HOUR, WEEK
from measures import common, cv, gini, nan_if_few, own_over_others, pearson

EGO_LEAST, EGO_CONTACTS, RANKS = 20, 4, 20


def statistics(trace):
    return {**talk(trace), **sharing(trace), **degrees(trace), **signatures(trace), **persistence(trace), **triangles(trace)}


def talk(trace):
    """Of two messages in a row between two people: turn_share, how often the side changes. answer_share: messages, of all, whose
    predecessor in the tie is the other side's and at most an hour old. two_sided: conversations (no silence over an hour) in which
    anybody answered."""
    order = np.lexsort((trace.time, trace.pair))
    pair, time, side = trace.pair[order], trace.time[order], (trace.src < trace.dst)[order]
    same = pair[1:] == pair[:-1]
    turn, near = same & (side[1:] != side[:-1]), np.diff(time) <= HOUR
    begins = np.r_[True, ~(same & near)]
    answered = np.bincount(np.cumsum(begins) - 1, weights=np.r_[False, turn & near]) > 0
    return {"turn_share": float(turn.sum() / max(same.sum(), 1)), "answer_share": float((turn & near).sum() / len(pair)),
            "two_sided": float(answered.mean())}


def sharing(trace):
    """reciprocity: ties in which both wrote. imbalance: mean over ties of 10 messages or more of |of one - of the other| / all; for ties
    of w messages with fair coins it would be about .8 / root(w). tie_gini: inequality of messages over ties."""
    _, _, weight, lower = trace.ties
    strong = weight >= 10
    one_sided = np.abs(2 * lower - weight) / weight
    return {"reciprocity": float(((lower > 0) & (lower < weight)).mean()),
            "imbalance": nan_if_few(one_sided[strong].mean() if strong.any() else 0, strong.sum(), 10), "tie_gini": gini(weight)}


def degrees(trace):
    """in_degree_cv: spread over mean of the number of people who wrote to somebody, of those anybody wrote to. degree_gini: inequality of
    the number of contacts, of people with any. strength_exponent: slope of ln(messages sent) on ln(people written to), of people who
    wrote to two at least (1: contacts get equal shares whatever their number)."""
    writer, reader, weight = trace.arrows
    into, out = (np.bincount(x, minlength=trace.people) for x in (reader, writer))
    sent = np.bincount(writer, weights=weight, minlength=trace.people)
    low, high, _, _ = trace.ties
    degree = np.bincount(np.r_[low, high], minlength=trace.people)
    several = out >= 2
    x, y = np.log(out[several]), np.log(sent[several])
    slope = pearson(x, y) * y.std() / x.std() if several.sum() >= 20 else float("nan")
    return {"degree": float(degree[degree > 0].mean()), "in_degree_cv": cv(into[into > 0]), "out_degree_cv": cv(out[out > 0]),
            "degree_gini": gini(degree[degree > 0]), "strength_exponent": float(slope)}


def signatures(trace):
    """Shares of what a person sends that go to the first, second, ... contact (Saramaki et al., PNAS 111, 942, 2014), of people who send
    20 messages in each half of the time and have 4 contacts.

    top_share, top_share_sd: mean and standard deviation over people of the share of the first contact. top3_share: of the first three.
    own_signature: divergence between a person's halves over that between people. contacts_stay: contacts of both halves among those of either.
    """
    second = (trace.time >= trace.days * DAY / 2).astype(np.int64)
    key, weight = np.unique(trace.src * trace.people + trace.dst, return_counts=True)
    at = np.searchsorted(key, trace.src * trace.people + trace.dst)
    late = np.bincount(at, weights=second, minlength=len(key))
    ego = key // trace.people
    halves = np.stack([np.bincount(ego, weights=w, minlength=trace.people) for w in (weight - late, late)])
    good = (halves.min(0) >= EGO_LEAST) & (np.bincount(ego, minlength=trace.people) >= EGO_CONTACTS)
    if good.sum() < 20:
        return {k: float("nan") for k in ("top_share", "top_share_sd", "top3_share", "own_signature", "contacts_stay")}
    on = good[ego]
    ego, parts = np.unique(ego[on], return_inverse=True)[1], (weight[on], (weight - late)[on], late[on])
    total, early, late = (ranked(ego, w) for w in parts)
    both = np.bincount(ego, weights=(parts[1] > 0) & (parts[2] > 0)) / np.bincount(ego)
    return {"top_share": float(total[:, 0].mean()), "top_share_sd": float(total[:, 0].std()), "top3_share": float(total[:, :3].sum(1).mean()),
            "own_signature": own_over_others(early, late), "contacts_stay": float(both.mean())}


def ranked(ego, weight):
    """For each ego the shares of its contacts, largest first; the last column holds the rest."""
    order = np.lexsort((-weight, ego))
    ego, weight = ego[order], weight[order]
    rank = np.arange(len(ego)) - np.searchsorted(ego, ego)
    out = np.zeros((ego[-1] + 1, RANKS))
    np.add.at(out, (ego, np.minimum(rank, RANKS - 1)), weight)
    return out / out.sum(1, keepdims=True)


def persistence(trace):
    """Of ties with a message in the first week, the share with one in the second (stay_week2) and in the fourth (stay_week4), and the
    second over the first (persistence: 1 if ties neither begin nor end, below if they turn over; Miritello et al., Sci. Rep. 3, 1950,
    2013). new_contacts: of the people somebody writes to in the fourth week, those not written to before."""
    if trace.days < 28:
        return {k: float("nan") for k in ("stay_week2", "stay_week4", "persistence", "new_contacts")}
    week = np.minimum(trace.time // WEEK, 3).astype(np.int64)
    seen = weekly(trace.pair, week)
    first = seen[seen[:, 0]]
    two, four = first[:, 1].mean(), first[:, 3].mean()
    arrows = weekly(trace.src * trace.people + trace.dst, week)
    last = arrows[arrows[:, 3]]
    return {"stay_week2": float(two), "stay_week4": float(four), "persistence": float(four / two) if two else float("nan"),
            "new_contacts": float(1 - last[:, :3].any(1).mean())}


def weekly(key, week):
    """A row for each key, a column for each of four weeks: whether it occurs."""
    keys, at = np.unique(key, return_inverse=True)
    out = np.zeros((len(keys), 4), bool)
    out[at, week] = True
    return out


def triangles(trace):
    """clustering: mean over people with two contacts or more of the share of pairs of contacts who write to each other. transitivity: the
    same over all such pairs. open_ties: ties whose ends have no contact in common. overlap: mean over ties of contacts of both ends among
    those of either (Onnela et al., PNAS 104, 7332, 2007). degree_assortativity: correlation of degrees along ties."""
    low, high, _, _ = trace.ties
    third = common(low, high, trace.people)
    degree = np.bincount(np.r_[low, high], minlength=trace.people)
    closed = (np.bincount(low, weights=third, minlength=trace.people) + np.bincount(high, weights=third, minlength=trace.people)) / 2
    several = degree >= 2
    pairs = degree[several] * (degree[several] - 1) / 2
    either = degree[low] + degree[high] - 2 - third
    ok = either > 0
    ends = degree[np.r_[low, high]], degree[np.r_[high, low]]
    return {"clustering": float((closed[several] / pairs).mean()) if several.any() else float("nan"),
            "transitivity": float(closed[several].sum() / pairs.sum()) if several.any() else float("nan"),
            "open_ties": float((third == 0).mean()), "overlap": float((third[ok] / either[ok]).mean()) if ok.any() else float("nan"),
            "degree_assortativity": pearson(*ends)}
