"""The mapping file as data: every key it knows, with its meaning, its default and its rule.

The same models check a mapping and print its JSON Schema, so the two can't disagree.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
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
from campaign.core.limits import MOST_ROWS, Limits
from campaign.core.mapping.field_names import PARAM_PATTERN, PLAIN_FIELDS, agent_fields, check_field_name
from campaign.core.mapping.values import (
    PLACEHOLDER,
    Age,
    Columns,
    Country,
    DateForm,
    Pattern,
    RateValue,
    Recontact,
    Size,
    Text,
    Texts,
    WindowValue,
    as_text,
    listed,
)
from campaign.core.pacing.rate import Rate
from campaign.core.policy.window import parse_window


class _Strict(BaseModel):
    """A part of the mapping: unknown keys are errors, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


_LIMITS = Limits()


class LimitsSpec(_Strict):
    """How much a list may ask of this computer. A file beyond a bound is an error that names it; nothing is cut off."""

    rows: StrictInt = Field(MOST_ROWS, ge=1, description="Rows of the list, blank ones and the header counted.")
    columns: StrictInt = Field(_LIMITS.columns, ge=1, description="Cells of one row.")
    cell: StrictInt = Field(_LIMITS.cell, ge=1, description="Characters of one cell.")
    row: StrictInt = Field(_LIMITS.row, ge=1, description="Characters of one row.")
    unpacked: Size = Field(
        _LIMITS.unpacked, ge=1, description="What a workbook or .gz file may unpack to: 2GiB, 500MB, or bytes."
    )
    memory: Size = Field(
        _LIMITS.memory, ge=1, description="Memory that reading a workbook may take: 4GiB, 500MB, or bytes."
    )
    seconds: StrictInt = Field(
        _LIMITS.seconds, ge=1, description="How long reading a .xls or .xlsb may give no sign of life."
    )

    def limits(self) -> Limits:
        """The bounds as sources take them."""
        return Limits(**self.model_dump())


class SourceSpec(_Strict):
    """Where in the file the leads stand. All of it is found by itself when left out."""

    sheet: StrictStr | None = Field(None, description="Name of the sheet to read.")
    header_row: StrictInt | None = Field(None, ge=1, description="Row number of the column names, as Excel shows it.")
    encoding: StrictStr | None = Field(None, description="Encoding of a text file, such as utf-8 or cp1252.")
    delimiter: StrictStr | None = Field(None, min_length=1, max_length=1, description="Separator of a text file.")
    hidden_rows: Literal["call", "skip"] | None = Field(
        None, description="Rows that the workbook hides or filters out: 'call' them too, or 'skip' them."
    )
    limits: LimitsSpec = Field(default_factory=LimitsSpec, description="How large a list may be.")


class FieldSpec(_Strict):
    """Where the value of a field comes from, what it must be like, and what happens when it is not."""

    column: Columns | None = Field(None, description="Column of the list, or several: the first that is not blank.")
    template: StrictStr | None = Field(None, description="Text with columns in braces: '{First Name} {Last Name}'.")
    value: Text | None = Field(None, description="A constant.")
    default: Text | None = Field(None, description="Used where the cell is blank.")
    type: Literal["text", "phone", "email", "country", "number", "integer"] | None = Field(
        None, description="What the value must be. Phones, country and agents' phones have theirs by themselves."
    )
    optional: StrictBool = Field(
        False,
        description="true: a column that the list does not have counts as blank, and the preview says so. "
        "lc_number needs at least one of its columns.",
    )
    required: StrictBool = Field(False, description="Whether a blank value makes the row invalid.")
    min_length: StrictInt | None = Field(None, ge=1, description="Fewest characters.")
    max_length: StrictInt | None = Field(None, ge=1, description="Most characters.")
    pattern: Pattern | None = Field(None, description="Regular expression that the whole value must match.")
    choices: Texts | None = Field(None, description="The allowed values; capitals don't matter.")
    case: Literal["lower", "upper", "title"] | None = Field(None, description="How the value is to be spelled.")
    country: Country | None = Field(
        None, description="Phones: the country of numbers written without +, if the row names none."
    )
    restore: Annotated[Literal["+", "0"] | None, BeforeValidator(as_text)] = Field(
        None,
        description="Phones: the sign that the whole column has lost, '+' or '0'. Used for cells of digits alone, and only "
        "where they are one valid number with it.",
    )
    allow_types: tuple[PhoneType, ...] = Field((), description="Phones: expensive kinds of number that may be called.")
    on_invalid: Literal["error", "drop"] = Field(
        "error", description="A wrong value: 'error' holds the row back, 'drop' sends the row without the value."
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
        long = handler.resolve_ref_schema(handler(schema))
        short = {"type": "string", "description": "Short for {column: ...}."}
        return {"anyOf": [short, {"type": "array", "items": {"type": "string"}, "minItems": 1}, long]}


class AgentSpec(_Strict):
    """An agent who gets this call instead of the widget's queue."""

    number: StrictInt | None = Field(
        None, ge=1, le=99, description="The NN of lc_param_agentNNname; its place in the list when left out."
    )
    name: FieldSpec = Field(description="The agent's name.")
    phone: FieldSpec = Field(description="The agent's phone.")


class ConsentDate(_Strict):
    """When the person agreed."""

    column: StrictStr = Field(description="Column that holds the date.")
    format: DateForm | None = Field(
        None,
        description="How dates that are text are written: DD/MM/YYYY. Cells that are dates, and 2026-12-31, need none.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}


class Consent(_Strict):
    """Call only people who agreed."""

    column: StrictStr = Field(description="Column that holds the person's consent.")
    accept: Texts = Field(
        description="The values that mean yes; capitals don't matter. Anything else, blank too, is no consent."
    )
    date: ConsentDate | None = Field(
        None, description="When the person agreed. No date, one that can't be read, or one to come is no consent."
    )
    max_age: Age | None = Field(
        None, description="A consent older than this is none: 365d. It counts when the call goes out."
    )

    @model_validator(mode="after")
    def _age_of_a_date(self) -> Self:
        if self.max_age is not None and self.date is None:
            raise ValueError("max_age needs the date of the consent: date: {column: ...}")
        return self


class SkipRule(_Strict):
    """Hold back the rows of which this is true."""

    column: StrictStr = Field(description="Column to look at.")
    equals: Texts | None = Field(None, description="Skip if the cell is one of these; capitals don't matter.")
    contains: Texts | None = Field(None, description="Skip if the cell contains one of these; capitals don't matter.")
    blank: StrictBool | None = Field(None, description="true: skip if the cell is blank; false: skip if it is not.")

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        given = [name for name in ("equals", "contains", "blank") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("write exactly one of equals, contains and blank")
        return self


class SuppressionFile(_Strict):
    """A do-not-call list."""

    file: StrictStr = Field(description="CSV, Excel or text file, relative to the mapping file.")
    sheet: StrictStr | None = Field(None, description="The one sheet to read; all of them when left out.")
    column: StrictStr | None = Field(None, description="Column of the numbers; found by itself when left out.")
    country: Country | None = Field(None, description="Country of numbers that are written without +.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"file": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(schema))]}


class PolicySpec(_Strict):
    """Who may be called, and when."""

    duplicates: Literal["first", "last", "error"] = Field(
        "first", description="Of rows with one number call the first, the last, or none until a person decides (error)."
    )
    recontact_after: Recontact = Field(
        timedelta(days=1), description="A person called by any campaign is left alone for so long: 30d, 12h, or off."
    )
    suppress: Annotated[tuple[SuppressionFile, ...], BeforeValidator(listed)] = Field(
        (), description="Do-not-call lists."
    )
    consent: Consent | None = Field(None, description="Call only people who agreed.")
    skip_when: Annotated[tuple[SkipRule, ...], BeforeValidator(listed)] = Field((), description="Rows to hold back.")
    calling_window: WindowValue = Field(
        default_factory=lambda: parse_window("auto"),
        description="auto (by the person's country), a preset, own hours, or off. Local time of the person called.",
    )


class TimeoutSpec(_Strict):
    """How long to wait, in seconds."""

    connect: float = Field(
        10.0, gt=0, le=120, description="For a connection. Nothing was sent when it runs out: retried."
    )
    read: float = Field(30.0, gt=0, le=600, description="For the answer. The row is 'unknown' when it runs out.")


class RetrySpec(_Strict):
    """What is done when it is proven that no call was started."""

    attempts: StrictInt = Field(
        4, ge=1, le=20, description="Attempts for one row, the first included; a 429 uses up none."
    )
    base: float = Field(
        1.0, gt=0, le=60, description="Longest wait before the second attempt, in seconds; it doubles each time."
    )
    cap: float = Field(60.0, gt=0, le=3600, description="Longest wait, in seconds.")
    on_503: StrictBool = Field(False, description="Whether a 503 of your endpoint proves that no call was started.")


class StopSpec(_Strict):
    """When the campaign pauses because something is wrong with all of it. No row is lost."""

    consecutive: StrictInt | None = Field(20, ge=1, description="So many failures in a row.")
    ratio: float | None = Field(0.5, gt=0, le=1, description="So large a share of failures among the last hundred.")


class SuccessSpec(_Strict):
    """What must stand in a 2xx JSON answer for the call to count as accepted (the vendor documents nothing)."""

    require: dict[str, Annotated[tuple[Any, ...], BeforeValidator(listed)]] = Field(
        default_factory=dict, description="Key of the answer and the values that mean success: {status: [ok, queued]}."
    )


class DeliverySpec(_Strict):
    """How the calls are handed over."""

    method: Literal["POST", "GET"] = Field(
        "POST", description="GET puts both keys into the URL, where proxies log them."
    )
    rate: RateValue = Field(
        default_factory=lambda: Rate.parse("5/s"), description="Calls at most: 5/s, 60/min, 2000/day."
    )
    concurrency: StrictInt = Field(10, ge=1, le=500, description="Requests under way at once, at most.")
    timeout: TimeoutSpec = Field(default_factory=TimeoutSpec, description="How long to wait.")
    retry: RetrySpec = Field(default_factory=RetrySpec, description="Retries where no call was started.")
    stop_after: StopSpec = Field(default_factory=StopSpec, description="When the campaign pauses by itself.")
    success: SuccessSpec = Field(default_factory=SuccessSpec, description="What counts as accepted.")


class KeySpec(_Strict):
    """Where a key comes from: never the mapping itself."""

    env: StrictStr = Field(
        min_length=1, description="Name of the environment variable (or .env entry) that holds the key."
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


class Mapping(_Strict):
    """A column mapping: how the rows of a list become Brightcall calls."""

    version: Literal[1] = Field(description="Version of this format: 1.")
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
    fields["properties"] = dict.fromkeys(PLAIN_FIELDS, one)
    fields["patternProperties"] = {f"^{PARAM_PATTERN}$": one}
    fields["additionalProperties"] = False
    fields["required"] = ["lc_number"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
