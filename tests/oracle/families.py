"""What the parent comes to know, recomputed from records: facts, whose doing, how soon, scores, over-collection, the worth of objections.

Written from docs/FORMAT.md; part of tests/recompute.py, whose scratch database has the table `here`: one row per (purpose, event, subject) with the mask of
the categories let out under one policy, to one purpose or to all.
"""

import datetime
from fractions import Fraction
from itertools import product

WAYS = ["own_acts", "address_books", "messages", "groups", "calls"]
POPULATIONS = ["not_objecting", "objecting", "non_user", "all"]
GROUP_MESSAGES = ["group_text", "group_photo", "group_voice", "group_video", "group_other"]
UNITS = {"distinct_facts": "facts", "values_per_fact": "flows", "values_per_person": "flows",
         **{f"disclosed_values_by_{way}": "flows" for way in WAYS},
         "facts_through_others": "facts", "facts_through_others_alone": "facts", "share_of_facts_through_others_alone": "share",
         "people_exposed_through_others": "people", "people_exposed_through_others_alone": "people",
         "score_mean": "weight", "score_gini": "share", **{f"score_share_of_top_{n}": "share" for n in (1, 10, 50)},
         "disclosed_values_not_needed": "flows", "over_collection": "share", "needs_met": "share",
         "objection_efficacy": "ratio", **{f"objection_efficacy_by_{way}": "ratio" for way in WAYS},
         "objection_efficacy_of_facts": "ratio", "objection_efficacy_of_people": "ratio",
         "people_left": "people", "people_exposed_after_leaving": "people", "disclosed_values_after_leaving": "flows",
         "half_time": "days", "half_time_since_rules": "days",
         "people_exposed_since_rules": "people", "coverage_of_group_since_rules": "share"}

WAY = ("CASE WHEN f.subject = e.actor THEN 'own_acts' WHEN e.kind = 'contact_sync' THEN 'address_books' "
       f"WHEN e.kind IN ({', '.join(repr(kind) for kind in GROUP_MESSAGES)}) THEN 'groups' WHEN e.kind = 'call' THEN 'calls' "
       "ELSE 'messages' END")


def rules_since(world, policy):
    """The last day of the run on which a rule of the policy begins or ends to hold; 0 if none does within it."""
    dates = [rule[key] for rule in world.rules(policy) for key in ("from", "until") if key in rule]
    return max([day for day in ((date - world.start).days for date in dates) if 0 <= day < world.days], default=0)


def ratio(a, b):
    return float(a / b) if b else 0.0


def gini(scores):
    """Of people's scores by the definition: mean difference over twice the mean."""
    values = sorted(scores)
    n, total = sum(count for _, count in values), sum(score * count for score, count in values)
    if not total:
        return 0.0
    apart, below, weight = Fraction(0), 0, Fraction(0)
    for score, count in values:
        apart += 2 * count * (score * below - weight)
        below, weight = below + count, weight + score * count
    return float(apart / (2 * n * total))


def top_share(scores, percent):
    left, got, total = Fraction(percent * sum(n for _, n in scores), 100), Fraction(0), sum(score * n for score, n in scores)
    for score, n in sorted(scores, reverse=True):
        taken = min(left, n)
        got, left = got + score * taken, left - taken
    return ratio(got, total)


def half_time(first_days, count):
    """Days until half of all were reached: `first_days` as (day from 0, people)."""
    reached = 0
    for day, n in sorted(first_days):
        reached += n
        if count and 2 * reached >= count:
            return day + 1
    return 0


def families(world, policy, purpose, people, population):
    """Rows of `exposure` and of `first_exposure`: key -> value. `people`: how many there are by (jurisdiction, population); `population`: a person's, as SQL."""
    con, exposure, first = world.con, {}, {}
    splits = list(product([*world.jurisdictions, "all"], POPULATIONS))
    weight = {c["id"]: Fraction(str(c["weight"])) for c in world.scenario["category"]}
    names = list(world.categories)
    inside = lambda jur, pop: lambda row: jur in (row[0], "all") and pop in (row[1], "all")

    # What of each person is held by own acts and by those of others: jurisdiction, population, masks, people.
    held = con.execute("""SELECT jur, pop, own, others, count(*) FROM
        (SELECT jur, pop, subject, coalesce(bit_or(mask) FILTER (way = 'own_acts'), 0)::BIGINT AS own,
                coalesce(bit_or(mask) FILTER (way <> 'own_acts'), 0)::BIGINT AS others FROM here GROUP BY ALL) GROUP BY ALL""").fetchall()
    flows = con.execute("SELECT jur, pop, way, sum(bit_count(mask))::BIGINT FROM here GROUP BY ALL").fetchall()
    masks = con.execute("SELECT jur, pop, purpose, mask, count(*) FROM here GROUP BY ALL").fetchall()
    day_of = con.execute("""SELECT jur, pop, day, count(*) FROM (SELECT jur, pop, subject, min(day) AS day FROM here GROUP BY ALL)
        GROUP BY ALL""").fetchall()
    since = {id: rules_since(world, id) for id in world.policies}
    own_since = since[policy]
    rules_day_of = con.execute("""SELECT jur, pop, day - ?, count(*) FROM
        (SELECT jur, pop, subject, min(day) AS day FROM here WHERE day >= ? GROUP BY ALL) GROUP BY ALL""", [own_since, own_since]).fetchall()
    after = con.execute("""SELECT jur, pop, subject, sum(bit_count(mask))::BIGINT FROM here WHERE after GROUP BY ALL""").fetchall()
    end = (world.start - datetime.date(1970, 1, 1)).days * 86_400_000 + world.days * 86_400_000
    left = con.execute(f"SELECT jurisdiction, {population} AS pop, count(*) FROM person WHERE gone_ms < {end} GROUP BY ALL").fetchall()
    needs = {p["id"]: p.get("needs", []) for p in world.scenario["purpose"]}
    needed_bits = {id: sum(1 << names.index(name) for name in of) for id, of in needs.items()}

    per_person = {}
    for jur, pop in splits:
        here, size = inside(jur, pop), people.get((jur, pop), 0)
        rows = [row for row in held if here(row)]
        facts = sum((own | others).bit_count() * n for _, _, own, others, n in rows)
        alone = sum((others & ~own).bit_count() * n for _, _, own, others, n in rows)
        by_way = {way: sum(n for *_, of, n in filter(here, flows) if of == way) for way in WAYS}
        values, exposed = sum(by_way.values()), sum(n for *_, n in rows)
        figures = {"distinct_facts": facts, "values_per_fact": ratio(values, facts), "values_per_person": ratio(values, size),
                   **{f"disclosed_values_by_{way}": by_way[way] for way in WAYS},
                   "facts_through_others": sum(others.bit_count() * n for _, _, _, others, n in rows),
                   "facts_through_others_alone": alone, "share_of_facts_through_others_alone": ratio(alone, facts),
                   "people_exposed_through_others": sum(n for _, _, _, others, n in rows if others),
                   "people_exposed_through_others_alone": sum(n for _, _, own, others, n in rows if others and not own)}
        scores = [(sum((weight[name] for k, name in enumerate(names) if (own | others) >> k & 1), Fraction(0)), n)
                  for _, _, own, others, n in rows] + [(Fraction(0), size - exposed)]
        figures |= {"score_mean": ratio(sum(score * n for score, n in scores), size), "score_gini": gini(scores),
                    **{f"score_share_of_top_{percent}": top_share(scores, percent) for percent in (1, 10, 50)}}
        not_needed = weighed = everything = 0
        for _, _, of, mask, n in filter(here, masks):
            rest = mask & ~needed_bits[of]
            not_needed += rest.bit_count() * n
            weighed += sum((weight[name] for k, name in enumerate(names) if rest >> k & 1), Fraction(0)) * n
            everything += sum((weight[name] for k, name in enumerate(names) if mask >> k & 1), Fraction(0)) * n
        figures |= {"disclosed_values_not_needed": not_needed, "over_collection": ratio(weighed, everything)}
        days = [(day, n) for *_, day, n in filter(here, day_of)]
        figures["half_time"] = half_time(days, exposed)
        since_days = [(day, n) for *_, day, n in filter(here, rules_day_of)]
        reached = sum(n for _, n in since_days)
        if any(since.values()):
            figures |= {"people_exposed_since_rules": reached, "coverage_of_group_since_rules": ratio(reached, size),
                        "half_time_since_rules": half_time(since_days, reached)}
        if world.uninstall:
            figures |= {"people_left": sum(row[2] for row in filter(here, left)),
                        "people_exposed_after_leaving": sum(1 for _ in filter(here, after)),
                        "disclosed_values_after_leaving": sum(row[3] for row in filter(here, after))}
        exposure |= {(policy, purpose, jur, pop, "all", metric): value for metric, value in figures.items()}
        per_person[jur, pop] = {"": Fraction(values, size or 1), "_of_facts": Fraction(facts, size or 1),
                                "_of_people": Fraction(exposed, size or 1),
                                **{f"_by_{way}": Fraction(by_way[way], size or 1) for way in WAYS}}
        for name, counted, from_day in [("start", days, 0)] + [("rules", since_days, own_since)] * (own_since > 0):
            for day in range(world.days - from_day):
                n = sum(people for at, people in counted if at <= day)
                key = (day + 1, name, policy, purpose, jur, pop, "all")
                first |= {(*key, "people_reached"): n, (*key, "share_reached"): ratio(n, size)}
    for jur in [*world.jurisdictions, "all"]:
        objecting, others = per_person[jur, "objecting"], per_person[jur, "not_objecting"]
        for part, mean in objecting.items():
            whole = others["" if part.startswith("_by_") else part]
            worth = (others[part] - mean) / whole if whole and people.get((jur, "objecting"), 0) else 0
            exposure[policy, purpose, jur, "objecting", "all", f"objection_efficacy{part}"] = float(worth)
    categories = con.execute("""SELECT k, day, count(*) FROM (SELECT k, subject, min(day) AS day FROM here, range(?) AS r(k)
        WHERE (mask >> k) & 1 = 1 GROUP BY ALL) GROUP BY ALL""", [len(names)]).fetchall()
    for k, name in enumerate(names):
        for day in range(world.days):
            n = sum(people for at, first_day, people in categories if at == k and first_day <= day)
            key = (day + 1, "start", policy, purpose, "all", "all", name)
            first |= {(*key, "people_reached"): n, (*key, "share_reached"): ratio(n, world.people)}
    if purpose != "all":
        seen = {names[k] for k, _, _ in categories}
        all_of = sum((weight[name] for name in needs[purpose]), Fraction(0))
        met = sum((weight[name] for name in needs[purpose] if name in seen), Fraction(0))
        exposure[policy, purpose, "all", "all", "all", "needs_met"] = ratio(met, all_of) if all_of else 1.0
    return exposure, first
