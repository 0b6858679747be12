"""Who may be called, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StrictBool,
    StrictStr,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from campaign.core.mapping.part import Part, or_columns
from campaign.core.mapping.values import (
    Age,
    Columns,
    Country,
    DateForm,
    PersonCaps,
    Recontact,
    Texts,
    WindowValue,
    listed,
)
from campaign.core.policy.window import parse_window


class ConsentDate(Part):
    """When the person agreed."""

    column: StrictStr = Field(description="Column that holds the date.", examples=["Consent Date"])
    format: DateForm | None = Field(
        None,
        description="How dates that are text are written. Cells that are dates, and texts such as 2026-12-31, need none.",
        examples=["DD/MM/YYYY"],
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}


class Consent(Part):
    """Call only people who agreed."""

    column: StrictStr = Field(description="Column that holds the person's consent.", examples=["Opt In"])
    accept: Texts = Field(
        description="The values that mean yes; capitals don't matter. Anything else, blank too, is no consent.",
        examples=[["yes", "true", "1"]],
    )
    date: ConsentDate | None = Field(
        None,
        description="When the person agreed. No date, one that can't be read, or one to come is no consent.",
        examples=["Consent Date"],
    )
    max_age: Age | None = Field(
        None,
        description="A consent older than this is none, also if it becomes so before the call goes out. Needs date.",
        examples=["365d"],
    )

    @model_validator(mode="after")
    def _age_of_a_date(self) -> Self:
        if self.max_age is not None and self.date is None:
            raise ValueError("max_age needs the date of the consent: date: {column: ...}")
        return self


class SkipRule(Part):
    """Hold back the rows of which this is true. It has exactly one of equals, contains and blank."""

    column: StrictStr = Field(description="Column to look at.", examples=["Do Not Call"])
    equals: Texts | None = Field(
        None,
        description="Skip if the cell is one of these; capitals don't matter.",
        examples=[["yes", "true", "1"]],
    )
    contains: Texts | None = Field(
        None,
        description="Skip if the cell contains one of these; capitals don't matter.",
        examples=[["unsubscribe", "wrong number"]],
    )
    blank: StrictBool | None = Field(
        None, description="true: skip if the cell is blank; false: skip if it is not.", examples=[False]
    )

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        given = [name for name in ("equals", "contains", "blank") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("write exactly one of equals, contains and blank")
        return self


class SuppressionFile(Part):
    """A do-not-call list. One that can't be read stops everything."""

    file: StrictStr = Field(
        description="CSV, Excel or text file, relative to the mapping file.", examples=["do_not_call.xlsx"]
    )
    sheet: StrictStr | None = Field(
        None,
        description="The one sheet to read; all that have numbers, hidden ones too, when left out.",
        examples=["Opt-outs"],
    )
    column: StrictStr | None = Field(
        None, description="Column of the numbers; every cell that is a number counts when left out.", examples=["Phone"]
    )
    country: Country | None = Field(
        None,
        description="Country of numbers that are written without +; the default of fields.country when left out.",
        examples=["GB"],
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"file": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}


class PlaceOrigin(Part):
    """A column that says where the person is."""

    column: Columns = Field(
        description="Column of the list, or several: the first that is not blank.", examples=[["Time Zone", "TZ"]]
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"column": value} if isinstance(value, (str, list)) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return or_columns(handler.resolve_ref_schema(handler(schema)))


class PlaceSpec(Part):
    """Where the person is, for calling hours: what the row says counts before what the number tells."""

    time_zone: PlaceOrigin | None = Field(
        None,
        description="Time zone: Europe/Berlin, Eastern Time (US & Canada), EST, GMT+2, or Windows' names.",
        examples=[["Time Zone", "TZ"]],
    )
    state: PlaceOrigin | None = Field(
        None,
        description="State or province of the United States, Canada or Australia, by name or code: Florida, FL, US-FL.",
        examples=["State"],
    )
    postcode: PlaceOrigin | None = Field(
        None, description="Postcode of the United States (ZIP) or Canada; others are not used.", examples=["ZIP"]
    )


class PolicySpec(Part):
    """Who may be called, and when."""

    duplicates: Literal["first", "last", "error"] = Field(
        "first",
        description="Of rows with one number call the first, the last, or none until a person decides (error).",
        examples=["last"],
    )
    recontact_after: Recontact = Field(
        timedelta(days=1),
        description="A person called by any campaign of the workspace is left alone for so long.",
        examples=["30d"],
        json_schema_extra={"default": "1d"},
    )
    suppress: Annotated[
        tuple[SuppressionFile, ...], BeforeValidator(listed, SuppressionFile | tuple[SuppressionFile, ...])
    ] = Field(
        (),
        description="Do-not-call lists in files. The workspace's own list counts without being named.",
        examples=[["do_not_call.csv"]],
    )
    attempts_per_person: PersonCaps = Field(
        (),
        description="Calls to a person at most, over all campaigns of the workspace; who has had them waits. The caps of "
        "the presets that calling_window takes hold besides.",
        examples=[["3/24h", "10/30d"]],
    )
    consent: Consent | None = Field(None, description="Call only people who agreed; not asked for when left out.")
    skip_when: Annotated[tuple[SkipRule, ...], BeforeValidator(listed, SkipRule | tuple[SkipRule, ...])] = Field(
        (), description="Rows to hold back."
    )
    calling_window: WindowValue = Field(
        default_factory=lambda: parse_window("auto"),
        description="When people may be called, in their local time: auto (by their country and state), a preset, own hours, "
        "or off. Who is outside of it waits.",
        examples=["auto", "US Florida", {"hours": "9-18", "days": "mon-fri"}],
        json_schema_extra={"default": "auto"},
    )
    calling_hours: StrictStr | None = Field(
        None,
        min_length=1,
        description="File of presets of your own, relative to the mapping file, in the form of campaign hours --file.",
        examples=["my_hours.yaml"],
    )
    place: PlaceSpec = Field(default_factory=PlaceSpec, description="Columns that say where the person is.")
