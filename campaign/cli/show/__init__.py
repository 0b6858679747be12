"""What commands print: for people on stderr and stdout, for programs one JSON object on stdout. One noun a file."""

from campaign.cli.show.corrections import corrections
from campaign.cli.show.counts import counts_json, counts_table, print_json, print_json_list
from campaign.cli.show.reconciliation import reconciliation
from campaign.cli.show.run import could_not_go_on, preview, run_result
from campaign.cli.show.standing import campaigns, standing, standing_json, written
from campaign.cli.show.validation import validation

__all__ = [
    "campaigns",
    "corrections",
    "could_not_go_on",
    "counts_json",
    "counts_table",
    "preview",
    "print_json",
    "print_json_list",
    "reconciliation",
    "run_result",
    "standing",
    "standing_json",
    "validation",
    "written",
]
