"""Marks of construction: what the way a world is made leaves in its records, each held against chance (`chance.py`).

    people whose ids are close, runs of ids in books, groups that are progressions of ids, blocks of ids      marks_ids.py
    order of rows, of entries, of members                                                                     marks_order.py
    moments that many messages share, equal numbers of groups, edge people, caps, ties that repeat            marks_traffic.py
"""

import marks_ids
import marks_order
import marks_traffic


def marks(world):
    """All marks of a world. What does not apply (no groups, one community, too few people) is left out."""
    return [*marks_ids.marks(world), *marks_order.marks(world), *marks_traffic.marks(world)]
