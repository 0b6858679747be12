"""The states of a row in plain words: what each means, and what a person does next.

The workbook's summary and the terminal print the same words. Both tables are in the order in which people are told:
what went well, what goes on by itself, what wants a look, what needs a correction, what stays as it is.
"""

from __future__ import annotations

from campaign.core.lifecycle import State

MEANING: dict[State, str] = {
    State.ACCEPTED: "Brightcall took the call. Whether anyone answered stands in its reports.",
    State.PENDING: "Ready, not sent yet.",
    State.DEFERRED: "Waiting for the person's calling hours or a free cap: call_next_allowed says when.",
    State.SENDING: "On its way when this was written; the answer was not known yet.",
    State.FAILED: "Not sent: every attempt ended before a call could be started.",
    State.UNKNOWN: "Sent without a clear answer: the person may or may not have been called.",
    State.INVALID: "Not sent: cells are wrong or missing; each is named with its cure.",
    State.REJECTED: "Brightcall refused this lead; no call was started.",
    State.DUPLICATE: "Not sent: another row or a recent campaign has this number.",
    State.SUPPRESSED: "Not sent: do-not-call list, no consent, or a skip rule.",
    State.CANCELLED: "Taken out by a person.",
}
"""What a state means, one sentence."""

NEXT_STEP: dict[State, str] = {
    State.ACCEPTED: "Nothing. It is never sent again.",
    State.PENDING: "Send the rest: campaign resume",
    State.DEFERRED: "From then on: campaign resume. Or now, to stay until then: campaign resume --wait",
    State.SENDING: "Let the run end; if none goes on: campaign resume (it becomes unknown)",
    State.FAILED: "Send again: campaign rerun FILE",
    State.UNKNOWN: "Settle by Brightcall's reports: campaign reconcile. Or look each up, delete those from the file that were "
    "called, save, then: campaign rerun FILE --include-unknown",
    State.INVALID: "Correct what is wrong and save, then: campaign rerun FILE",
    State.REJECTED: "Correct what is wrong and save, then: campaign rerun FILE",
    State.DUPLICATE: "Nothing. The number is called once.",
    State.SUPPRESSED: "Nothing. This person is not called.",
    State.CANCELLED: "Nothing.",
}
"""What to do about a state; `FILE` stands for the result file."""


def quoted(file_name: str) -> str:
    """The name of a file as a command takes it."""
    return f'"{file_name}"' if " " in file_name else file_name
