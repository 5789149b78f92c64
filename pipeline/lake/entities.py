"""Writes a run's rows of `entities`, once all its mentions are written and before the commit.

Before: the run's finished mention files, in staging, and those of earlier runs that have to be counted again. After: the files of
`entities`, in staging, in which a row says so where the entity is one that the lake or the run itself knows by another id.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.lake.entity_counts import count_entities
from pipeline.lake.entity_files import known_files
from pipeline.lake.filesystem import FileSystem
from pipeline.lake.layout import LakePaths
from pipeline.lake.manifest import read_manifests
from pipeline.lake.merge import merged_batches
from pipeline.lake.parquet_file import DataFile, PartWriter
from pipeline.lake.parquet_read import read_batches
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.staging import Fragment
from schemas.entities import Entity, EntityType
from schemas.tables import ENTITIES, MENTIONS
from transforms.entities.local_id import PREFIX
from transforms.entities.merges import merges
from transforms.entities.name_key import name_key


def entity_files(fs: FileSystem, spec: RunSpec, files: Sequence[DataFile]) -> list[DataFile]:
    """The files of `entities` for a run whose finished files are `files`; none where nothing is named."""
    paths = LakePaths(spec.root)
    written = sorted((file.path, file.staged) for file in files if file.directory.startswith(f"{MENTIONS.name}/"))
    counted = count_entities(fs, paths, spec.staging, [*(staged for _, staged in written), *spec.recounts], spec.run_id)
    same_as = _same_as(fs, paths, spec, counted)
    writer = PartWriter(
        fs,
        paths,
        f"{spec.staging}/{uuid.uuid4().hex}",
        ENTITIES,
        ENTITIES.name,
        spec.run_id,
        spec.pipeline_version,
        target_file_bytes=spec.target_file_bytes,
        row_group_bytes=spec.row_group_bytes,
    )
    try:
        for batch, size in merged_batches(fs, paths, ENTITIES, counted):
            writer.add(_with_same_as(batch, same_as), size)
        return writer.finish()
    finally:
        writer.abandon()


def _with_same_as(batch: pa.RecordBatch, same_as: Mapping[str, str]) -> pa.RecordBatch:
    if not same_as:
        return batch
    ids = batch.column("entity_id").to_pylist()
    column = pa.array([same_as.get(each) for each in ids], pa.string())
    return batch.set_column(batch.schema.get_field_index("same_as"), batch.schema.field("same_as"), column)


def _same_as(fs: FileSystem, paths: LakePaths, spec: RunSpec, counted: Sequence[Fragment]) -> dict[str, str]:
    """For entities that are new under their id the earlier id of the same person, and what replaced files said of the others.

    Of the earlier entities only persons whose name's key a new one shares are held.
    """
    manifests = read_manifests(fs, paths)
    gone = [path for path in spec.replaces if path.startswith(f"{ENTITIES.name}/")]
    said = {
        name: same
        for path in gone
        for batch in read_batches(fs, paths, path, ["entity_id", "same_as"])
        for name, same in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        if same is not None
    }
    own = [each for batch, _ in merged_batches(fs, paths, ENTITIES, counted) for each in _persons(batch)]
    keys = {name_key(each.name) for each in own if each.id.startswith(PREFIX)}
    if not keys:
        return said
    # Persons of lists that this run names count as known: "Mara Lindh" may be one of them.
    known = {each for each in own if not each.id.startswith(PREFIX) and name_key(each.name) in keys}
    columns = ["entity_id", "canonical_name", "entity_type", "wikidata_id", "iso_code"]
    for entry in known_files(manifests, spec.replaces):
        for batch in read_batches(fs, paths, entry.path, columns):
            known.update(each for each in _persons(batch) if name_key(each.name) in keys)
    return said | {each.entity_id: each.same_as for each in merges(own, known) if each.entity_id != each.same_as}


def _persons(batch: pa.RecordBatch) -> Iterator[Entity]:
    """The persons among rows of `entities`."""
    persons = batch.filter(pc.equal(batch.column("entity_type").cast(pa.string()), EntityType.PERSON.value))
    columns = (persons.column(name).to_pylist() for name in ("entity_id", "canonical_name", "wikidata_id", "iso_code"))
    for name, canonical, wikidata, iso in zip(*columns, strict=True):
        yield Entity(name, canonical, EntityType.PERSON, wikidata, iso)
