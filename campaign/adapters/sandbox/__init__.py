"""A local look-alike of the Brightcall endpoint: it keeps what it received, misbehaves on demand and calls nobody."""

from campaign.adapters.sandbox.faults import Fault, parse_faults
from campaign.adapters.sandbox.ledger import Arrival, Ledger
from campaign.adapters.sandbox.server import Sandbox, run_in_thread
from campaign.adapters.sandbox.settings import SandboxSettings

__all__ = ["Arrival", "Fault", "Ledger", "Sandbox", "SandboxSettings", "parse_faults", "run_in_thread"]
