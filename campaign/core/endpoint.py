"""The address that calls are handed to, the one that tells of them afterwards, and the rules for both."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from campaign.core.errors import UsageError

VENDOR_ENDPOINT = "https://app.brightcall.ai/rest/v1/ext/add_call_api/"
"""Source: Brightcall, "Making calls through an API request"."""

_CURE = "Give the whole address, such as " + VENDOR_ENDPOINT + ", with --endpoint or CAMPAIGN_ENDPOINT."


_REPORTS_PATH = "/api/v2/calls/payload-data-list"
"""Seen in community integrations, with the key in a header or in the query; the vendor documents only the parameters."""


@dataclass(frozen=True, slots=True)
class ReportsAddress:
    """Where call reports are asked for, and where the account's key goes."""

    url: str
    key_in: Literal["header", "query"] = "header"

    @property
    def in_header(self) -> bool:
        """Whether the key goes into a header, where fewer proxies log it."""
        return self.key_in == "header"


def reports_url(endpoint: str) -> str:
    """The likeliest address of the call reports: on the host that takes the calls."""
    parts = urlsplit(endpoint)
    return urlunsplit((parts.scheme, parts.netloc, _REPORTS_PATH, "", ""))


def check_endpoint(url: str, cure: str = _CURE) -> str:
    """Return `url` if keys and leads may be sent there: they travel encrypted, save to loopback. Raises `UsageError`."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"The endpoint's address can't be read ({error}).", cure) from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise UsageError(f"'{without_query(url)}' is no http(s) address.", cure)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError("The endpoint's address must not carry a name, password, query or fragment.", cure)
    if parts.scheme == "http" and not is_loopback(host):
        raise UsageError(
            f"Plain http to {host} would show your keys and leads to anyone on the way.",
            "Use https; plain http is for this machine only (127.0.0.1, localhost).",
        )
    return url.strip()


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_query(url: str) -> str:
    """The address without what may hold keys."""
    return url.partition("?")[0].partition("#")[0]
