"""Lists that are compressed with gzip: unpacked once, within bounds, into a private temporary file."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from campaign.adapters.sources.file_access import opened
from campaign.adapters.sources.sheets.archive import LARGE, MOST_RATIO
from campaign.adapters.sources.temporary import TemporaryFolder
from campaign.core.errors import SourceError
from campaign.core.limits import Limits

_CHUNK = 1 << 20


def unpack(path: Path, folder: TemporaryFolder, limits: Limits) -> Path:
    """The unpacked file in `folder`, called as `path` is without its `.gz`.

    Raises `SourceError` if it is damaged, or would unpack to more than `limits` allow or to an absurd size.
    """
    with opened(path) as file:
        packed = path.stat().st_size
        target = folder.path / path.stem
        size = 0
        with folder.kept_if_all_goes_well(), target.open("xb") as out, gzip.GzipFile(fileobj=file) as stream:
            while chunk := _next(stream, path.name):
                size += len(chunk)
                if size > limits.unpacked:
                    raise limits.exceeded("unpacked", f"{path.name} unpacks to more than {size - len(chunk):,} bytes")
                if size > LARGE and size > packed * MOST_RATIO:
                    raise SourceError(
                        f"{path.name} would unpack to an absurd size: more than {size:,} bytes of {packed:,}.",
                        "If you trust the file, unpack it yourself and name what was in it.",
                    )
                out.write(chunk)
    return target


def _next(stream: gzip.GzipFile, name: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SourceError(
            f"{name} is damaged or was not copied whole.", "Download or copy it again, or have it exported again."
        ) from None
