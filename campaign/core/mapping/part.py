"""What every part of the mapping has in common."""

from __future__ import annotations

from pydantic import (
    BaseModel,
    ConfigDict,
)
from pydantic.json_schema import JsonSchemaValue


class Part(BaseModel):
    """A part of the mapping: unknown keys are errors, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def or_columns(long: JsonSchemaValue) -> JsonSchemaValue:
    """The long form, or its short one: a column or several."""
    short = {"title": "column", "type": "string", "description": "Short for {column: ...}."}
    return {"anyOf": [short, {"type": "array", "items": {"title": "column", "type": "string"}, "minItems": 1}, long]}
