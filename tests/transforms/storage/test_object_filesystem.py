from __future__ import annotations

import hashlib
import io
import pickle

import pytest

from transforms.storage import object_filesystem
from transforms.storage.object_filesystem import ObjectFileSystem
from transforms.storage.object_store import ObjectPath

Bucket = tuple[ObjectFileSystem, str]


def needs_conditions(root: str) -> None:
    """Google's emulator takes every put, whatever its condition; test_gcs.py looks at what is asked of the store."""
    if root.startswith("gs:"):
        pytest.skip("the emulator knows no preconditions")


def write(fs: ObjectFileSystem, path: str, content: bytes) -> None:
    with fs.open_write(path) as stream:
        stream.write(content)


def test_a_path_has_a_scheme_a_bucket_and_a_key() -> None:
    assert ObjectPath.of("s3://b/a/c") == ("s3", "b", "a/c")
    assert ObjectPath.of("gs://b") == ("gs", "b", "")
    with pytest.raises(ValueError, match="s3://bucket/name"):
        ObjectPath.of("s3:///a")


def test_what_is_written_is_read(bucket: Bucket) -> None:
    fs, root = bucket
    fs = pickle.loads(pickle.dumps(fs))
    write(fs, f"{root}/lake/a/x", b"hello")
    write(fs, f"{root}/lake/b", b"")
    assert fs.read_bytes(f"{root}/lake/a/x") == b"hello"
    assert fs.size(f"{root}/lake/a/x") == 5
    assert fs.list(f"{root}/lake") == ("a", "b")
    assert fs.files_below(f"{root}/lake") == (f"{root}/lake/a/x", f"{root}/lake/b")
    assert fs.exists(f"{root}/lake/a")
    assert not fs.exists(f"{root}/lak")
    assert fs.is_folder(f"{root}/lake")
    assert fs.list(f"{root}/none") == ()
    assert fs.sha256(f"{root}/lake/a/x").startswith("2cf24dba5fb0")
    with pytest.raises(FileNotFoundError):
        fs.size(f"{root}/lake/none")


def test_a_name_is_given_once(bucket: Bucket) -> None:
    fs, root = bucket
    needs_conditions(root)
    write(fs, f"{root}/x", b"1")
    with pytest.raises(FileExistsError):
        write(fs, f"{root}/x", b"2")
    assert fs.read_bytes(f"{root}/x") == b"1"


def test_nothing_goes_up_after_an_exception(bucket: Bucket) -> None:
    fs, root = bucket

    def write_half() -> None:
        with fs.open_write(f"{root}/x") as stream:
            stream.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert not fs.exists(f"{root}/x")


@pytest.mark.parametrize("whole", [10, 2])
def test_rename_needs_a_free_name(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    monkeypatch.setattr(object_filesystem, "_WHOLE", whole)
    fs, root = bucket
    needs_conditions(root)
    write(fs, f"{root}/x", b"xxx")
    write(fs, f"{root}/taken", b"yyy")
    with pytest.raises(FileExistsError):
        fs.rename_if_absent(f"{root}/x", f"{root}/taken")
    assert fs.read_bytes(f"{root}/taken") == b"yyy"
    fs.rename_if_absent(f"{root}/x", f"{root}/free")
    assert fs.list(root) == ("free", "taken")


def test_a_lost_answer_is_no_conflict(bucket: Bucket) -> None:
    fs, root = bucket
    write(fs, f"{root}/x", b"manifest")
    write(fs, f"{root}/goal", b"manifest")
    fs.rename_if_absent(f"{root}/x", f"{root}/goal")
    assert fs.list(root) == ("goal",)


def test_large_objects_are_read_range_by_range(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_filesystem, "_WHOLE", 10)
    monkeypatch.setattr(object_filesystem, "_READ_AHEAD", 16)
    fs, root = bucket
    content = bytes(range(256)) * 5
    write(fs, f"{root}/x", content)
    with fs.open_read(f"{root}/x") as stream:
        assert stream.read(5) == content[:5]
        stream.seek(-7, io.SEEK_END)
        assert stream.read() == content[-7:]
        stream.seek(100)
        assert stream.read(500) == content[100:600]
    assert fs.sha256(f"{root}/x") == hashlib.sha256(content).hexdigest()


def test_past_the_end_there_is_nothing(bucket: Bucket) -> None:
    fs, root = bucket
    write(fs, f"{root}/empty", b"")
    name = ObjectPath.of(root).bucket
    assert fs.store.read(name, "empty", 0, 100) == b""
    assert fs.open_read(f"{root}/empty").read() == b""


def test_replace_and_delete(bucket: Bucket) -> None:
    fs, root = bucket
    for name in ("a/1", "a/2", "b"):
        write(fs, f"{root}/{name}", name.encode())
    fs.replace(f"{root}/b", f"{root}/a/1")
    assert fs.read_bytes(f"{root}/a/1") == b"b"
    fs.delete_tree(f"{root}/a")
    fs.delete(f"{root}/a")
    assert fs.list(root) == ()


def test_a_conditional_delete_spares_what_was_changed(bucket: Bucket) -> None:
    fs, root = bucket
    needs_conditions(root)
    write(fs, f"{root}/lock", b"mine")
    name = ObjectPath.of(root).bucket
    old = fs.store.head(name, "lock")
    assert old is not None
    fs.store.put(name, "lock", io.BytesIO(b"theirs"))
    assert not fs.store.delete_if(name, "lock", old.etag)
    new = fs.store.head(name, "lock")
    assert new is not None
    assert fs.store.delete_if(name, "lock", new.etag)
    assert not fs.exists(f"{root}/lock")


def test_errors_name_the_object_and_no_secret(bucket: Bucket) -> None:
    fs, root = bucket
    with pytest.raises(FileNotFoundError, match=rf"{root}/x: there is no such") as raised:
        fs.read_bytes(f"{root}/x")
    assert "secret-of-the-test" not in str(raised.value)
