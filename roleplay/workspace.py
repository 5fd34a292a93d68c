"""The folder a person's customers and saved calls live in: which one it is, and whether a database is safe there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from roleplay.errors import BadInput, NotSaved, UnsafePlace
from roleplay.text import quote

VARIABLE = "ROLEPLAY_WORKSPACE"
MOUNTINFO = Path("/proc/self/mountinfo")

_NETWORK = frozenset(
    """9p acfs afs beegfs ceph cifs coda davfs gfs2 gpfs glusterfs lustre ncp ncpfs nfs nfs4 ocfs2 orangefs prl_fs pvfs2
    smb smb2 smb3 smbfs sshfs vboxsf vmhgfs""".split()
)
_FUSE_NETWORK = frozenset(
    """ceph cephfs curlftpfs davfs davfs2 gcsfuse glusterfs goofys google-drive-ocamlfuse grpcfuse gvfsd-fuse
    juicefs mfs moosefs onedriver osxfs rclone s3fs seaweedfs smbnetfs sshfs vmhgfs-fuse""".split()
)
_SYNCED = frozenset(
    [
        *("dropbox", "onedrive", "google drive", "googledrive", "my drive", "icloud drive", "iclouddrive"),
        *("mobile documents", "com~apple~clouddocs", "nextcloud", "owncloud", "pcloud drive", "pclouddrive"),
        *("megasync", "box sync", "proton drive", "syncthing", "tresorit", "yandex.disk"),
    ]
)
_INSTEAD = "Keep the workspace on a disk of this computer: --workspace PATH."


class Workspace(NamedTuple):
    """A folder with `personas` and `transcripts` in it. None of the three need exist."""

    root: Path
    personas: Path
    transcripts: Path

    @classmethod
    def at(cls, root: Path) -> Workspace:
        """The workspace whose folder is `root`."""
        return cls(root, root / "personas", root / "transcripts")

    @property
    def database(self) -> Path:
        """Where the transcripts' database lies; ask `check_place` before opening it."""
        return self.transcripts / "roleplay.db"


def resolve_workspace(option: Path | None) -> Workspace:
    """The workspace to use. Creates nothing.

    The first of: `option` (from --workspace), the environment's ROLEPLAY_WORKSPACE, the current folder if it is a
    workspace, the user's data directory. Raises `BadInput` if a file stands where a folder should be, and if the
    current folder counts and is no longer there.
    """
    if option is not None:
        return _checked(option, "--workspace")
    named = os.environ.get(VARIABLE, "")
    if named:
        return _checked(Path(named), VARIABLE)
    here = Workspace.at(current_folder())
    if here.personas.is_dir() and here.transcripts.is_dir():
        return here
    from platformdirs import user_data_path  # most calls name a workspace or stand in one; its import takes a while

    return _checked(user_data_path("roleplay", appauthor=False), "the user's data directory")


def current_folder() -> Path:
    """The current folder. Raises `BadInput` if it was deleted meanwhile."""
    try:
        return Path.cwd()
    except OSError as error:
        raise BadInput(
            f"The current folder cannot be found: {error.strerror}.",
            mend="It was perhaps deleted or moved. Change to another (`cd`), then try again.",
        ) from error


def check_place(folder: Path, mountinfo: Path = MOUNTINFO) -> str:
    """Whether a database is safe in `folder`: a warning to print if that is doubtful, else the empty string.

    Raises `UnsafePlace` on a network file system: SQLite's write-ahead log needs memory shared by all who write, which
    a network share does not give (https://sqlite.org/wal.html). `mountinfo` is read as proc(5) describes it; where
    there is none, only names are looked at.
    """
    place = folder.absolute().resolve()
    kind = _file_system(place, mountinfo)
    if kind in _NETWORK or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in _FUSE_NETWORK):
        raise UnsafePlace(
            f"{quote(str(place))} is on a network file system ({kind}), where saved calls could be lost.", mend=_INSTEAD
        )
    for part in place.parts:
        plain = part.casefold()
        if plain in _SYNCED or plain.startswith(("onedrive -", "onedrive-", "dropbox (")):
            return (
                f"Warning: {quote(str(place))} looks like a synced folder ({quote(part)}). "
                f"A sync program can damage the database. {_INSTEAD}"
            )
    return ""


def make_folder(folder: Path) -> None:
    """Create `folder` with its parents, readable by its owner only, and make that durable. Raises `NotSaved`."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        for place in reversed(missing):
            place.mkdir(mode=0o700, exist_ok=True)
            make_durable(place.parent)
    except OSError as error:
        raise NotSaved(
            f"The folder {quote(str(folder))} cannot be created: {error.strerror}.",
            mend="Choose another: --workspace PATH",
        ) from error
    if not folder.is_dir():
        raise NotSaved(f"{quote(str(folder))} is a file where a folder should be.", mend="Move it out of the way.")


def _checked(root: Path, origin: str) -> Workspace:
    if "\0" in str(root):
        raise BadInput("The path of the workspace holds a NUL character.", where=origin)
    try:
        named = root.expanduser()
    except RuntimeError as error:
        raise BadInput(f"{quote(str(root))} begins with the home folder of nobody here.", where=origin) from error
    workspace = Workspace.at(named if named.is_absolute() else current_folder() / named)
    for place in (*reversed(workspace.root.parents), *workspace):
        try:
            taken = place.exists() and not place.is_dir()
        except OSError as error:
            raise BadInput(f"{quote(str(place))} cannot be read: {error.strerror}.", where=origin) from error
        if taken:
            raise BadInput(
                f"{quote(str(place))} is a file where a folder should be.", where=origin, mend="Name another workspace."
            )
    return workspace


def _file_system(place: Path, mountinfo: Path) -> str:
    """The type of the file system of the deepest mount at or above `place`; of equally deep ones the last counts."""
    kind, depth = "", -1
    inside = f"{place}/"
    for point, its_kind in _mounts(mountinfo):
        if inside.startswith(point) and len(point) >= depth:
            kind, depth = its_kind, len(point)
    return kind


def _mounts(mountinfo: Path) -> Iterator[tuple[str, str]]:
    """Each mount's point, with a slash at its end, and the type of its file system."""
    try:
        lines = mountinfo.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) > 4 and after:
            yield _unescaped(fields[4]).rstrip("/") + "/", after.split(" ")[0].casefold()


def _unescaped(field: str) -> str:
    """Undo the octal escapes of mountinfo: space, tab, newline, backslash."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field


def make_durable(place: Path) -> None:
    """Write a file, or a folder's own entries, to the disk, so that it survives a power loss. Raises OSError."""
    if os.name != "posix":
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
