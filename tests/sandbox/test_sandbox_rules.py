"""The rules for a request, as pure functions and over the wire."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.adapters.sandbox import Sandbox
from campaign.adapters.sandbox.rules import check, numbers_called, redacted

KEYS = {"widget_key": "sandbox-widget", "api_key": "sandbox-api"}
GOOD = {**KEYS, "lc_number": "+12025550101"}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that serves well."""
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A real client."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_good_request(sandbox: Sandbox, client: aiohttp.ClientSession, method: str, slash: str) -> None:
    """Both methods, with and without the last slash, start a call and keep who was called."""
    url = sandbox.url.rstrip("/") + slash
    sent = {**GOOD, "lc_number_2": "+12025550102", "country": "US", "lc_param_row_id": "r-1", "is_test": "1"}
    options: dict[str, Any] = {"json": sent} if method == "POST" else {"params": sent}
    async with client.request(method, url, **options) as answer:
        assert answer.status == 200
        assert await answer.json() == {"success": True, "call_id": "sbx-000001"}
    (arrival,) = sandbox.ledger.arrivals
    assert (arrival.number, arrival.method, arrival.status, arrival.started) == (1, method, 200, True)
    assert (arrival.person, arrival.row_id, arrival.fault) == ("+12025550101", "r-1", "")
    assert arrival.numbers == ("+12025550101", "+12025550102")
    assert arrival.payload == {**sent, "widget_key": "REDACTED", "api_key": "REDACTED"}


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        ({"widget_key": None}, 401, "widget_key is missing"),
        ({"api_key": None}, 401, "api_key is missing"),
        ({"widget_key": "other"}, 401, "widget_key is wrong"),
        ({"api_key": "sandbox-api "}, 401, "api_key is wrong"),
        ({"api_key": None, "nonsense": "1"}, 401, "api_key is missing"),
        ({"nonsense": "1"}, 400, "no parameter nonsense"),
        ({"lc_param_": "1"}, 400, "no parameter lc_param_"),
        ({"lc_param_" + 21 * "x": "1"}, 400, "no parameter lc_param_x"),
        ({"lc_param_näme": "1"}, 400, "no parameter lc_param_n"),
        ({"LC_NUMBER": "+12025550101"}, 400, "no parameter LC_NUMBER"),
        ({"lc_number": None}, 422, "lc_number is missing"),
        ({"lc_number": ""}, 422, "lc_number must be"),
        ({"lc_number": "2025550101"}, 422, "local with its country"),
        ({"lc_number": "+02025550101"}, 422, "lc_number must be"),
        ({"lc_number": "+1 202 555 0101"}, 422, "lc_number must be"),
        ({"lc_number": "+12025550101\n"}, 422, "lc_number must be"),
        ({"lc_number": "+١٢٠٢٥٥٥٠١٠١"}, 422, "lc_number must be"),
        ({"lc_number": "call me", "country": "US"}, 422, "lc_number must be"),
        ({"lc_number_2": ""}, 422, "lc_number_2 must be"),
        ({"country": "USA"}, 422, "two letters"),
        ({"country": "U1"}, 422, "two letters"),
        ({"country": ""}, 422, "two letters"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_bad_request(
    sandbox: Sandbox, client: aiohttp.ClientSession, method: str, changed: dict[str, str | None], status: int, word: str
) -> None:
    """A request that breaks a rule is told which, and starts no call."""
    sent = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    options: dict[str, Any] = {"json": sent} if method == "POST" else {"params": sent}
    async with client.request(method, sandbox.url, **options) as answer:
        assert answer.status == status
        said = await answer.json()
    assert said["success"] is False
    assert said["error"]
    assert word in said["message"]
    (arrival,) = sandbox.ledger.arrivals
    assert (arrival.status, arrival.started, arrival.fault) == (status, False, "")
    assert sandbox.ledger.calls_per_person() == {}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b'{"lc_number": NaN}', "application/json", 400),
        (b'{"lc_number": 1e999}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (json.dumps(GOOD).encode(), "text/plain", 415),
        (json.dumps(GOOD).encode(), "application/x-www-form-urlencoded", 415),
        (json.dumps({**GOOD, "lc_message": "x" * 2**20}).encode(), "application/json", 413),
        (json.dumps(GOOD).encode(), "application/json; charset=utf-8", 200),
    ],
)
async def test_body(
    sandbox: Sandbox, client: aiohttp.ClientSession, body: bytes, content_type: str, status: int
) -> None:
    """A body that is no JSON object, not said to be one, or too large, is refused and is an arrival all the same."""
    async with client.post(sandbox.url, data=io.BytesIO(body), headers={"Content-Type": content_type}) as answer:
        assert answer.status == status
    (arrival,) = sandbox.ledger.arrivals
    assert (arrival.status, arrival.started) == (status, status == 200)


async def test_body_that_is_not_packed_as_it_says(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    """A body said to be compressed that is not is refused."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "deflate"}
    async with client.post(sandbox.url, data=b"\x00\x01\x02\x03", headers=headers) as answer:
        assert answer.status == 400


async def test_query_with_a_name_twice(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    """A query in which a parameter stands twice is refused: which of the two would be called?"""
    params = [*GOOD.items(), ("lc_number", "+12025550102")]
    async with client.get(sandbox.url, params=params) as answer:
        assert answer.status == 400
    assert not sandbox.ledger.arrivals[0].started


async def test_value_nested_too_deep_to_print(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    """A value that is a list is refused, however deep, and kept as no more than that."""
    nested = '{"widget_key": "sandbox-widget", "api_key": "sandbox-api", "lc_number": ' + "[" * 900 + "]" * 900 + "}"
    async with client.post(sandbox.url, data=nested, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 422
    assert sandbox.ledger.arrivals[0].payload["lc_number"] == "(list)"


async def test_other_methods_are_no_arrivals(sandbox: Sandbox, client: aiohttp.ClientSession) -> None:
    """Methods that the vendor does not offer get 405 and count for nothing."""
    for method in ("PUT", "DELETE", "PATCH", "HEAD"):
        async with client.request(method, sandbox.url) as answer:
            assert answer.status == 405
    assert sandbox.ledger.arrivals == ()


@given(st.dictionaries(st.sampled_from([*GOOD, "lc_number_2", "country", "lc_param_a"]) | st.text(), JSON_VALUES))
def test_any_object_is_judged(params: dict[str, Any]) -> None:
    """No JSON object makes the rules stumble, and a good one has somebody to call."""
    sent = {**params, **KEYS}
    if check(sent, KEYS["widget_key"], KEYS["api_key"]) is None:
        assert numbers_called(sent)
    kept = redacted(sent)
    assert kept.keys() == sent.keys()
    assert not set(KEYS.values()) & {kept[name] for name in KEYS}
    json.dumps(kept, allow_nan=False)


@pytest.mark.parametrize("name", ["api_key", "API_KEY", "apiKey", "api-key", "widgetKey", "Widget_Key"])
def test_keys_are_redacted_however_spelled(name: str) -> None:
    """A key under a name that is nearly right is not kept either."""
    assert redacted({name: "a secret"}) == {name: "REDACTED"}


@pytest.mark.parametrize(
    ("number", "country", "dialled"),
    [
        ("+12025550101", None, "+12025550101"),
        ("(202) 555-0101", "US", "+12025550101"),
        ("2025550101", "us", "+12025550101"),
        ("020 7946 0001", "GB", "+442079460001"),
        ("020 7946 0001", "UK", "+442079460001"),
        ("030 23125 001", "DE", "+493023125001"),
        ("020 7946 0001", "ZZ", "ZZ 020 7946 0001"),
    ],
)
def test_one_person_however_written(number: str, country: str | None, dialled: str) -> None:
    """A local number counts for the same person as its international form."""
    params = {**KEYS, "lc_number": number} | ({"country": country} if country else {})
    assert check(params, KEYS["widget_key"], KEYS["api_key"]) is None
    assert numbers_called(params) == (dialled,)
