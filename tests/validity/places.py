"""Places: how much of the traffic, of the ties and of the groups leaves the community, and the country.

Communities are a device of the simulation, not places that anybody lives in: what depends on how many of them a country has is suspect.
"""

import numpy as np


def statistics(world):
    """messages_out, ties_out, members_out: messages, ties and pairs of (first member, other member) of groups across communities.
    messages_abroad, ties_abroad: those across countries. Left out where there is one community, or country, only."""
    low, high, weight, _ = world.trace.ties
    several = [m for m in world.groups if len(m) > 1]
    first = np.repeat([m[0] for m in several], [len(m) - 1 for m in several]).astype(np.int64)
    other = np.concatenate([m[1:] for m in several]) if several else first
    community = world.people.community.to_numpy(np.int64)
    out = {}
    for name, place in (("out", community), ("abroad", world.country)):
        if len(np.unique(place)) > 1:
            across = place[low] != place[high]
            out |= {f"messages_{name}": float(across @ weight / weight.sum()), f"ties_{name}": float(across.mean())}
            if len(first):
                out[f"members_{name}"] = float((place[first] != place[other]).mean())
    return out
