"""The address that calls are handed to, and the rules for it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from campaign.core.errors import UsageError

VENDOR_ENDPOINT = "https://app.brightcall.ai/rest/v1/ext/add_call_api/"
"""Source: Brightcall, "Making calls through an API request"."""

_CURE = "Give the whole address, such as " + VENDOR_ENDPOINT + ", with --endpoint or CAMPAIGN_ENDPOINT."


def check_endpoint(url: str) -> str:
    """Return `url` if calls may be sent there. Raises `UsageError`: keys and leads travel encrypted, save to loopback."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"The endpoint's address can't be read ({error}).", _CURE) from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise UsageError(f"'{without_query(url)}' is no http(s) address.", _CURE)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError("The endpoint's address must not carry a name, password, query or fragment.", _CURE)
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
