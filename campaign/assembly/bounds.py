"""What bounds a campaign, from its mapping, the person's options and the journal: goals, caps of a day, and the outlook."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Mapping as MappingOf
from datetime import datetime
from typing import TypeAlias

from pydantic import ValidationError

from campaign.adapters.clock import SystemClock
from campaign.adapters.journal import JournalReader
from campaign.core.course import Course
from campaign.core.errors import UsageError
from campaign.core.lifecycle import State
from campaign.core.mapping.delivery_part import DeliverySpec, GoalSpec
from campaign.core.moment import your_time
from campaign.core.outlook import Outlook, look_ahead, of_today
from campaign.core.pacing.forecast import Group, Pace
from campaign.core.policy.quota import Call, Goal, Limits, Quota
from campaign.core.policy.shares import spread
from campaign.core.record import CampaignRecord
from campaign.core.run import Options
from campaign.usecases.sending.delivery import Ending

StopWhen: TypeAlias = "str | MappingOf[str, object]"
"""What takes the place of the mapping's stop_when: `off`, `accepted=500`, or {"accepted": 500}."""


def quota_of(
    journal: JournalReader, record: CampaignRecord, delivery: DeliverySpec, options: Options, not_before: datetime
) -> Quota:
    """The campaign's bounds, with the calls that were made already. `not_before` is the latest moment the journal has."""
    caps = delivery.caps
    goals = _goals(record.id, delivery, options)
    quota = Quota(Limits(goals, caps.per_day, caps.per_agent, caps.per_country))
    if goals:
        quota.made(journal.count_calls(record.id))
    if caps.per_day is not None or caps.per_agent is not None or caps.per_country:
        for call, at in journal.calls_since(record.id, quota.day_begins(not_before)):
            quota.made_today(call, at)
    return quota


def ending_of(campaign: str, delivery: DeliverySpec, options: Options) -> Ending | None:
    """From when on nothing is sent: what the person said, or the mapping, whichever is sooner."""
    wanted = _stop_when(delivery, options)
    endings = []
    if options.stop_at is not None:
        endings.append(
            Ending(options.stop_at, f"It is {your_time(options.stop_at)}: stopped, as you asked (--stop-at).")
        )
    if wanted.at is not None:
        rule = f"It is {your_time(wanted.at)}, as wanted (stop_when.at). {_cure(campaign)}"
        endings.append(Ending(wanted.at, rule))
    return min(endings, key=lambda ending: ending.at, default=None)


def outlook_of(
    groups: Sequence[Group],
    reasons: Sequence[tuple[State, str, int]],
    delivery: DeliverySpec,
    options: Options,
    now: datetime,
    made: int = 0,
    made_on_day: int = 0,
) -> Outlook:
    """What lies ahead if the campaign is sent now; `made` are its calls until now, `made_on_day` those of the day on which
    it begins."""
    pace = _pace(delivery, options, made, made_on_day)
    return look_ahead(groups, reasons, _begins(options, now), pace, delivery.cost_per_call)


def _pace(delivery: DeliverySpec, options: Options, made: int, made_on_day: int) -> Pace:
    goals = [goal.calls - made for goal in _goals("", delivery, options)]
    bounds = [max(bound, 0) for bound in (*goals, options.limit) if bound is not None]
    rate = (options.rate or delivery.rate).per_second
    return Pace(rate, delivery.caps.per_day, min(bounds, default=None), made=made_on_day)


def outlook_of_campaign(
    journal: JournalReader,
    record: CampaignRecord,
    delivery: DeliverySpec,
    options: Options,
    now: datetime,
    released: Collection[int] = (),
) -> Outlook:
    """What lies ahead of the campaign's unsent rows and those of `released`, with the calls that it has made."""
    groups, made_on_day = _groups(journal, record, delivery, options, now, released)
    reasons = [reason for reason in journal.reasons(record.id) if reason[0] is not State.FAILED]
    return outlook_of(groups, reasons, delivery, options, now, journal.count_calls(record.id), made_on_day)


def course_of(
    journal: JournalReader, record: CampaignRecord, delivery: DeliverySpec, options: Options, now: datetime
) -> Course:
    """What lies before a run that begins now, with the campaign's rows as they stand."""
    groups, made_on_day = _groups(journal, record, delivery, options, now)
    ending = ending_of(record.id, delivery, options)
    return Course(
        campaign=record.id,
        list_name=record.list_name,
        counts=journal.counts(record.id),
        groups=tuple(groups),
        pace=_pace(delivery, options, journal.count_calls(record.id), made_on_day),
        stays=options.wait,
        starts=options.start_at,
        ends=ending.at if ending is not None else None,
    )


def _groups(
    journal: JournalReader,
    record: CampaignRecord,
    delivery: DeliverySpec,
    options: Options,
    now: datetime,
    released: Collection[int] = (),
) -> tuple[list[Group], int]:
    """The unsent rows and those of `released` by when they may be called, and the calls of the day on which it begins."""
    start = _begins(options, now)
    quota = quota_of(journal, record, delivery, options, now)
    made_on_day = quota.made_on(start) if delivery.caps.per_day is not None else 0
    if by_call(delivery):
        pairs = journal.openings_by_call(record.id, options.only, released)
        return spread([(of_today(group, now), call) for group, call in pairs], quota, start), made_on_day
    return [of_today(group, now) for group in journal.openings(record.id, options.only, released)], made_on_day


def spread_by_caps(groups: Sequence[tuple[Group, Call]], delivery: DeliverySpec, start: datetime) -> list[Group]:
    """The groups of a campaign that has made no call yet, by the days on which its caps let them go."""
    caps = delivery.caps
    return spread(groups, Quota(Limits((), None, caps.per_agent, caps.per_country)), start)


def by_call(delivery: DeliverySpec) -> bool:
    """Whether calls are bounded by their agents or countries."""
    return delivery.caps.per_agent is not None or bool(delivery.caps.per_country)


def _begins(options: Options, now: datetime) -> datetime:
    return max(now, options.start_at or now)


def read_stop_when(value: StopWhen) -> GoalSpec:
    """What a person says in place of the mapping's stop_when: `accepted=500,cost=20`, the same as plain data, or `off`.

    Raises `UsageError`.
    """
    if isinstance(value, str):
        if value.strip().lower() == "off":
            return GoalSpec()
        pairs = (part.partition("=") for part in value.split(","))
        value = {key.strip(): _number(said.strip()) for key, _, said in pairs}
    try:
        return GoalSpec.model_validate(dict(value))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"]))
        said = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else fault["msg"]
        raise UsageError(
            f"stop_when, {where}: {said}.", "Write off, or goals: accepted=500,cost=20,at=2026-12-01T18:00."
        ) from None


def refuse_no_time(start_at: datetime | None, stop_at: datetime | None) -> None:
    """Raise `UsageError` if nothing could be sent between the two."""
    now = SystemClock().now()
    if stop_at is not None and stop_at <= max(now, start_at or now):
        before = "that is over" if stop_at <= now else "that is before the moment to start at"
        raise UsageError(
            f"Nothing can be sent until {your_time(stop_at)}: {before}.", "Give a later moment to stop at."
        )


def _number(text: str) -> object:
    return int(text) if text.isdecimal() else text


def _goals(campaign: str, delivery: DeliverySpec, options: Options) -> tuple[Goal, ...]:
    wanted = _stop_when(delivery, options)
    goals = []
    if wanted.accepted is not None:
        rule = f"{wanted.accepted:,} calls are accepted or in doubt, as wanted (stop_when.accepted). {_cure(campaign)}"
        goals.append(Goal(wanted.accepted, rule))
    if wanted.cost is not None and delivery.cost_per_call is not None:
        calls = int(wanted.cost // delivery.cost_per_call)
        spent = calls * delivery.cost_per_call
        rule = (
            f"{spent:,} of {wanted.cost:,} are spent, and the next call costs {delivery.cost_per_call:,} "
            f"(stop_when.cost). {_cure(campaign)}"
        )
        goals.append(Goal(calls, rule))
    return tuple(goals)


def _stop_when(delivery: DeliverySpec, options: Options) -> GoalSpec:
    return delivery.stop_when if options.stop_when is None else options.stop_when


def _cure(campaign: str) -> str:
    return f"To send more: campaign resume {campaign} --stop-when off, or with another goal, such as --stop-when accepted=500."
