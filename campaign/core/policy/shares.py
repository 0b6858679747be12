"""On which days rows may go by the caps of their agents and countries, ahead of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from campaign.core.pacing.forecast import HORIZON, Group
from campaign.core.policy.quota import Call, Quota

_DAY = timedelta(days=1)


def spread(groups: Iterable[tuple[Group, Call]], quota: Quota, start: datetime) -> list[Group]:
    """The groups, parted by the day on which their caps let them go, counted from `start`; those that wait longest are in a
    group that never opens. `quota` has the calls that were made already; the given ones are counted in it.

    Those that may go first take what is left of a day first.
    """
    parted: list[Group] = []
    for group, call in sorted(groups, key=lambda pair: _earliest(pair[0], start)):
        if not group.now and group.opens is None:
            parted.append(group)
            continue
        at, left, days = _earliest(group, start), group.rows, 0
        while left and at - start < HORIZON:
            room = quota.share_left(call, at)
            some = left if room is None else min(left, room)
            if some:
                quota.made_today(call, at, some)
                parted.append(replace(_on_day(group, at, start, days), rows=some))
                left -= some
            days += 1
            at = quota.day_ends(at)
        if left:
            parted.append(Group(None, None, left, now=False))
    return parted


def _earliest(group: Group, start: datetime) -> datetime:
    return start if group.now or group.opens is None else max(group.opens, start)


def _on_day(group: Group, at: datetime, start: datetime, days: int) -> Group:
    """The group as it is some days later: its hours are the same. Where nobody knows when they open, they are open at the start."""
    if not days:
        return group
    if group.closes is None:
        return Group(at, None, group.rows, now=False)
    opens = group.opens
    if opens is None:
        opens = start if start < group.closes else group.closes - timedelta(hours=1)
    return Group(opens + days * _DAY, group.closes + days * _DAY, group.rows, now=False)
