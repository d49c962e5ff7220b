"""Scenarios for tests/random_worlds.py: random ones, and ones with a quantity at an end of its range. Written as TOML, without
presets: all that a scenario can say may be edge here."""

import datetime
import json
import math

KINDS = ["text_message", "photo_message", "voice_message", "video_message", "other_message",
         "group_text", "group_photo", "group_voice", "group_video", "group_other",
         "call", "contact_sync", "device_checkin", "registration", "profile_update", "group_join"]
ALONE = KINDS[12:]

# A small, ordinary world: (value, random values in which it may be besides the ends of its range). What is None has no edge that a
# tiny world could bear.
WORLD = {
    "community_size": (128, [64, 65, 300, 65536]),
    "weak_ties_domestic": (1, [0, 1, 2, 4]),
    "weak_ties_anywhere": (1, [0, 1, 4]),
    "address_book_median": (15, [0, 1, 40]),
    "address_book_sigma": (1, [0, 2]),
    "address_book_similarity": (0.8, [0, 0.3, 1]),
    "address_book_activity": (0.3, [-1, 0, 0.5, 1]),
    "address_book_max": (60, [0, 1, 200]),
    "address_book_user_odds": (3, [0, 0.001, 1, 1e6]),
    "unlisted_non_users": (0.15, [0, 0.999, 1]),
    "groups_per_user": (3, [0, 1, 7]),
    "group_size_mean": (6, [2, 3, 30]),
    "group_size_dispersion": (0.7, [0.01, 10]),
    "group_size_max": (40, [2, 3, 256]),
}
CIRCLES = ["household", "friends", "neighbourhood"]
# What household, friends and neighbourhood have in common, by trait: 1 together at most.
LIKENESS = {trait: ((0.2, 0.1, 0.05), [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.001, 0, 0.999), (0.4, 0.3, 0.3)])
            for trait in ["attitude", "age", "parent_account", "activity"]}
TRAFFIC = {
    "messages_per_active_day": (12, [0, 1, 30]),
    "active_day_share": (0.7, [0, 0.3, 0.99, 1]),
    "active_day_concentration": (1.5, [0.1, 50]),
    "active_day_memory": (0.55, [0, 0.001, 0.999, 1]),
    "own_clock_hours": (1, [0, 0.01, 6]),
    "activity_sigma": (1.2, [0, 2.5]),
    "activity_most": (30, [1, 1.5, 1e6]),
    "activity_dominance": (0.8, [0, 4]),
    "group_share": (0.2, [0, 0.01, 0.9, 1]),
    "group_recipients": (8, [1, 30]),
    "weak_tie_share": (0.05, [0, 0.125]),
    "contact_rank_exponent": (1.2, [0, 5]),
    "contact_rank_spread": (0.35, [0, 3]),
    "contacts": (40, [1, 2, 273]),
    "contacts_by_activity": (0.8, [0, 3]),
    "tie_spell_days": (4, [0, 1, 2, 365]),
    "tie_turnover_days": (20, [0, 1, 2, 365]),
    "conversation_length": (3.5, [1, 1.01, 12]),
    "conversation_tail": (4, [1.5, 20]),
    "reply_share": (0.6, [0, 0.00001, 0.5, 0.99999, 1]),
    "gap_median_s": (30, [0.001, 5000]),
    "gap_sigma": (1.2, [0, 4]),
    "reply_median_s": (90, [0.001, 7200]),
    "reply_sigma": (1.8, [0, 4]),
    "photo_share": (0.08, [0, 0.25]),
    "voice_share": (0.03, [0, 0.25]),
    "video_share": (0.02, [0, 0.25]),
    "other_share": (0.01, [0, 0.25]),
    "text_bytes": (90, [0]),
    "photo_bytes": (120000, [0]),
    "voice_bytes": (20000, [0]),
    "video_bytes": (2000000, [0]),
    "other_bytes": (50000, [0]),
    "size_sigma": (0.8, [0, 3]),
    "calls_per_active_day": (0.3, [0, 3]),
    "call_bytes": (600000, [0]),
    "contact_syncs_per_active_day": (0.3, [0, 1, 2]),
    "contact_sync_entry_bytes": (12, [0]),
    "device_checkins_per_active_day": (2, [1, 6]),
    "registrations_per_active_day": (0.01, [0, 0.5, 1]),
    "profile_updates_per_active_day": (0.05, [0, 0.5, 1]),
    "group_joins_per_active_day": (0.05, [0, 0.5, 1]),
    "control_bytes": (400, [0]),
}
# Categories that tell quasi-identifiers, and one that tells none.
TERMS = ["pd:TelephoneNumber", "pd:SocialNetwork", "pd:X", "pd:DeviceOperatingSystem", "pd:ServiceConsumptionBehaviour", "pd:Age"]
FAMILIES = ["informants", "graph", "linking", "singling_out", "leakage", "inference"]
HOURS = [0.3, 0.16, 0.09, 0.06, 0.06, 0.12, 0.32, 0.62, 0.85, 0.95, 1, 1.05, 1.15, 1.15, 1.05, 1.05, 1.1, 1.25, 1.4, 1.5, 1.55,
         1.45, 1.1, 0.65]


def toml(value):
    """A value as TOML. Tables within are inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime.date) else json.dumps(value)


def quantity(value):
    return {"value": value, "source": "a test", "quality": "assumed"}


def likeness(trait, strengths):
    """What household, friends and neighbourhood have in common in a trait, as items of a table."""
    return [(f"{trait}_{circle}", quantity(strength)) for circle, strength in zip(CIRCLES, strengths)]


def render(scenario):
    """A scenario, as a dictionary of tables and lists of tables, as TOML."""
    lines = []
    for name, table in scenario.items():
        for part in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            rules = part.get("rule", [])
            lines += [f"{key} = {toml(value)}" for key, value in part.items() if key != "rule"]
            for rule in rules:
                lines += [f"[[{name}.rule]]", *(f"{key} = {toml(value)}" for key, value in rule.items())]
            lines.append("")
    return "\n".join(lines)


def share(random):
    """A share, often at an end of its range or next to it."""
    return random.choice([0, 1e-6, 0.999999, 1, *[round(random.random(), 3)] * 8])


def shares(random, n, zeros=True):
    """Shares of n that sum to 1, some of them 0."""
    weights = [0 if zeros and random.random() < 0.15 else random.randint(1, 20) for _ in range(n)]
    if not any(weights):
        weights[random.randrange(n)] = 1
    parts = [w / sum(weights) for w in weights]
    return [p if w else 0 for p, w in zip(parts, weights)]


def some(random, names, least=0):
    """Some of these names, at least so many, in their order."""
    chosen = set(random.sample(names, random.randint(min(least, len(names)), len(names))))
    return [name for name in names if name in chosen]


def choices(random):
    """Rates of objection and of agreement to a purpose."""
    objects = share(random)
    agrees = random.choice([0, 1 - objects, round(random.random() * (1 - objects), 4)])
    return objects, agrees


def jurisdiction(random, code, part, purposes, systems):
    rates = {purpose: choices(random) for purpose in purposes}
    os = some(random, systems, 1)
    offsets = random.sample([-12, -9.5, -3.5, 0, 1, 5.75, 12.75, 14], random.randint(1, 3))
    zones = zip(offsets, shares(random, len(offsets)))
    return {"code": code, "title": code, "share": part, "users": share(random), "users_millions": 1,
            "parent_account": share(random), "parent_account_non_users": share(random),
            "os": dict(zip(os, shares(random, len(os)))),
            "time_zones": [{"utc_offset": offset, "share": part} for offset, part in zones],
            "objects": {purpose: objects for purpose, (objects, _) in rates.items()},
            "agrees": {purpose: agrees for purpose, (_, agrees) in rates.items()},
            "source": "a test", "quality": "assumed", "choice_source": "a test", "choice_quality": "assumed"}


def rule(random, scenario, days):
    """A rule that may match something: none of the contradictions that a check would refuse."""
    names = {key: [x["code" if key == "jurisdiction" else "id"] for x in scenario[key]]
             for key in ["purpose", "category", "kind", "jurisdiction"]}
    out = {"effect": random.choices(["permit", "forbid"], [5, 3])[0]}
    maybe = lambda p: random.random() < p
    for key, list_of, chance in [("purposes", "purpose", 0.35), ("categories", "category", 0.3),
                                 ("jurisdictions", "jurisdiction", 0.2), ("actor_jurisdictions", "jurisdiction", 0.12)]:
        if maybe(chance):
            out[key] = some(random, names[list_of], 1)
    if maybe(0.12):
        out["kinds"] = some(random, [kind for kind in KINDS if kind not in ALONE], 1)
    if maybe(0.2):
        out["roles"] = [random.choice(["actor", "counterparty"])]
    if maybe(0.2):
        out["subjects"] = [random.choice(["user", "non_user"])]
    if maybe(0.15):
        out["parent_account"] = maybe(0.5)
    if maybe(0.15):
        out["minor"] = maybe(0.5)
    if maybe(0.4):
        out["choice"] = random.choice(["objects", "agrees"])
        if maybe(0.5):
            out["choice_of"] = random.choice(["actor", "subject", "either", "both"])
    if out.get("subjects") == ["non_user"]:
        if out.get("choice_of", "subject") in ("subject", "both"):
            out.pop("choice", None), out.pop("choice_of", None)
        if out.get("roles") == ["actor"]:
            del out["roles"]
    if out.get("roles") == ["actor"] and not set(out.get("jurisdictions", names["jurisdiction"])) & set(
            out.get("actor_jurisdictions", names["jurisdiction"])):
        del out["actor_jurisdictions"]
    begin = scenario["scenario"]["start"]
    first, last = sorted(random.sample(range(-1, days + 2), 2))
    if maybe(0.2):
        out["from"] = begin + datetime.timedelta(days=first)
    if maybe(0.2):
        out["until"] = begin + datetime.timedelta(days=last)
    if out["effect"] == "permit" and maybe(0.3):
        times = [c["id"] for c in scenario["category"] if c["time"]]
        how = random.choice(["hash_bits", "keyed_hash", "aggregate_k", *["round"] * bool(times)])
        if how == "round":
            out["categories"] = some(random, times, 1)
        out["as"] = {how: {"hash_bits": random.choice([1, 39, 256]), "keyed_hash": True, "aggregate_k": random.choice([2, 50, 10 ** 6]),
                           "round": random.choice(["hour", "day", "week", "month"])}[how]}
    return out


def base(seed=1):
    """The small, ordinary world: two jurisdictions, two purposes, one policy, everything that happens collects something."""
    ids = ["phone_number", "contacts", "last_seen"]
    purposes = ["advertising", "security"]
    here = {"title": "A", "users": 0.7, "users_millions": 1, "parent_account": 0.6, "parent_account_non_users": 0.3,
            "os": {"one": 0.8, "other": 0.2}, "time_zones": [{"utc_offset": 1, "share": 0.5}, {"utc_offset": -12, "share": 0.5}],
            "objects": {"advertising": 0.3, "security": 0.1}, "agrees": {"advertising": 0.2, "security": 0.6},
            "source": "a test", "quality": "assumed", "choice_source": "a test", "choice_quality": "assumed"}
    return {
        "scenario": {"name": f"world-{seed}", "title": "A world for a test", "analysis": "None.", "seed": seed,
                     "start": datetime.date(2017, 11, 27), "days": 2, "people": 260},
        "world": {name: quantity(value) for name, (value, _) in WORLD.items()},
        "likeness": dict(part for trait, (strengths, _) in LIKENESS.items() for part in likeness(trait, strengths)),
        "traffic": {name: quantity(value) for name, (value, _) in TRAFFIC.items()} | {
            "hours": {"values": HOURS, "source": "a test", "quality": "assumed"},
            "weekdays": {"values": [1, 1, 1, 1, 1, 0.97, 0.95], "source": "a test", "quality": "assumed"}},
        "category": [{"id": id, "title": id, "bytes": 8, "weight": 1, "dpv": "pd:X", "fides": "user", "time": id == "last_seen",
                      "source": "a test", "quality": "found"} for id in ids],
        "kind": [{"id": kind, "actor": ids, "counterparty": [] if kind in ALONE else ids[:2]} for kind in KINDS],
        "purpose": [{"id": id, "title": id, "requests": ids, "needs": [], "dpv": "dpv:X", "fides": "x", "source": "a test",
                     "quality": "found"} for id in purposes],
        "jurisdiction": [{"code": "AA", "share": 0.6} | here, {"code": "BB", "share": 0.4} | here],
        "age_band": [{"id": "young", "share": 0.3, "activity": 1.2, "minor": True, "source": "a test", "quality": "assumed"},
                     {"id": "old", "share": 0.7, "activity": 0.9, "minor": False, "source": "a test", "quality": "assumed"}],
        "abuse_class": [{"id": "sender", "share": 0.01, "source": "a test", "quality": "assumed"}],
        "policy": [{"id": "some", "title": "Some", "source": "a test", "rule": [
            {"effect": "permit"}, {"effect": "forbid", "choice": "objects", "categories": ["phone_number"]}]}],
    }


def world(random, seed):
    """A random scenario, as TOML."""
    out = base(seed)
    days = random.choice([1, 1, 2, 3, 5])
    start = datetime.date(2016, 1, 1) + datetime.timedelta(days=random.randrange(1200))
    out["scenario"] |= {"seed": random.choice([0, seed, random.getrandbits(63)]), "start": start, "days": days,
                        "people": random.choice([1, 2, random.randint(3, 100), *[random.randint(150, 1200)] * 9])}
    for table, known in [("world", WORLD), ("traffic", TRAFFIC)]:
        for name, (_, values) in known.items():
            if random.random() < 0.15:
                out[table][name] = quantity(random.choice(values))
    for trait, (_, values) in LIKENESS.items():
        if random.random() < 0.3:
            out["likeness"] |= dict(likeness(trait, random.choice(values)))
    if random.random() < 0.2:
        out["traffic"]["hours"]["values"] = [random.choice([0, 0, 1]) for _ in range(23)] + [1]
    if random.random() < 0.2:
        out["traffic"]["weekdays"]["values"] = [random.choice([0, 1, 2]) for _ in range(6)] + [1]
    ids = [f"c{k}" for k in range(random.choice([1, 3, 5, 8, 32]))]
    out["category"] = [{"id": id, "title": id, "bytes": random.choice([0, 1, 8, 1000, 10 ** 9]), "weight": 1, "dpv": TERMS[k % len(TERMS)], "fides": "user",
                        "time": random.random() < 0.3, "source": "a test", "quality": "found"} for k, id in enumerate(ids)]
    purposes = [f"p{k}" for k in range(random.choice([1, 1, 2, 3, 5]))]
    out["purpose"] = [{"id": id, "title": id, "requests": some(random, ids), "needs": [], "dpv": "dpv:X", "fides": "x",
                       "source": "a test", "quality": "found"} for id in purposes]
    # Kinds that are alike are counted whole, others one by one.
    alike = random.random() < 0.6
    kinds, groups = {}, [KINDS[:5], KINDS[5:10], *([kind] for kind in KINDS[10:])] if alike else [[kind] for kind in KINDS]
    for group in groups:
        actor, counterparty = some(random, ids), some(random, ids)
        kinds |= {kind: (actor, [] if kind in ALONE else counterparty) for kind in group}
    out["kind"] = [{"id": kind, "actor": kinds[kind][0], "counterparty": kinds[kind][1]} for kind in KINDS]
    n = random.choice([1, 1, 2, 2, 3, 5, 12, 40])
    systems = [f"os{k}" for k in range(random.choice([1, 2, 5]))]
    out["jurisdiction"] = [jurisdiction(random, f"J{k}", part, purposes, systems) for k, part in enumerate(shares(random, n))]
    bands = random.choice([1, 2, 3, 5])
    out["age_band"] = [{"id": f"b{k}", "share": part, "activity": random.choice([0, 0.5, 1, 2, 100]), "minor": random.random() < 0.4,
                        "unlisted": random.choice([0, 1, 1, 5]), "objection_shift": random.choice([0, 0, -4, 0.3, 4]),
                        "source": "a test", "quality": "assumed"} for k, part in enumerate(shares(random, bands))]
    classes = random.choice([0, 1, 3])
    out["abuse_class"] = [{"id": f"a{k}", "share": random.choice([0, 0.01, 0.3]), "source": "a test", "quality": "assumed"}
                          for k in range(classes)]
    if random.random() < 0.35:
        out["uninstall"] = {"purposes": some(random, purposes, 1), "from": start + datetime.timedelta(days=random.randint(-3, days)),
                            "within_days": quantity(random.choice([1, 1, 2, 7, 3653]))}
    if random.random() < 0.3:
        # The same on any threads and instructions; tests/oracle/knowledge.py computes it again.
        out["exposure"] = {"metrics": some(random, FAMILIES, 1), "sample": random.choice([1, 2, 1000])}
    out["policy"] = []
    for k in range(random.choice([1, 2, 3, 4])):
        policy = {"id": f"policy{k}", "title": f"Policy {k}", "source": "a test"}
        if k and random.random() < 0.3:
            policy["extends"] = f"policy{random.randrange(k)}"
        rules = [rule(random, out, days) for _ in range(random.choice([0, 1, 2, 3, 5]))]
        # Where only forbids stand nothing flows: most policies begin with a permit.
        policy["rule"] = ([{"effect": "permit"}] if random.random() < 0.7 else []) + rules
        out["policy"].append(policy)
    out["order"] = [order(random, k, out, start, days) for k in range(random.choice([0, 0, 1, 2]))]
    return render(out)


def order(random, k, scenario, start, days):
    notice = start + datetime.timedelta(days=random.randint(-2, days + 1))
    out = {"id": f"order{k}", "title": f"Order {k}", "regulator": "R",
           "jurisdictions": some(random, [j["code"] for j in scenario["jurisdiction"]], 1),
           "prohibits": some(random, [p["id"] for p in scenario["purpose"]], 1), "notice": notice,
           "deadline": random.choice([notice + datetime.timedelta(days=random.randint(0, 3)), f"{random.randint(1, 3)} days", "1 week"]),
           "regime": "x", "status": "x", "source": "a test", "quality": "assumed"}
    if random.random() < 0.5:
        out["categories"] = some(random, [c["id"] for c in scenario["category"]], 1)
    return out


# What a tiny world bears of quantities whose ends would make more events than anybody counts in a test: the greatest is tried with less of
# something else, or less of itself.
LIGHTER = {
    ("messages_per_active_day", 1000): {"people": 40, "days": 1},
    ("device_checkins_per_active_day", 1000): {"people": 60, "days": 1},
    ("calls_per_active_day", 100): {"people": 60, "days": 1},
    ("contact_syncs_per_active_day", 100): {"people": 60, "days": 1},
}


def next_to(value, inside):
    """The number next to an end of a range: as a share, and as a float."""
    return math.nextafter(value, inside)


# Shares of the kinds of media among messages.
MEDIA = ["photo_share", "voice_share", "video_share", "other_share"]


def edges(schema):
    """(name, scenario) of each quantity, at the ends of its range as the schema has it, and next to them."""
    for table, definition in [("world", "World"), ("likeness", "Likeness"), ("traffic", "Traffic")]:
        for name, property in schema["definitions"][definition]["properties"].items():
            if name in ("hours", "weekdays"):
                continue
            limits = [part["properties"]["value"] for part in property["allOf"] if "properties" in part]
            least, most = (limits[0]["minimum"], limits[0]["maximum"]) if limits else (0, 1e9)
            if name.endswith("_bytes"):
                values = {least, most}  # no figure depends on them
            elif limits and "multipleOf" in limits[0]:
                values = {int(least), int(least) + 1, int(most) - 1, int(most)}
            else:
                values = {least, next_to(least, most), least + (most - least) * 1e-5, most - (most - least) * 1e-5, next_to(most, least), most}
            for value in sorted(values):
                out = base()
                if name in MEDIA and value > 0.5:
                    # Together they are all messages at most.
                    out[table] |= {other: quantity(0) for other in MEDIA}
                if table == "likeness" and value > 0.5:
                    # Together they are all that there is to have in common at most.
                    trait = next(trait for trait in LIKENESS if name.startswith(f"{trait}_"))
                    out[table] |= dict(likeness(trait, (0, 0, 0)))
                out[table][name] = quantity(value)
                out["scenario"] |= LIGHTER.get((name, round(value)), {})
                yield f"{table}.{name}={value!r}", render(out)
    for zero in range(24):
        out = base()
        out["traffic"]["hours"]["values"] = [float(hour == zero) for hour in range(24)]
        if zero % 8 == 0:
            yield f"traffic.hours={zero}", render(out)
    for day in range(7):
        out = base()
        out["traffic"]["weekdays"]["values"] = [float(weekday == day) for weekday in range(7)]
        if day < 3:
            yield f"traffic.weekdays={day}", render(out)
    ends = [0, next_to(0.0, 1), 1e-5, 1 - 1e-5, next_to(1.0, 0), 1]
    for key in ["users", "parent_account", "parent_account_non_users", "objects", "agrees", "share", "os", "time_zones"]:
        for value in ends:
            out = base()
            first, second = out["jurisdiction"]
            if key in ("objects", "agrees"):
                other = "agrees" if key == "objects" else "objects"
                first[key], first[other] = {p: value for p in first[key]}, {p: min(first[other][p], 1 - value) for p in first[other]}
            elif key == "share":
                first["share"], second["share"] = value, 1 - value
            elif key == "os":
                first["os"] = {"one": value, "other": 1 - value}
            elif key == "time_zones":
                first["time_zones"] = [{"utc_offset": -12, "share": value}, {"utc_offset": 14, "share": 1 - value}]
            else:
                first[key] = value
            yield f"jurisdiction.{key}={value!r}", render(out)
    for value in [0, 1e-9, 100]:
        out = base()
        out["age_band"][0]["activity"] = value
        yield f"age_band.activity={value!r}", render(out)
        out["age_band"][1]["activity"] = value
        out["traffic"]["activity_sigma"] = quantity(3)
        yield f"all age_band.activity={value!r}, activity_sigma=3", render(out)
    for value in ends:
        out = base()
        out["age_band"][0]["share"], out["age_band"][1]["share"] = value, 1 - value
        yield f"age_band.share={value!r}", render(out)
        out = base()
        out["abuse_class"][0]["share"] = value
        yield f"abuse_class.share={value!r}", render(out)
    for value in [0, 1, 999_999_999, 1_000_000_000]:
        out = base()
        for category in out["category"]:
            category["bytes"] = value
        yield f"category.bytes={value}", render(out)
    for name, people, days in [("one", 1, 1), ("two", 2, 1), ("community", 128, 1), ("community and one", 129, 1), ("days", 3, 40)]:
        out = base()
        out["scenario"] |= {"people": people, "days": days}
        yield f"people and days: {name}", render(out)
    for within in [1, 2, 3652, 3653]:
        for shift in [-3, 0, 1, 2]:
            out = base()
            start = out["scenario"]["start"]
            out["uninstall"] = {"purposes": ["advertising", "security"], "from": start + datetime.timedelta(days=shift),
                                "within_days": quantity(within)}
            yield f"uninstall from {shift} within {within}", render(out)
