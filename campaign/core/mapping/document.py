"""The mapping file as data: every key it knows, with its meaning, its default and its rule.

The same models check a mapping and print its JSON Schema, so the two can't disagree.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    StrictStr,
    model_validator,
)

from campaign.core.mapping.delivery_part import DeliverySpec
from campaign.core.mapping.field_names import (
    PARAM_MEANING,
    PARAM_PATTERN,
    PLAIN_FIELDS,
    agent_fields,
    check_field_name,
)
from campaign.core.mapping.field_part import AgentSpec, FieldSpec
from campaign.core.mapping.part import Part
from campaign.core.mapping.policy_part import PolicySpec
from campaign.core.mapping.source_part import SourceSpec


class KeySpec(Part):
    """Where a key comes from: never the mapping itself."""

    env: StrictStr = Field(
        min_length=1,
        description="Name of the environment variable (or .env entry) that holds the key.",
        examples=["SALES_WIDGET_KEY"],
    )

    @model_validator(mode="before")
    @classmethod
    def _no_secret(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise ValueError(
                "a key must not stand in the mapping: set BRIGHTCALL_WIDGET_KEY and BRIGHTCALL_API_KEY in the environment "
                "or in a .env file, or write {env: NAME} here"
            )
        return value


class Mapping(Part):
    """A column mapping: how the rows of a list become Brightcall calls."""

    version: Literal[1] = Field(description="Version of this format.", examples=[1])
    source: SourceSpec = Field(default_factory=SourceSpec, description="Where in the file the leads stand.")
    fields: dict[Annotated[str, AfterValidator(check_field_name)], FieldSpec] = Field(
        description="Brightcall's field names, each with where its value comes from."
    )
    agents: tuple[AgentSpec, ...] = Field((), description="Agents who get these calls instead of the widget's queue.")
    policy: PolicySpec = Field(default_factory=PolicySpec, description="Who may be called, and when.")
    delivery: DeliverySpec = Field(default_factory=DeliverySpec, description="How the calls are handed over.")
    widget_key: KeySpec = Field(
        default=KeySpec(env="BRIGHTCALL_WIDGET_KEY"), description="Where the widget key comes from."
    )
    api_key: KeySpec = Field(
        default=KeySpec(env="BRIGHTCALL_API_KEY"), description="Where the widget's API key comes from."
    )

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        if "lc_number" not in self.fields:
            raise ValueError("fields has no lc_number: name the column of the phone number, e.g. lc_number: Phone")
        first = self.fields["lc_number"]
        if first.type not in (None, "phone") or first.on_invalid == "drop":
            raise ValueError("lc_number is the phone that is called: it takes no other type, and can't be dropped")
        names: dict[str, str] = {}
        agents = [name for _, pair in self.numbered_agents() for name in pair]
        for name in (*self.fields, *agents):
            if (other := names.setdefault(name.lower(), name)) != name or [*self.fields, *agents].count(name) > 1:
                raise ValueError(f"{name} is given twice (as {other}): Brightcall's names don't mind capitals")
        return self

    def numbered_agents(self) -> list[tuple[AgentSpec, tuple[str, str]]]:
        """Each agent with the names of its two fields."""
        return [(agent, agent_fields(agent.number or place)) for place, agent in enumerate(self.agents, 1)]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the mapping file, for editors."""
    schema = Mapping.model_json_schema()
    fields = schema["properties"]["fields"]
    one = fields.pop("additionalProperties", None) or {}
    fields.pop("propertyNames", None)
    fields["properties"] = {name: {**one, "description": meaning} for name, meaning in PLAIN_FIELDS.items()}
    fields["patternProperties"] = {f"^{PARAM_PATTERN}$": {**one, "description": PARAM_MEANING}}
    fields["additionalProperties"] = False
    fields["required"] = ["lc_number"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
