"""Makes docs/reference: every key of the mapping file and every command, as the code tells them.

.venv/bin/python docs/make_reference.py
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML

from campaign.cli import cli
from campaign.core.mapping.document import json_schema

REFERENCE = Path(__file__).parent / "reference"
COMMAND = ".venv/bin/python docs/make_reference.py"
_MADE = f"<!-- Made from the code, where these texts stand, by {COMMAND} -->"
_ABOUT_MAPPING = """\
A mapping says how the rows of a list become calls. It is YAML 1.2: `off` and `no` are words, `NO` is Norway. An unknown key, a
wrong value or a column that the list does not have is an error with file, line and the nearest right name. What is left out
has its default; *needed* can't be left out.

To begin with one: `campaign map leads.xlsx -o mapping.yaml` proposes it for your list, and `campaign schema --template brightcall`
prints one in which every key is explained. With `campaign schema > mapping.schema.json` editors complete and check it."""
_ABOUT_COMMANDS = """\
Every command explains itself with `--help` (`-h`), too; `campaign --version` tells the version. What stands in capitals is
yours to fill in. [For engineers](../engineers.md) has what `--json` prints."""
_WORDS_THAT_MEAN_MORE = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"}

Schema = dict[str, Any]


def pages() -> dict[Path, str]:
    """Every page of the reference, as the code says it now."""
    return {REFERENCE / "mapping.md": MappingPage(json_schema()).text(), REFERENCE / "commands.md": commands_page()}


def anchor(heading: str) -> str:
    """The name under which GitHub finds a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def yaml(value: Any) -> str:
    """A value on one line of YAML, as a person would write it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(yaml, value)) + "]"
    if isinstance(value, str):
        return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)
    return f"{value:g}" if isinstance(value, float) else json.dumps(value)


def _is_plain(text: str) -> bool:
    if text.lower() in _WORDS_THAT_MEAN_MORE or re.search(r"[\[\]{},#]|: ", text):
        return False
    return bool(YAML(typ="safe", pure=True).load(f"[{text}]") == [text])


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a bar inside a cell is written so that it stays in its cell."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


class MappingPage:
    """The page of all mapping keys, from the mapping's JSON Schema: the same that editors read."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._fields: Schema = schema["properties"]["fields"]
        self._parts: dict[str, str] = {}  # the heading of every part, by its name in the schema
        self._kinds: dict[str, str] = {}  # values that have a form of their own, with that form in words

    def text(self) -> str:
        """The whole page."""
        sections = list(self._sections())
        kinds = table(
            ("value", "how it is written"),
            ((f"<a id='{anchor(k)}'></a>{k}", v) for k, v in sorted(self._kinds.items())),
        )
        return (
            "\n\n".join(
                (
                    "# Mapping file: every key",
                    _MADE,
                    _ABOUT_MAPPING,
                    "\n".join(f"- [{heading}](#{anchor(heading)})" for heading, _ in sections),
                    *(f"## {heading}\n\n{body}" for heading, body in sections),
                    f"## Values with a form of their own\n\n{kinds}",
                )
            )
            + "\n"
        )

    def _sections(self) -> Iterator[tuple[str, str]]:
        """Each part that holds keys, with its heading: the way to it."""
        waiting: list[tuple[str, str]] = [("", "")]
        while waiting:
            path, name = waiting.pop(0)
            part = self._long_form(name) if name else self._schema
            found: dict[str, list[str]] = {}
            for key, value in part["properties"].items():
                below = "FieldSpec" if value is self._fields else self._part_of(value)
                if below and below not in self._parts:
                    at = f"{path}.{key}".lstrip(".")
                    found.setdefault(below, []).append(f"{at}.NAME" if value is self._fields else at)
            self._parts |= {below: ", ".join(f"`{at}`" for at in ways) for below, ways in found.items()}
            waiting = [(ways[0], below) for below, ways in found.items()] + waiting
            if name == "FieldSpec":
                yield "`fields`", self._field_names()
            yield self._parts.get(name, "The file"), self._keys(part, told=bool(name))

    def _keys(self, part: Schema, *, told: bool) -> str:
        needed = part.get("required", ())
        rows = [
            (
                f"`{key}`",
                self._value(value, outer=True),
                "*needed*" if key in needed else self._default(value),
                value.get("description") or self._long_form(self._part_of(value))["description"],
                "<br>".join(f"`{key}: {yaml(example)}`" for example in value.get("examples", ())),
            )
            for key, value in part["properties"].items()
        ]
        keys = table(("key", "value", "default", "meaning", "example"), rows)
        return f"{' '.join(part['description'].split())}\n\n{keys}" if told else keys

    def _field_names(self) -> str:
        fields = self._fields
        named = [(f"`{name}`", value["description"]) for name, value in fields["properties"].items()]
        named += [("`lc_param_...`", value["description"]) for value in fields["patternProperties"].values()]
        return f"{fields['description']}\n\n{table(('field', 'meaning'), named)}"

    def _default(self, value: Schema) -> str:
        default = value.get("default")
        return "" if default is None or default == [] else f"`{yaml(default)}`"

    def _value(self, value: Schema, *, outer: bool = False) -> str:
        """What may be written, in words. `outer`: the title of the value is only the key's name."""
        if "$ref" in value:
            return self._referred(value["$ref"].rpartition("/")[2])
        if "title" in value and not outer:
            if "description" not in value or value["description"].startswith("Short for"):
                return str(value["title"])
            self._kinds[value["title"]] = value["description"]
            return f"[{value['title']}](#{anchor(value['title'])})"
        if "const" in value:
            return f"`{value['const']}`"
        if "enum" in value:
            return _either([f"`{word}`" for word in value["enum"]])
        if "anyOf" in value:
            return self._one_of([one for one in value["anyOf"] if one.get("type") != "null"])
        return self._plain(value)

    def _one_of(self, forms: list[Schema]) -> str:
        if len(forms) == 2 and forms[1].get("items") == forms[0]:
            return f"{self._value(forms[0])} or a list"
        return _either(list(map(self._value, forms)))

    def _plain(self, value: Schema) -> str:
        match value.get("type"):
            case "array":
                each = self._value(value["items"])
                return "list of columns" if each == "column" else f"list, each {each}"
            case "boolean":
                return "`true` or `false`"
            case "integer" | "number" as kind:
                return ("whole number" if kind == "integer" else "number") + _range(value)
            case "object" if value.get("additionalProperties"):
                return f"names, each with {self._value(value['additionalProperties'])}"
            case "object":
                return "[field names](#fields)"
        return "one character" if value.get("maxLength") == 1 else "text"

    def _referred(self, name: str) -> str:
        part = self._schema["$defs"][name]
        if "enum" in part:
            return self._value(part, outer=True)
        short = [self._value(one) for one in part.get("anyOf", ()) if "properties" not in one]
        return _either([*short, f"[keys](#{anchor(self._parts[name])})"])

    def _part_of(self, value: Schema) -> str:
        """The name of the part that stands in a value, "" if none does."""
        forms = (value, value.get("items", {}), *value.get("anyOf", ()))
        names = (form["$ref"].rpartition("/")[2] for form in forms if "$ref" in form)
        return next((name for name in names if "enum" not in self._schema["$defs"][name]), "")

    def _long_form(self, name: str) -> Schema:
        part: Schema = self._schema["$defs"][name]
        return next((one for one in part.get("anyOf", ()) if "properties" in one), part)


def _either(words: list[str]) -> str:
    """The words as a choice: `a`, `b` or `c`."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _range(value: Schema) -> str:
    least, most = value.get("minimum"), value.get("maximum")
    if "exclusiveMinimum" in value:
        return f" above {value['exclusiveMinimum']:g}" + (f", at most {most:g}" if most is not None else "")
    if least is None:
        return ""
    return f" from {least:g}" + (f" to {most:g}" if most is not None else "")


def commands() -> Iterator[tuple[click.Context, click.Command]]:
    """Every command and every part of one, in the order of the help."""
    top = click.Context(cli, info_name="campaign")
    yield top, cli
    yield from _below(top, cli)


def _below(context: click.Context, group: click.Group) -> Iterator[tuple[click.Context, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        yield inner, command
        if isinstance(command, click.Group):
            yield from _below(inner, command)


def commands_page() -> str:
    """The page of all commands."""
    (_, top), *rest = commands()
    named = [(c.command_path, command) for c, command in rest if not isinstance(command, click.Group)]
    listed = ((f"[`{path}`](#{anchor(path)})", _sentence(command)) for path, command in named)
    return (
        "\n\n".join(
            (
                "# Commands: every option",
                _MADE,
                _ABOUT_COMMANDS,
                table(("command", "what it does"), listed),
                " ".join((top.epilog or "").split()),
                *(_section(context, command) for context, command in rest),
            )
        )
        + "\n"
    )


def _sentence(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\n\n")[0].replace("\n", " ")


def _section(context: click.Context, command: click.Command) -> str:
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    parts = [f"## {context.command_path}", f"```text\n{usage}\n```", *_help(command)]
    records = (option.get_help_record(context) for option in command.params if isinstance(option, click.Option))
    options = [(f"`{names}`", help_) for names, help_ in filter(None, records)]
    if options:
        parts.append(table(("option", "what it does"), options))
    return "\n\n".join(parts)


def _help(command: click.Command) -> Iterator[str]:
    """The paragraphs of a command's help; those that click leaves as they stand are shown so."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        if paragraph.startswith("\b"):
            yield "```text\n" + inspect.cleandoc(paragraph.removeprefix("\b\n")) + "\n```"
        else:
            yield paragraph.replace("\n", " ")


def main() -> None:
    """Write the pages."""
    REFERENCE.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
