"""Where the value of a field comes from, and what it must be like."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from campaign.core.cells.phone import PhoneType
from campaign.core.mapping.part import Part, or_columns
from campaign.core.mapping.values import (
    PLACEHOLDER,
    Columns,
    Country,
    Pattern,
    Text,
    Texts,
    as_text,
)


class FieldSpec(Part):
    """Where the value of a field comes from, what it must be like, and what happens when it is not. It has exactly one of
    column, template and value."""

    column: Columns | None = Field(
        None,
        description="Column of the list, or several: the first that is not blank. Capitals and double spaces in names don't "
        "matter.",
        examples=[["Mobile", "Home"]],
    )
    template: StrictStr | None = Field(
        None,
        description="Text with columns in braces; a brace that is meant as text is doubled. A blank column leaves no gap.",
        examples=["{First Name} {Last Name}"],
    )
    value: Text | None = Field(None, description="A constant: the same for every row.", examples=["spring-expo"])
    default: Text | None = Field(None, description="Used where the cell is blank.", examples=["US"])
    type: Literal["text", "phone", "email", "country", "number", "integer"] | None = Field(
        None,
        description="What the value must be; text when left out. lc_number, lc_number_2, country and agents' phones have "
        "theirs by themselves.",
        examples=["email"],
    )
    optional: StrictBool = Field(
        False,
        description="true: a column that the list does not have counts as blank, and the preview says so. "
        "lc_number needs at least one of its columns.",
        examples=[True],
    )
    required: StrictBool = Field(
        False, description="true: a blank value makes the row invalid. lc_number always needs one.", examples=[True]
    )
    min_length: StrictInt | None = Field(None, ge=1, description="Fewest characters.", examples=[2])
    max_length: StrictInt | None = Field(None, ge=1, description="Most characters.", examples=[40])
    pattern: Pattern | None = Field(
        None, description="Regular expression that the whole value must match.", examples=["[A-Z]{2}[0-9]+"]
    )
    choices: Texts | None = Field(
        None,
        description="The allowed values; capitals don't matter, and the value is sent as it is spelled here.",
        examples=[["basic", "premium"]],
    )
    case: Literal["lower", "upper", "title"] | None = Field(
        None, description="How the value is to be spelled; as it is when left out.", examples=["title"]
    )
    country: Country | None = Field(
        None, description="Phones: the country of numbers written without +, if the row names none.", examples=["US"]
    )
    restore: Annotated[Literal["+", "0"] | None, BeforeValidator(as_text)] = Field(
        None,
        description="Phones: the sign that the whole column has lost, '+' or '0'. Used for cells of digits alone, and only "
        "where they are one valid number with it. validate says when it may help.",
        examples=["+"],
    )
    allow_types: tuple[PhoneType, ...] = Field(
        (),
        description="Phones: kinds of number that cost more or reach no person, and may be called all the same.",
        examples=[["uan", "shared_cost"]],
    )
    on_invalid: Literal["error", "drop"] = Field(
        "error",
        description="A wrong value: 'error' holds the row back, 'drop' sends the row without the value.",
        examples=["drop"],
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"column": value} if isinstance(value, (str, list)) else value

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [name for name in ("column", "template", "value") if getattr(self, name) is not None]
        if len(given) != 1:
            what = "none is given" if not given else f"{' and '.join(given)} are given"
            raise ValueError(f"write exactly one of column, template and value: {what}")
        if self.template is not None and re.search(r"[{}]", PLACEHOLDER.sub("", self.template)):
            raise ValueError(
                f"'{self.template}' has a brace without its other half: a brace that is meant as text is doubled"
            )
        if self.min_length and self.max_length and self.min_length > self.max_length:
            raise ValueError(f"min_length {self.min_length} is more than max_length {self.max_length}")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return or_columns(handler.resolve_ref_schema(handler(schema)))


class AgentSpec(Part):
    """An agent who gets this call instead of the widget's queue, where the row has both the name and the phone."""

    number: StrictInt | None = Field(
        None,
        ge=1,
        le=99,
        description="The NN of lc_param_agentNNname and lc_param_agentNNphone; its place in the list when left out.",
        examples=[1],
    )
    name: FieldSpec = Field(description="The agent's name.", examples=["Owner"])
    phone: FieldSpec = Field(
        description="The agent's phone. `country` here is that of agents' phones: the row's country is the lead's.",
        examples=[{"column": "Owner Phone", "country": "US"}],
    )
