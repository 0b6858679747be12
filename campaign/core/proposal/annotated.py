"""A proposal as a mapping file: YAML with the evidence above each line. Values of people's cells do not stand in it."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping

from campaign.core.proposal.proposal import AgentChoice, ConsentChoice, FieldChoice, Proposal, RuleChoice

_WIDTH = 116
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/.()-]*(?: [A-Za-z0-9_/.()-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_MOST_UNUSED = 40

_Spec = Mapping[str, str | tuple[str, ...]]


def annotated(proposal: Proposal) -> str:
    """The mapping file."""
    lines = ["# yaml-language-server: $schema=mapping.schema.json", "#", *_head(proposal), "version: 1", ""]
    if proposal.sheet:
        lines += [f"source: {{sheet: {_scalar(proposal.sheet)}}}", ""]
    lines.append("fields:")
    for choice in proposal.fields:
        lines += _field(choice)
    if proposal.agent:
        lines += ["", *_agent(proposal.agent)]
    lines += ["", *_policy(proposal)]
    if proposal.unused:
        lines += ["", *_unused(proposal.unused)]
    return "\n".join(lines) + "\n"


def _head(proposal: Proposal) -> list[str]:
    from_rows = f"its first {proposal.rows_seen:,} rows" if proposal.rows_seen else "nothing else: it has no rows"
    said = [f"Proposed by campaign map for {proposal.list_name}, from its column names and {from_rows}."]
    if proposal.export:
        said.append(
            f"This looks like a {proposal.export.name}; there is a template for these, too: {proposal.export.template}."
        )
    said.append(f"Overall: {proposal.confidence}.")
    if proposal.checks:
        said.append(
            "Lines marked CHECK are for you to decide. Nothing is sent by looking: campaign validate LIST -m THIS_FILE"
        )
    return [line for sentence in said for line in _comment(sentence)]


def _field(choice: FieldChoice) -> Iterator[str]:
    yield from _comment(f"{choice.confidence}: {'; '.join(choice.evidence)}", "  ")
    yield from _check(choice.check, "  ")
    if choice.instead:
        yield f"  # {choice.field}: {flow(choice.instead)}"
    yield f"  {choice.field}: {flow(choice.spec)}"


def _agent(choice: AgentChoice) -> Iterator[str]:
    yield from _check(choice.check, "")
    home = f", country: {_scalar(choice.country)}" if choice.country else ""
    yield "# agents:"
    yield f"#   - {{name: {{column: {_scalar(choice.name)}}}, phone: {{column: {_scalar(choice.phone)}{home}}}}}"


def _policy(proposal: Proposal) -> list[str]:
    lines = ["policy:"]
    for consent in sorted(proposal.consents, key=lambda choice: not choice.active):
        lines += _consent(consent)
    active = [rule for rule in proposal.rules if rule.active]
    waiting = [rule for rule in proposal.rules if not rule.active]
    if active:
        lines.append("  skip_when:")
        for rule in active:
            lines += [*_comment(f"{rule.confidence}: {'; '.join(rule.evidence)}", "    "), *_check(rule.check, "    ")]
            lines.append(f"    - {_rule(rule)}")
    for rule in waiting:
        lines += [*_comment("; ".join(rule.evidence), "    "), *_check(rule.check, "    ")]
        if not active and rule is waiting[0]:
            lines.append("  # skip_when:")
        lines.append(f"    # - {_rule(rule)}")
    lines += _check(proposal.check_of_answers, "  ")
    lines += _comment("People who must not be called, if you have a list of them beside this file:", "  ")
    lines.append("  # suppress: [do_not_call.csv]")
    if proposal.places:
        lines += _comment("Where the person is: calling hours go by this before they go by the number.", "  ")
        lines.append("  place:")
        for place in proposal.places:
            lines += _comment(f"{place.confidence}: {'; '.join(place.evidence)}", "    ")
            lines.append(f"    {place.field}: {flow(place.spec)}")
    lines += _comment("In the local time of the person called; no preset is legal advice.", "  ")
    lines.append("  calling_window: auto")
    return lines


def _consent(choice: ConsentChoice) -> Iterator[str]:
    yield from _comment("; ".join(choice.evidence), "  ")
    yield from _check(choice.check, "  ")
    spec: _Spec = {"column": choice.column, "accept": choice.accept}
    yield f"  {'' if choice.active else '# '}consent: {flow(spec)}"


def _rule(rule: RuleChoice) -> str:
    value = "false" if rule.test == "blank" else _value(rule.values, quoted=True)
    return f"{{column: {_scalar(rule.column)}, {rule.test}: {value}}}"


def _unused(names: tuple[str, ...]) -> Iterator[str]:
    shown = ", ".join(_scalar(name) for name in names[:_MOST_UNUSED])
    more = f" and {len(names) - _MOST_UNUSED} more" if len(names) > _MOST_UNUSED else ""
    yield from _comment(
        f"Columns that are not used: {shown}{more}. To send one with the call, add a field of a name of yours:"
    )
    yield f"#   lc_param_note: {{column: {_scalar(names[0])}, on_invalid: drop}}"


def flow(spec: _Spec) -> str:
    """A part of a mapping on one line."""
    if set(spec) == {"column"} and isinstance(spec["column"], str):
        return _scalar(spec["column"])
    return "{" + ", ".join(f"{key}: {_value(value, quoted=key == 'accept')}" for key, value in spec.items()) + "}"


def _value(value: str | tuple[str, ...], *, quoted: bool = False) -> str:
    if isinstance(value, str):
        return _scalar(value)
    return "[" + ", ".join(_quoted(item) if quoted else _scalar(item) for item in value) + "]"


def _scalar(value: str) -> str:
    """The text as YAML: in quotes where it could be taken for anything else."""
    return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else _quoted(value)


def _quoted(value: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _check(words: str, indent: str) -> list[str]:
    return _comment(f"CHECK: {words}", indent) if words else []


def _comment(sentence: str, indent: str = "") -> list[str]:
    line = "".join(sign if sign.isprintable() else "�" for sign in " ".join(sentence.split()))
    wrapped = textwrap.wrap(line, _WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}# {part}" for part in wrapped]
