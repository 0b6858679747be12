"""The way to the endpoint: calls sent over HTTP, whether it can be reached at all, and what went wrong on the way."""

from campaign.adapters.gateway.http import HttpGateway
from campaign.adapters.gateway.reach import Reached, Unreached, reach

__all__ = ["HttpGateway", "Reached", "Unreached", "reach"]
