"""The keys, from the environment or a `.env` file: a widget's two for calling, the account's for call reports."""

from __future__ import annotations

import os
from pathlib import Path

from campaign.core.errors import KeysError
from campaign.core.keys import Keys
from campaign.core.mapping.document import Mapping

ACCOUNT_KEY = "BRIGHTCALL_ACCOUNT_KEY"
_WHERE = {
    "widget key": "dashboard, your widget, tab Main",
    "API key": "dashboard, your widget, tab Integrations: the widget's own key, not the account's",
}


def load_keys(mapping: Mapping, folders: tuple[Path, ...]) -> Keys:
    """The keys under the names that the mapping gives: environment first, then `.env` in each folder.

    Raises `KeysError` naming the missing one and where the vendor shows it.
    """
    values = _dotenv(folders) | {name: value for name, value in os.environ.items() if value}
    wanted = {"widget key": mapping.widget_key.env, "API key": mapping.api_key.env}
    missing = [(what, name) for what, name in wanted.items() if not values.get(name, "").strip()]
    if missing:
        raise KeysError(
            f"No {' and no '.join(what for what, _ in missing)}: "
            f"{' and '.join(name for _, name in missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            "Set in the environment, or write into a file named .env beside the mapping:\n"
            + "\n".join(f"  {name}=...   ({_WHERE[what]})" for what, name in missing),
        )
    return Keys(widget_key=values[wanted["widget key"]].strip(), api_key=values[wanted["API key"]].strip())


def load_account_key(folders: tuple[Path, ...]) -> str:
    """The account's API key, for call reports: environment first, then `.env`. Raises `KeysError`."""
    values = _dotenv(folders) | {name: value for name, value in os.environ.items() if value}
    key = values.get(ACCOUNT_KEY, "").strip()
    if not key:
        raise KeysError(
            f"No account key: {ACCOUNT_KEY} is not set. Call reports take the account's API key, not the widget's.",
            f"Set {ACCOUNT_KEY} in the environment or in a file named .env in this folder, or save the report in Brightcall "
            "and name the file: campaign reconcile --from REPORT.csv",
        )
    if not (key.isascii() and key.isprintable()):
        raise KeysError(
            f"{ACCOUNT_KEY} holds a sign that no key has.", "Copy the key again, without anything before or after it."
        )
    return key


def where_keys_stand(names: tuple[str, ...], folders: tuple[Path, ...]) -> dict[str, str]:
    """For each key where it is taken from: "environment" or the path of a `.env`; "" where it is not set.

    Raises `KeysError` if a `.env` can't be read. No key is told.
    """
    places = {}
    for name in names:
        found = [str(folder / ".env") for folder in folders if _dotenv((folder,)).get(name, "").strip()]
        places[name] = "environment" if os.environ.get(name, "").strip() else next(iter(found), "")
    return places


def _dotenv(folders: tuple[Path, ...]) -> dict[str, str]:
    from dotenv import dotenv_values

    found: dict[str, str] = {}
    for folder in reversed(folders):
        path = folder / ".env"
        try:
            if path.is_file():
                found |= {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
                _refuse_settings(path, found)
        except (OSError, UnicodeDecodeError) as error:
            raise KeysError(
                f"{path} can't be read: {error}.", "Check your rights to it; it must be UTF-8 text."
            ) from None
    return found


def _refuse_settings(path: Path, found: dict[str, str]) -> None:
    # Whoever writes the sandbox's address there and is not told would call real people.
    settings = [name for name in found if name.startswith("CAMPAIGN_") and not os.environ.get(name)]
    if settings:
        raise KeysError(
            f"{path} sets {', '.join(settings)}, and of this file the keys alone are read: it would count for nothing. "
            "Nothing was sent.",
            f"Set {'it' if len(settings) == 1 else 'them'} in the environment, or give the option (--endpoint, --home), and take "
            "the line out of the file.",
        )
