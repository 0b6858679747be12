"""The sandbox's own addresses: what arrived, as a page for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from campaign.adapters.sandbox.ledger import Arrival, Ledger

_SHOWN = 25
_LISTED = 100
_LISTED_MOST = 10_000
_HEADERS = {
    "Cache-Control": "no-store",
    # What is shown came from outside: should it ever get past `escape`, it can't run and can't load anything.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<link rel="icon" href="data:,">
<title>Call sandbox: {calls} calls</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
dl {{ display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.5rem 0; }}
dt {{ opacity: .75; }}
dd {{ margin: 0; font-size: 2rem; font-variant-numeric: tabular-nums; }}
.bad {{ color: #c62828; font-weight: 600; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; font-weight: 600; padding: .5rem 0; }}
th, td {{ text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884; white-space: nowrap; }}
</style>
</head>
<body>
<h1>Call sandbox</h1>
<p>A local look-alike of the Brightcall endpoint. It calls nobody.</p>
<dl>
<div><dt>Requests arrived</dt><dd>{arrivals}</dd></div>
<div><dt>Calls started</dt><dd>{calls}</dd></div>
<div><dt>Different numbers</dt><dd>{people}</dd></div>
<div><dt>Called more than once</dt><dd{twice_class}>{twice}</dd></div>
</dl>
<div class="wide">
<table>
<caption>Last arrivals, newest first</caption>
<thead><tr><th scope="col">No.</th><th scope="col">Time (UTC)</th><th scope="col">Method</th><th scope="col">Number</th>
<th scope="col">Fault</th><th scope="col">Answer</th><th scope="col">Call started</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
<p>As JSON: <a href="/sandbox/calls">/sandbox/calls</a>, <a href="/sandbox/arrivals">/sandbox/arrivals</a></p>
</body>
</html>
"""


def routes(ledger: Ledger) -> list[web.RouteDef]:
    """`/`, `/sandbox/calls`, `/sandbox/arrivals` and `/sandbox/reset`."""

    async def page(_: web.Request) -> web.Response:
        # A number may hold half of a surrogate pair, which UTF-8 has not.
        body = _render(ledger).encode("utf-8", "replace")
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=_HEADERS)

    async def calls(_: web.Request) -> web.Response:
        return web.json_response({**ledger.totals(), "per_person": ledger.per_person()})

    async def arrivals(request: web.Request) -> web.Response:
        limit = request.query.get("limit", str(_LISTED))
        if not (limit.isascii() and limit.isdigit() and len(limit) <= 5 and int(limit) <= _LISTED_MOST):
            message = f"limit must be a number from 0 to {_LISTED_MOST}"
            return web.json_response({"success": False, "error": "Bad Request", "message": message}, status=400)
        return web.json_response([arrival.as_json() for arrival in reversed(ledger.latest(int(limit)))])

    async def reset(_: web.Request) -> web.Response:
        ledger.reset()
        return web.json_response({"success": True})

    return [
        web.get("/", page),
        web.get("/sandbox/calls", calls),
        web.get("/sandbox/arrivals", arrivals),
        web.post("/sandbox/reset", reset),
    ]


def _render(ledger: Ledger) -> str:
    totals = ledger.totals()
    twice = len(totals["called_twice"])
    return _PAGE.format(
        arrivals=totals["arrivals"],
        calls=totals["calls"],
        people=totals["people"],
        twice=twice,
        twice_class=' class="bad"' if twice else "",
        rows=_rows(ledger.latest(_SHOWN)) or '<tr><td colspan="7">Nothing yet.</td></tr>',
    )


def _rows(arrivals: Iterable[Arrival]) -> str:
    return "\n".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                str(arrival.number),
                arrival.time[11:19],
                arrival.method,
                arrival.person[:40],
                arrival.fault or "–",
                "none" if arrival.status is None else str(arrival.status),
                "yes" if arrival.started else "no",
            )
        )
        + "</tr>"
        for arrival in arrivals
    )
