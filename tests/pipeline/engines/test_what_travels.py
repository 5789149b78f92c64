"""What is sent to workers names no place of this machine but the user's own files, and arrives as it was."""

from __future__ import annotations

import pickle
import zlib
from importlib.resources import files
from pathlib import Path

from apache_beam.internal import pickler

from pipeline.chain import Rules
from pipeline.settings import default_settings
from schemas.records import InputFile
from transforms.plan import pack, unpack


def test_rules_hold_no_path_of_this_machine() -> None:
    rules = Rules.load(default_settings())
    here = str(Path(str(files("configs"))).parent).encode()
    for name in rules.__slots__:
        assert here not in pickle.dumps(getattr(rules, name)), name
    assert rules.mentions is not None
    again = pickler.loads(pickler.dumps(rules.mentions.store))
    assert again.folder == rules.mentions.store.folder


def test_a_shard_arrives_as_it_was_and_takes_little_room() -> None:
    shard = tuple(InputFile(f"/n/{i}.html", f"{i}.html", i, f"{zlib.crc32(bytes([i])):064x}") for i in range(200))
    assert unpack(pack(shard)) == shard
    assert len(pack(shard)) < 100 * len(shard)
