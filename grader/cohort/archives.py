"""Zip files as learning platforms export them, unpacked so that nothing gets out of its folder."""

import stat
import zipfile
import zlib
from pathlib import Path
from typing import Iterator, List, Tuple

from grader.errors import UsageError
from grader.service.scratch import DEEPEST, LEFT_OUT, MOST_BYTES, MOST_FILES

JUNK = LEFT_OUT | {"__MACOSX"}
_CHUNK = 1 << 16
# Of Windows' file names (its other rules make open() fail, which is told).
_STRANGE = set('<>:"|?*\\')


def unpack(archive: Path, target: Path) -> None:
    """Unpack the regular files of a zip file into the empty folder ``target``.

    Raises:
        UsageError: it is no zip file, is encrypted or broken, or too large to be a submission.
    """
    try:
        with zipfile.ZipFile(str(archive)) as opened:
            left = MOST_BYTES
            for member, parts in _members(opened):
                left -= _write(opened, member, target.joinpath(*parts), left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise UsageError(f"The zip file cannot be read: {error}.") from error
    except RuntimeError as error:  # so says zipfile of a file with a password
        raise UsageError("The zip file is encrypted.") from error
    except OSError as error:
        raise UsageError(f"The zip file cannot be unpacked: {error.strerror}.") from error


def _members(opened: zipfile.ZipFile) -> Iterator[Tuple[zipfile.ZipInfo, List[str]]]:
    files = 0
    for member in opened.infolist():
        parts = member.filename.replace("\\", "/").split("/")
        mode = stat.S_IFMT(member.external_attr >> 16)
        if member.is_dir() or mode not in (0, stat.S_IFREG) or JUNK.intersection(parts):
            continue
        if any(part in ("", ".", "..") or _STRANGE.intersection(part) for part in parts):
            continue
        files += 1
        if files > MOST_FILES or len(parts) > DEEPEST:
            raise UsageError(
                f"The zip file holds more than {MOST_FILES} files, or folders nested "
                f"{DEEPEST} deep: not a submission."
            )
        yield member, parts


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path, most: int) -> int:
    """Write one file; its size is what comes out, not what the archive says."""
    written = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as reader, file.open("wb") as writer:
        for data in iter(lambda: reader.read(_CHUNK), b""):
            written += len(data)
            if written > most:
                raise UsageError("The zip file holds more than 50 MB: not a submission.")
            writer.write(data)
    return written
