"""The vendor's field names, and the rules for them.

Source: Brightcall, "Making calls through an API request", and its article on custom parameters: a custom parameter is
`lc_param_` and 1 to 20 of A-Z a-z 0-9 _, case-insensitive.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from campaign.core.lead import ROW_ID_FIELD

_PASSED = "Passed through as it stands; seen by name only in community integrations, and nothing here depends on it."
PLAIN_FIELDS = {
    "lc_number": "The number to call. Needed. Sent in international form; a row whose number can't be read is not called.",
    "lc_number_2": "A second number of the same person; Brightcall may call both.",
    "country": "The person's country, by name or ISO code. Numbers written without a country code are read as of it.",
    "lc_message": "Obsolete: custom parameters replace it.",
    "delay_sec": _PASSED,
    "future_unixstamp": _PASSED,
    "no_repeat": _PASSED,
    "is_test": _PASSED,
}
"""The plain fields, each with its meaning."""
KEY_FIELDS = ("widget_key", "api_key")
PARAM_PATTERN = r"lc_param_[A-Za-z0-9_]{1,20}"
PARAM_MEANING = (
    "A custom parameter of a name of yours, such as lc_param_name: 1 to 20 of A-Z a-z 0-9 _ after lc_param_. It comes back in "
    "Brightcall's reports and webhooks. lc_param_row_id is taken: it ties those to the rows of the list."
)
_PARAM = re.compile(PARAM_PATTERN)
_AGENT_PHONE = re.compile(r"lc_param_agent\d+phone", re.IGNORECASE)
_USUAL = (*PLAIN_FIELDS, "lc_param_name", "lc_param_email", "lc_param_message", "lc_param_source")


def check_field_name(name: str) -> str:
    """Return `name` if the vendor knows such a field. Raises `ValueError` with the rule and the nearest right name."""
    if name in KEY_FIELDS:
        raise ValueError(
            f"keys don't belong among the fields: set BRIGHTCALL_{name.upper()} in the environment or in a .env file, "
            f"or write `{name}: {{env: NAME}}` at the top level"
        )
    if name.lower() == ROW_ID_FIELD:
        raise ValueError(f"{ROW_ID_FIELD} is ours: every call carries it to tie reports to rows; choose another name")
    if name in PLAIN_FIELDS or _PARAM.fullmatch(name):
        return name
    if name.lower().startswith("lc_param_"):
        raise ValueError(
            f"'{name}' is no custom parameter: after lc_param_ come 1 to 20 letters A-Z, digits or _ "
            f"(here: {len(name) - len('lc_param_')} characters)"
        )
    near = get_close_matches(name, _USUAL, n=1)
    hint = f"did you mean {near[0]}?" if near else f"a value of your own is lc_param_{_as_param(name)}"
    raise ValueError(f"Brightcall has no field '{name}': {hint}")


@lru_cache(maxsize=1024)  # asked for every field of every row
def is_agent_phone(name: str) -> bool:
    """Whether `name` is the phone of an agent (`lc_param_agent01phone`)."""
    return _AGENT_PHONE.fullmatch(name) is not None


def agent_fields(number: int) -> tuple[str, str]:
    """The names of the two fields of agent `number`: name and phone."""
    return f"lc_param_agent{number:02d}name", f"lc_param_agent{number:02d}phone"


def _as_param(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:20].lower() or "name"
