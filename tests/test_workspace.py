"""Which workspace is used, and which places are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import BadInput, NotSaved, UnsafePlace
from roleplay.workspace import Workspace, check_place, make_folder, resolve_workspace

HERE = "24 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder that is no workspace, with a data directory of our own."""
    monkeypatch.delenv("ROLEPLAY_WORKSPACE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


def mounts(tmp_path: Path, *lines: str) -> Path:
    table = tmp_path / "mountinfo"
    table.write_text("\n".join((HERE, *lines)) + "\n")
    return table


def test_the_option_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEPLAY_WORKSPACE", str(tmp_path / "named"))
    assert resolve_workspace(tmp_path / "option").root == tmp_path / "option"
    assert resolve_workspace(None).root == tmp_path / "named"


def test_a_folder_with_personas_and_transcripts_is_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "here" / "personas").mkdir()
    assert resolve_workspace(None).root != tmp_path / "here"
    (tmp_path / "here" / "transcripts").mkdir()
    assert resolve_workspace(None).root == tmp_path / "here"


def test_otherwise_it_is_the_data_directory_and_nothing_is_created(tmp_path: Path) -> None:
    workspace = resolve_workspace(None)
    assert workspace.root == tmp_path / "data" / "roleplay"
    assert workspace.database == tmp_path / "data" / "roleplay" / "transcripts" / "roleplay.db"
    assert not (tmp_path / "data").exists()


def test_an_empty_variable_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLEPLAY_WORKSPACE", "")
    assert resolve_workspace(None).root == tmp_path / "data" / "roleplay"


@pytest.mark.parametrize("taken", ["ws", "ws/transcripts", "ws/personas"])
def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("")
    with pytest.raises(BadInput, match=r"a file where a folder should be.*Name another workspace"):
        resolve_workspace(tmp_path / "ws")


def test_a_path_with_a_nul_is_refused() -> None:
    with pytest.raises(BadInput, match="NUL"):
        resolve_workspace(Path("a\0b"))


def test_a_path_that_is_too_long_is_one_sentence() -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        resolve_workspace(Path("a" * 5000))


def test_a_current_folder_that_was_deleted_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "here").rmdir()
    for option in (None, Path("ws"), Path()):
        with pytest.raises(BadInput, match=r"The current folder cannot be found: .*then try again"):
            resolve_workspace(option)
    assert resolve_workspace(tmp_path / "ws").root == tmp_path / "ws"


def test_the_home_of_nobody_is_one_sentence() -> None:
    with pytest.raises(BadInput, match=r"--workspace: “~nobody-of-that-name/ws” begins with the home folder of nobody"):
        resolve_workspace(Path("~nobody-of-that-name/ws"))


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "davfs", "afs", "ceph", "fuse.rclone"]
)
def test_a_network_file_system_is_refused_with_what_to_do_instead(tmp_path: Path, kind: str) -> None:
    table = mounts(tmp_path, f"30 24 0:40 / {tmp_path}/share rw,relatime - {kind} server:/x rw")
    with pytest.raises(UnsafePlace, match=rf"network file system \({kind}\).*--workspace PATH"):
        check_place(tmp_path / "share" / "ws" / "transcripts", table)
    assert check_place(tmp_path / "shared", table) == ""


def test_the_deepest_mount_decides_and_of_two_on_one_point_the_last(tmp_path: Path) -> None:
    share = f"30 24 0:40 / {tmp_path}/share rw - nfs server:/x rw"
    disk = f"31 30 8:1 / {tmp_path}/share/disk rw - ext4 /dev/sda rw"
    assert check_place(tmp_path / "share" / "disk", mounts(tmp_path, disk, share)) == ""
    over = f"32 30 8:2 / {tmp_path}/share rw - xfs /dev/sdb rw"
    assert check_place(tmp_path / "share", mounts(tmp_path, share, over)) == ""


def test_a_mount_point_with_a_space_and_a_way_there_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "my share").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "my share")
    table = mounts(tmp_path, f"30 24 0:40 / {tmp_path}/my\\040share rw - nfs4 server:/x rw")
    with pytest.raises(UnsafePlace):
        check_place(tmp_path / "link" / "transcripts", table)


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Company", "Google Drive", "iCloud Drive", "Nextcloud"])
def test_a_synced_folder_is_warned_about(tmp_path: Path, name: str) -> None:
    warning = check_place(tmp_path / name / "ws", mounts(tmp_path))
    assert f"“{name}”" in warning
    assert "--workspace PATH" in warning


def test_without_a_mount_table_only_names_count(tmp_path: Path) -> None:
    assert check_place(tmp_path, tmp_path / "none") == ""


def test_a_made_folder_is_its_owners_only(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match=r"cannot be created: .*--workspace"):
        make_folder(Path("/proc/roleplay/transcripts"))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved, match="file"):
        make_folder(tmp_path / "file")


def test_a_workspace_is_made_of_its_root(tmp_path: Path) -> None:
    assert Workspace.at(tmp_path) == (tmp_path, tmp_path / "personas", tmp_path / "transcripts")
