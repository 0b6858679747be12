"""sandbox: a local Brightcall look-alike."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from campaign.cli import show
from campaign.cli.completing import offers
from campaign.cli.help import CampaignCommand


@click.command(cls=CampaignCommand)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--latency", type=click.FloatRange(0, 3600), default=0.0, metavar="SECONDS", help="Wait so long before each answer."
)
@click.option(
    "--jitter",
    type=click.FloatRange(0, 3600),
    default=0.0,
    metavar="SECONDS",
    help="Wait up to so much longer, at random.",
)
@click.option(
    "--faults", metavar="SPEC", help="What goes wrong, and how often: '500:5%,429:3%:retry-after=2,drop-after:1%'."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which arrivals the faults meet.")
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    shell_complete=offers.files(".jsonl"),
    help="Append every arrival to FILE, as JSON lines.",
)
@click.option("--widget-key", default="sandbox-widget", show_default=True, help="The widget key that it accepts.")
@click.option("--api-key", default="sandbox-api", show_default=True, help="The API key that it accepts.")
@click.option(
    "--account-key", default="sandbox-account", show_default=True, help="The account's key that its call reports take."
)
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as one JSON object.")
def sandbox(
    port: int,
    latency: float,
    jitter: float,
    faults: str | None,
    seed: int,
    record: Path | None,
    widget_key: str,
    api_key: str,
    account_key: str,
    as_json: bool,
) -> int:
    """Run a local look-alike of Brightcall's call API until Ctrl-C. It calls nobody, and counts who would have been called.

    \b
    Faults, each NAME:SHARE with SHARE as 5%, all, first=N or after=N:
      400 .. 599            that status; 429 takes :retry-after=SECONDS or =date
      drop-before           the connection is cut unread: no call
      drop-after            the call is started, then the connection is cut
      hang, slow            the call is started; no answer, or late (:seconds=2)
      malformed, cut,       the call is started;
      not-json              the answer can't be understood
      refuse                200, but the answer says no
      redirect-301 .. -308  the endpoint has moved
    """
    from campaign.adapters.sandbox import SandboxSettings, parse_faults

    settings = SandboxSettings(
        widget_key=widget_key,
        api_key=api_key,
        account_key=account_key,
        latency=latency,
        jitter=jitter,
        faults=parse_faults(faults) if faults else (),
        seed=seed,
        record=record,
        port=port,
    )
    try:
        asyncio.run(_serve(settings, as_json))
    except KeyboardInterrupt:
        click.echo("\nThe sandbox has stopped.", err=True)
    return 0


async def _serve(settings: object, as_json: bool) -> None:
    from campaign.adapters.sandbox import Sandbox, SandboxSettings

    assert isinstance(settings, SandboxSettings)
    async with Sandbox(settings) as running:
        if as_json:
            show.print_json(
                {"endpoint": running.url, "calls": f"{running.base_url}/sandbox/calls", "page": f"{running.base_url}/"}
            )
        else:
            click.echo(
                f"The sandbox takes calls at   {running.url}\n"
                f"what it received:            {running.base_url}/   (as JSON: {running.base_url}/sandbox/calls)\n"
                f"\nIn another window:\n"
                f"  BRIGHTCALL_WIDGET_KEY={settings.widget_key} BRIGHTCALL_API_KEY={settings.api_key} \\\n"
                f"  campaign run LEADS -m MAPPING --endpoint {running.url}\n"
                f"  BRIGHTCALL_ACCOUNT_KEY={settings.account_key} campaign reconcile      (settles unknown rows)\n"
                "\nCtrl-C stops it."
            )
        await asyncio.Event().wait()
