"""The lake's files for Arrow's readers, wherever they lie: pyarrow asks the lake's own file system and no other client.

Before: a dataset over "s3://bucket/lake/articles/…". After: its bytes come through `FileSystem.open_read`, with the credentials that
wrote them. Read only.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.fs as pafs

from pipeline.lake.filesystem import FileSystem


class _Handler(pafs.FileSystemHandler):
    def __init__(self, fs: FileSystem) -> None:
        self._fs = fs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Handler) and type(self._fs) is type(other._fs)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def get_type_name(self) -> str:
        return "copydesk"

    def normalize_path(self, path: str) -> str:
        return path

    def get_file_info(self, paths: list[str]) -> list[Any]:
        return [self._info(path) for path in paths]

    def _info(self, path: str) -> Any:
        try:
            return pafs.FileInfo(path, pafs.FileType.File, size=self._fs.size(path))
        except FileNotFoundError:
            return pafs.FileInfo(path, pafs.FileType.NotFound)

    def get_file_info_selector(self, selector: Any) -> list[Any]:
        return [self._info(path) for path in self._fs.files_below(selector.base_dir)]

    def open_input_file(self, path: str) -> Any:
        return pa.PythonFile(self._fs.open_read(path), mode="r")

    def open_input_stream(self, path: str) -> Any:
        return self.open_input_file(path)

    def _refuse(self, *_: Any) -> Any:
        raise PermissionError("a lake's files are written by its runs only")

    create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = delete_file = _refuse
    move = copy_file = open_output_stream = open_append_stream = _refuse


def arrow_filesystem(fs: FileSystem) -> pafs.FileSystem:
    """`fs` as pyarrow takes it; paths are those of `fs`."""
    return pafs.PyFileSystem(_Handler(fs))
