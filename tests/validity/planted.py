"""Small synthetic traces with known answers, and a world that is all chance, for `selfcheck.py`."""

import duckdb
import numpy as np
import pandas as pd

from export import DAY, Trace, World

PEOPLE, USERS = 1600, 1000


def alternating(pairs, messages, rng, days=28):
    """Messages of each pair at random moments; the sides take turns."""
    a, b = np.array(pairs).T
    time = np.sort(rng.uniform(0, days * DAY, (len(a), messages)), axis=1)
    first = np.arange(messages) % 2 == 0
    src = np.where(first, a[:, None], b[:, None])
    return Trace.of(src.ravel(), (a[:, None] + b[:, None] - src).ravel(), time.ravel(), people=int(max(a.max(), b.max())) + 1, days=days)


def with_weak_ties(pairs, rng):
    """Pairs that take turns over 20 messages, and 200 others with one message each."""
    strong, weak = alternating(pairs, 20, rng), alternating([(1000 + 2 * i, 1001 + 2 * i) for i in range(200)], 1, rng)
    return Trace.of(*(np.r_[x, y] for x, y in zip((strong.src, strong.dst, strong.time), (weak.src, weak.dst, weak.time), strict=True)))


def ring(n, reach=2):
    """Everybody tied to the next `reach` people in a circle."""
    return [(i, (i + d) % n) for i in range(n) for d in range(1, reach + 1)]


def active(grid, rng):
    """A trace in which person i writes to its neighbour on days where grid[i] is set, thrice a day."""
    who, day = (np.repeat(x, 3) for x in np.nonzero(grid))
    return Trace.of(who, (who + 1) % len(grid), day * DAY + rng.uniform(0, DAY, len(who)), people=len(grid), days=grid.shape[1])


def chance(rng, communities=1):
    """A world in which nothing depends on anything: people 0 .. USERS-1 are users, ids are dealt at random, rows lie at random."""
    user = np.arange(PEOPLE) < USERS
    people = pd.DataFrame({
        "person_id": rng.permutation(PEOPLE).astype(np.uint64), "community": rng.integers(0, communities, PEOPLE).astype(np.uint32),
        "jurisdiction": "ES", "is_user": user, "has_parent_account": rng.random(PEOPLE) < 0.6, "attitude": rng.random(PEOPLE),
        "os": rng.choice(["android", "ios"], PEOPLE), "age_band": rng.choice(["13-17", "18-29", "30-49", "50+"], PEOPLE),
        "file_row_number": rng.permutation(PEOPLE)})
    size = np.minimum(np.exp(rng.normal(4, 0.8, USERS)).astype(int) + 1, 600)
    owner = np.repeat(np.arange(USERS), size)
    contact = np.concatenate([rng.choice(PEOPLE, k, replace=False) for k in size])
    apart = owner != contact
    dealt = groups(rng, rng.poisson(6, USERS))
    return World(people, owner[apart], contact[apart], dealt, talk(rng, *acquaintances(rng)), rng.permutation(len(dealt)))


def acquaintances(rng):
    """Random ties with degrees of all sizes."""
    appeal = np.exp(rng.normal(0, 0.7, USERS))
    a, b = rng.choice(USERS, (2, 9000), p=appeal / appeal.sum())
    return a[a != b], b[a != b]


def talk(rng, a, b):
    """Conversations of each tie, as many as a lognormal says, of some messages with lognormal pauses; either side may write."""
    many = np.maximum(np.exp(rng.normal(0.7, 1, len(a))).astype(int), 1)
    a, b = np.repeat(a, many), np.repeat(b, many)
    length = rng.geometric(0.35, len(a))
    start = rng.uniform(0, 28 * DAY - 40000, len(a))
    conversation = np.repeat(np.arange(len(a)), length)
    pause = np.exp(rng.normal(4, 1.2, len(conversation)))
    pause = np.where(pause < 5000, pause, rng.uniform(1, 5000, len(pause)))
    first = np.searchsorted(conversation, conversation)
    pause[np.unique(first)] = 0
    since = np.cumsum(pause) - np.cumsum(pause)[first]
    side = rng.random(len(conversation)) < 0.5
    src = np.where(side, a[conversation], b[conversation])
    dst = np.where(side, b[conversation], a[conversation])
    name = rng.permutation(len(a))[conversation]
    return Trace.of(src, dst, np.rint((start[conversation] + since) * 1000) / 1000, people=PEOPLE, days=28, conversation=name)


def groups(rng, count):
    """Groups of 8 places dealt to people, person i in about count[i] of them."""
    places = rng.permutation(np.repeat(np.arange(len(count)), count))
    return [np.array(list(dict.fromkeys(places[i:i + 8]))) for i in range(0, len(places), 8)]


def small_export(folder):
    """Files of an export: three people and four events, with ids of 64 bits, out of order; the third is no user and stands in the first's book."""
    a, b, c = 2**63 + 5, 17, 2**40
    db = duckdb.connect()
    db.execute("set TimeZone = 'UTC'")
    db.execute(f"""copy (select id::ubigint as person_id, 0::uinteger as community, 'ES' as jurisdiction, id <> {c} as is_user,
        true as has_parent_account, .5::double as attitude, 'ios' as os, '50+' as age_band, null::date as left_on
        from (values ({a}), ({b}), ({c})) t(id)) to '{folder}/people.parquet'""")
    db.execute(f"copy (select {a}::ubigint as owner, {c}::ubigint as contact) to '{folder}/address_books.parquet'")
    db.execute(f"""copy (select n::ubigint as event_id, time::timestamptz as time, kind, who::ubigint as actor, others::ubigint[] as counterparties,
        g::ubigint as group_id, 9::ubigint as conversation_id from (values (1, '2017-11-28 01:00', 'text_message', {a}, [{b}], null),
        (2, '2017-11-27 12:00', 'photo_message', {b}, [{a}], null), (3, '2017-11-28 02:00', 'group_text', {b}, [{a}], 4),
        (4, '2017-11-28 03:00', 'call', {b}, [{a}], null)) t(n, time, kind, who, others, g)) to '{folder}/events.parquet'""")
