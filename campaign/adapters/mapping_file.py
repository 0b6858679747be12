"""Mapping files: YAML 1.2 in, a checked mapping out, every error with file, line, key and the nearest right name."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping as MappingOf
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from campaign.adapters.near_file import did_you_mean
from campaign.core.errors import MappingError
from campaign.core.mapping.document import Mapping
from campaign.core.mapping.loaded import LoadedMapping, where
from campaign.core.mapping.loaded import Path as KeyPath

_MOST_NODES = 20_000  # a mapping has some dozens; more is an alias bomb
_MOST_BYTES = 1_000_000


def load_mapping_file(path: Path) -> LoadedMapping:
    """The mapping in a YAML file. Raises `MappingError`."""
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".gz"):
        raise MappingError(
            f"-m wants the mapping, a YAML file: {path.name} is a list.",
            "Name the list first: campaign validate LEADS -m MAPPING.",
        )
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise MappingError(
                f"{path.name} is too large for a mapping.", "Check that you named the mapping, not the list."
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise MappingError(
            f"There is no mapping file {path}.",
            f"{did_you_mean(path, '.yaml', '.yml')}Check the name, or have one proposed: campaign map LEADS -o mapping.yaml",
        ) from None
    except UnicodeDecodeError as error:
        raise MappingError(
            f"{path.name} is not UTF-8 text ({error.reason}).", "Save the mapping as UTF-8 text."
        ) from None
    except OSError as error:
        raise MappingError(
            f"{path} can't be read: {error.strerror}.", "Check the name and your rights to the file."
        ) from None
    return parse_mapping(text, path.name, path.parent)


def parse_mapping(text: str, name: str, folder: PurePath) -> LoadedMapping:
    """The mapping that `text` holds; `name` and `folder` are what errors and relative paths go by. Raises `MappingError`."""
    mapping, lines = _parsed(text, name)
    return LoadedMapping(mapping, name, text, folder, lines)


def mapping_from_dict(document: MappingOf[str, Any], folder: PurePath) -> LoadedMapping:
    """A mapping given as plain data, for people who call from Python. Raises `MappingError`."""
    from io import StringIO

    out = StringIO()
    YAML(typ="safe", pure=True).dump(dict(document), out)
    return parse_mapping(out.getvalue(), "mapping", folder)


@lru_cache(maxsize=2)
def _parsed(text: str, name: str) -> tuple[Mapping, MappingOf[KeyPath, int]]:
    """The mapping and the line of every key. A run asks for its own at the start, before it sends, and for the result."""
    reader = _Reader(name)
    document = reader.read(text)
    if not isinstance(document, dict):
        raise MappingError(
            f"{name} holds no mapping.",
            "It begins with `version: 1` and `fields:`; see campaign schema --template brightcall.",
        )
    try:
        return Mapping.model_validate(document), reader.lines
    except ValidationError as error:
        faults = [f"  {_fault(detail, name, reader.lines)}" for detail in error.errors()]
        raise MappingError(
            f"{name} has {len(faults)} fault{'s' if len(faults) != 1 else ''}:\n" + "\n".join(faults),
            "Correct the mapping and try again; `campaign schema` lists every key.",
        ) from None


class _Reader:
    """YAML to plain data, with the line of every key. Numbers that would not print back as written stay text: +1202..., 007."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[KeyPath, int] = {}
        self._nodes = 0

    def read(self, text: str) -> Any:
        yaml = YAML(typ="rt", pure=True)
        try:
            node = yaml.compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = f", line {mark.line + 1}" if mark else ""
            hint = " (tabs are not allowed for indentation: use spaces)" if "'\\t'" in str(error.problem) else ""
            raise MappingError(
                f"{self.name}{at} is not valid YAML: {error.problem or error.context}{hint}.",
                "Check the indentation, colons and quotes at that line.",
            ) from None
        except (YAMLError, ValueError) as error:
            raise MappingError(f"{self.name} is not valid YAML: {error}.", "Check the file.") from None
        return None if node is None else self._plain(node, ())

    def _plain(self, node: Node, path: KeyPath) -> Any:
        self._nodes += 1
        if self._nodes > _MOST_NODES or len(path) > 20:
            raise MappingError(
                f"{self.name} is too large or too deep for a mapping.", "Check that you named the mapping file."
            )
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in plain:
                raise MappingError(
                    f"{self.name}, line {line}: the key '{key}' stands here for the second time (first in line "
                    f"{self.lines[(*path, key)]}).",
                    "Keep one of the two.",
                )
            self.lines[(*path, key)] = line
            plain[key] = self._plain(value_node, (*path, key))
        return plain


_BOOLEANS = {"true": True, "false": False}


def _scalar(node: ScalarNode) -> Any:
    raw = node.value
    if node.style in ("'", '"', "|", ">"):
        return raw
    if raw in ("", "~", "null", "Null", "NULL"):
        return None
    if raw.lower() in _BOOLEANS:
        return _BOOLEANS[raw.lower()]
    for number in (int, float) if raw[0] in "-0123456789" else ():
        try:
            value = number(raw)
        except ValueError:
            continue
        return value if str(value) == raw else raw
    return raw


def _fault(detail: ErrorDetails, name: str, lines: MappingOf[KeyPath, int]) -> str:
    path = _key_path(detail["loc"], lines)
    return f"{where(name, lines, path)}: {_words(detail, path)}"


def _key_path(loc: tuple[int | str, ...], lines: MappingOf[KeyPath, int]) -> KeyPath:
    """pydantic's location without its own marks: `[key]`, and the index of a single value that stands for a list."""
    path: KeyPath = ()
    for part in loc:
        if part == "[key]":
            break
        longer = (*path, part)
        if longer in lines or isinstance(part, str):
            path = longer
    return path


def _words(detail: ErrorDetails, path: KeyPath) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return _unknown_key(path)
        case "missing":
            return f"the key '{path[-1]}' is missing"
        case "value_error":
            return str(context.get("error", detail["msg"]))
        case "literal_error" | "enum":
            allowed = str(context.get("expected", "")).replace("'", "")
            return f"'{detail['input']}' is not known here: write {allowed}{_nearest(str(detail['input']), allowed)}"
        case "string_type":
            return f"a text is wanted here, not {_kind_of(detail['input'])}"
        case "int_type" | "float_type" | "float_parsing":
            return f"a number is wanted here, not {_kind_of(detail['input'])}"
        case "bool_type":
            return f"true or false is wanted here, not {_kind_of(detail['input'])}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"keys and values are wanted here, not {_kind_of(detail['input'])}"
        case "tuple_type":
            return f"a list is wanted here, not {_kind_of(detail['input'])}"
        case _:
            return f"{detail['msg'][0].lower()}{detail['msg'][1:]} (here: {_kind_of(detail['input'])})"


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing (the value is missing)"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    return f"'{value}'"


def _nearest(word: str, allowed: str) -> str:
    names = [name.strip() for name in allowed.replace(" or ", ",").split(",")]
    near = get_close_matches(word, names, n=1)
    return f" - did you mean {near[0]}?" if near else ""


def _unknown_key(path: KeyPath) -> str:
    keys = _keys_at(path[:-1])
    near = get_close_matches(str(path[-1]), keys, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"the keys here are: {', '.join(keys)}"
    return f"unknown key '{path[-1]}': {hint}"


def _keys_at(path: KeyPath) -> list[str]:
    """The keys that the mapping knows at `path`."""
    model: type[BaseModel] = Mapping
    named_freely = False
    for part in path:
        if named_freely or isinstance(part, int):
            named_freely = False
            continue
        annotation = model.model_fields[part].annotation
        named_freely = typing.get_origin(annotation) is dict
        model = _model_in(annotation) or model
    return list(model.model_fields)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation such as `tuple[AgentSpec, ...]`, `Consent | None` or `dict[str, FieldSpec]` is about."""
    if _is_model(annotation):
        return typing.cast("type[BaseModel]", annotation)
    for inner in reversed(typing.get_args(annotation)):
        if inner is not types.NoneType and (found := _model_in(inner)) is not None:
            return found
    return None
