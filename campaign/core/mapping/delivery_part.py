"""How the calls are handed over."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from campaign.core.mapping.part import Part
from campaign.core.mapping.values import (
    Answers,
    Country,
    Moment,
    Money,
    RateValue,
)
from campaign.core.pacing.rate import Rate

MOST_AT_ONCE = 500
"""Requests under way at once that may be asked for."""


class TimeoutSpec(Part):
    """How long to wait, in seconds."""

    connect: float = Field(
        10.0,
        gt=0,
        le=120,
        description="For a connection. When it runs out nothing was sent, and the row is tried again.",
        examples=[20],
    )
    read: float = Field(
        30.0, gt=0, le=600, description="For the answer. When it runs out the row is 'unknown'.", examples=[60]
    )


class RetrySpec(Part):
    """What is done when it is proven that no call was started."""

    attempts: StrictInt = Field(
        4, ge=1, le=20, description="Attempts for one row, the first included; a 429 uses up none.", examples=[6]
    )
    base: float = Field(
        1.0,
        gt=0,
        le=60,
        description="Longest wait before the second attempt, in seconds; it doubles each time.",
        examples=[2],
    )
    cap: float = Field(60.0, gt=0, le=3600, description="Longest wait before any attempt, in seconds.", examples=[300])
    on_503: StrictBool = Field(
        False,
        description="true only if you know that a 503 of your endpoint means that no call was started.",
        examples=[True],
    )


class StopSpec(Part):
    """When the campaign pauses because something is wrong with all of it. No row is lost."""

    consecutive: StrictInt | None = Field(
        20, ge=1, description="So many failures in a row; null for never.", examples=[10]
    )
    ratio: float | None = Field(
        0.5,
        gt=0,
        le=1,
        description="So large a share of failures among the last hundred; null for never.",
        examples=[0.3],
    )


class GoalSpec(Part):
    """When the campaign pauses because what was wanted is reached. Calls that are in doubt count; none is sent beyond."""

    accepted: StrictInt | None = Field(None, ge=1, description="So many calls were accepted.", examples=[500])
    cost: Money | None = Field(None, description="So much is spent, by cost_per_call.", examples=[40])
    at: Moment | None = Field(None, description="A moment.", examples=["2026-12-01T18:00"])


class CapsSpec(Part):
    """How many calls of this campaign may go out in a day of this machine; the rest waits for the next day."""

    per_day: StrictInt | None = Field(None, ge=1, description="Calls in all.", examples=[2000])
    per_agent: StrictInt | None = Field(
        None,
        ge=1,
        description="Calls that may be given to one agent, who is known by the phone. A call that names several agents "
        "counts for each.",
        examples=[40],
    )
    per_country: dict[Country, Annotated[StrictInt, Field(ge=1)]] = Field(
        default_factory=dict, description="Calls to numbers of a country.", examples=[{"US": 500, "GB": 200}]
    )


class SuccessSpec(Part):
    """What must stand in a 2xx JSON answer for the call to count as accepted (the vendor documents nothing)."""

    require: dict[str, Answers] = Field(
        default_factory=dict,
        description="Keys of the answer, each with the values that mean success. Nothing is asked for when left out, as long "
        "as the answer does not say that it failed.",
        examples=[{"status": ["ok", "queued"]}],
    )


class DeliverySpec(Part):
    """How the calls are handed over."""

    method: Literal["POST", "GET"] = Field(
        "POST", description="GET puts both keys into the URL, where proxies log them.", examples=["GET"]
    )
    rate: RateValue = Field(
        default_factory=lambda: Rate.parse("5/s"),
        description="Calls at most, evenly spread.",
        examples=["60/min"],
        json_schema_extra={"default": "5/s"},
    )
    concurrency: StrictInt = Field(
        10, ge=1, le=MOST_AT_ONCE, description="Requests under way at once, at most.", examples=[20]
    )
    timeout: TimeoutSpec = Field(default_factory=TimeoutSpec, description="How long to wait.")
    retry: RetrySpec = Field(default_factory=RetrySpec, description="Retries where no call was started.")
    stop_after: StopSpec = Field(default_factory=StopSpec, description="When the campaign pauses by itself.")
    stop_when: GoalSpec = Field(
        default_factory=GoalSpec, description="When the campaign pauses because what was wanted is reached."
    )
    cost_per_call: Money | None = Field(
        None, description="What a call costs, for the preview and stop_when.", examples=[0.05]
    )
    caps: CapsSpec = Field(default_factory=CapsSpec, description="Calls in a day, at most.")
    success: SuccessSpec = Field(default_factory=SuccessSpec, description="What counts as accepted.")

    @model_validator(mode="after")
    def _cost_is_known(self) -> Self:
        if self.stop_when.cost is not None and self.cost_per_call is None:
            raise ValueError("stop_when.cost needs cost_per_call beside stop_when: what a call costs")
        return self
