"""What went wrong on the way to the endpoint, told from aiohttp's exceptions, and from nowhere else."""

from __future__ import annotations

import ssl

import aiohttp

from campaign.core.outcome import Fault


class SentAlready(Exception):
    """aiohttp wanted to send a request a second time by itself."""


def fault_of(error: Exception) -> tuple[Fault, str]:
    """The kind of fault, and what to tell of it. Never the exception's own text: it may hold the address with the keys."""
    match error:
        case aiohttp.ClientSSLError() if not isinstance(error.os_error, _BROKEN_OFF):
            return (Fault.NO_TLS, "") if _reason(error) in _NO_TLS else (Fault.TLS, _why(error) or "no handshake")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return Fault.URL, "not a usable address"
        case aiohttp.ClientHttpProxyError():
            return Fault.CONNECT, f"the proxy refused ({error.status})"
        case aiohttp.ClientConnectorDNSError():
            return Fault.CONNECT, f"{error.host} was not found"
        case aiohttp.ClientProxyConnectionError():
            return Fault.CONNECT, f"the proxy: {_why(error)}"
        case aiohttp.ClientConnectorError():
            return Fault.CONNECT, _why(error)
        case TimeoutError():
            return Fault.TIMEOUT, ""
        case aiohttp.ClientResponseError():
            return Fault.MALFORMED, ""
        case aiohttp.ClientPayloadError():
            return Fault.DROPPED, "the answer was cut short"
        case SentAlready() | aiohttp.ServerDisconnectedError():
            return Fault.DROPPED, "closed by the other side"
        case OSError():
            return Fault.DROPPED, _why(error)
        case UnicodeEncodeError() if error.encoding != "idna":  # a row's own text, and no fault of the address
            return Fault.INTERNAL, "a text that can't be sent"
        case ValueError():  # what is left of it comes from resolving and connecting
            return Fault.URL, "no usable host name or port"
        case _:
            return Fault.INTERNAL, type(error).__name__


# A handshake that was cut off says nothing about the endpoint's certificate: the next one may do.
_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)

# What OpenSSL calls it when what came is no TLS at all; the name depends on its version. Source: urllib3, which takes them so.
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL")


def _why(error: OSError) -> str:
    inner = _inner(error)
    reason = _reason(error).replace("_", " ")
    said = getattr(inner, "verify_message", None) or reason or getattr(inner, "strerror", None) or ""
    return str(said).removesuffix(".").lower() if said else ""


def _reason(error: OSError) -> str:
    """OpenSSL's own word, such as WRONG_VERSION_NUMBER; "" where it is no error of TLS."""
    return getattr(_inner(error), "reason", None) or ""


def _inner(error: OSError) -> BaseException:
    return getattr(error, "os_error", None) or getattr(error, "certificate_error", None) or error
