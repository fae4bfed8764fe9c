"""The one way in which hipdeck writes files: whole or not at all.

New content is written beside the file that it replaces and moved into place when all of it is safely on the disk. So
whatever happens, killed or out of space, a file is the old one or the new one.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hipdeck.diagnostics import HipdeckError

TEMPORARY = ".hipdeck-"
"""How the names of temporary folders begin."""

_ABANDONED = 3600  # seconds; no run writes for that long


@contextmanager
def replacing(hint: str) -> Iterator[Drafts]:
    """Replace some files, all of them together.

    In the block, write each file's new content to the path that `draft` gives for it. When the block ends, the drafts
    take the files' places; if it raises, no file changes. A failure to write becomes a HipdeckError with this hint.
    """
    drafts = Drafts()
    try:
        yield drafts
        drafts.finish()
    except OSError as problem:
        message = f"cannot write {drafts.target}: {problem.strerror or problem}"
        raise HipdeckError(message, hint) from None
    finally:
        drafts.remove_folders()


class Drafts:
    """Files as they will be, each in a temporary folder beside the file that it replaces."""

    def __init__(self) -> None:
        self.target = Path()
        """The file that was being worked on last, which is the one to name in an error."""
        self._drafts: dict[Path, Path] = {}
        self._models: dict[Path, Path | None] = {}
        self._folders: dict[Path, Path] = {}

    def draft(self, target: Path, like: Path | None = None) -> Path:
        """Where to write the new content of `target`, whose folder is made if there is none yet.

        `target` keeps its permissions. If it's new, it gets those to read and write that the file `like` has, or the
        usual ones of a new file. A symbolic link in its place is replaced, not followed. Files that are put beside the
        draft are scratch, and vanish with its folder.
        """
        # Imported late, as shutil is below: `check` writes nothing.
        import tempfile

        self.target = target
        parent = target.parent
        if parent not in self._folders:
            parent.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(parent)
            self._folders[parent] = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=parent))
        self._models[target] = like
        self._drafts[target] = self._folders[parent] / target.name
        return self._drafts[target]

    def finish(self) -> None:
        """Move the drafts into their places. Raises OSError; until the last of them is on the disk, none is moved."""
        for target, draft in self._drafts.items():
            self.target = target
            with draft.open("r+b") as file:
                os.fsync(file.fileno())
            model = self._models[target]
            if target.exists():
                draft.chmod(stat.S_IMODE(target.stat().st_mode))
            elif model:
                draft.chmod(model.stat().st_mode & 0o666)
        for target, draft in self._drafts.items():
            self.target = target
            draft.replace(target)

    def remove_folders(self) -> None:
        """Remove what is left of the drafts."""
        import shutil

        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    """Remove the temporary folders that killed runs have left in a folder."""
    import shutil

    for entry in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):  # another run may have been quicker
            if entry.lstat().st_mtime > time.time() - _ABANDONED:
                continue
            shutil.rmtree(entry)
