"""What a 429 does to the pace: wait, halve, then come back step by step.

    asked rate ──429──▶ wait at least Retry-After, half the rate ──accepted calls──▶ +5 % a second ──▶ asked rate

A campaign has many requests under way, so one refusal seldom comes alone: the answers to calls that went before the
wait began are the same event and halve nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LEAST_SHARE = 1 / 16
"""The rate is never brought below this share of the asked one,"""
LEAST_PER_SECOND = 1 / 60
"""nor below one call a minute: slower than that, a person should look, and the breaker makes them."""
STEP = 0.05
"""The share of the asked rate that is given back at a time."""
STEP_EVERY = 1.0
"""At most one step in this many seconds."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """The pace of a campaign. `asked` and `allowed` are calls a second (`inf`: no limit). The moments are seconds of a
    clock that nobody sets: the wall clock may jump by an hour, and no wait may."""

    asked: float
    allowed: float
    slowed_at: float | None = None
    waits_until: float | None = None
    raised_at: float | None = None

    @classmethod
    def at(cls, asked: float) -> Throttle:
        """The pace before anything happened."""
        return cls(asked, asked)

    @property
    def floor(self) -> float:
        """The slowest that it gets: never above what was asked."""
        return min(self.asked, max(self.asked * LEAST_SHARE, LEAST_PER_SECOND))

    def wait(self, now: float) -> float:
        """Seconds for which no call may go; 0 when one may."""
        if self.waits_until is None:
            return 0.0
        return max(0.0, self.waits_until - now)


def slowed(throttle: Throttle, now: float, retry_after: float, granted: float | None = None) -> Throttle:
    """The pace after a 429 that asked to wait `retry_after` seconds. `granted` is when the refused call was let go, if
    known: a call from before the last slowing prolongs the wait, but does not halve the rate again."""
    until = now + retry_after
    if throttle.waits_until is not None:
        until = max(until, throttle.waits_until)
    in_the_wait = throttle.wait(now) > 0
    from_before = granted is not None and throttle.slowed_at is not None and granted <= throttle.slowed_at
    if in_the_wait or from_before:
        return replace(throttle, waits_until=until)
    allowed = max(throttle.floor, throttle.allowed / 2)
    return replace(throttle, allowed=allowed, slowed_at=now, waits_until=until, raised_at=None)


def recovered(throttle: Throttle, now: float) -> Throttle:
    """The pace after an accepted call: a step nearer to the asked one, unless the last step or wait is too recent."""
    if throttle.allowed >= throttle.asked or throttle.wait(now) > 0:
        return throttle
    last = throttle.raised_at or throttle.waits_until
    if last is not None and now - last < STEP_EVERY:
        return throttle
    return replace(throttle, allowed=min(throttle.asked, throttle.allowed + STEP * throttle.asked), raised_at=now)
