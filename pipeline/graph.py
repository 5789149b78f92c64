"""The whole graph on one screen: from a list of files to a committed run.

    root ─ plan ─ read ─ (isolate) ─ decode ─ parse ─ clean ─ describe ─ mentions ─ rows ─ write (stage → merge → commit)

Records that look as if they might hang or crash a parser take all steps in a child process at "isolate"; the others pass it.
All of it up to staging is one fused stage: records are handed on as Python objects, rejects travel beside them and every step
lets them pass, and what is shuffled are descriptors of staged files, never a body.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import apache_beam as beam

from pipeline.chain import Rules, describe_record
from pipeline.lake.run_spec import RunSpec
from pipeline.lake.sink import WriteLake
from transforms.cleaning.clean import Clean
from transforms.counters import Counters
from transforms.decoding.decode import Decode
from transforms.describe import Describe, Rows
from transforms.entities.mentions import FindMentions
from transforms.isolation.limits import Limits
from transforms.isolation.transform import Isolate
from transforms.parse import Parse
from transforms.plan import Plan, Shard
from transforms.read.transform import Only, Read


def build(
    root: beam.Pipeline,
    shards: Sequence[Shard],
    rules: Rules,
    limits: Limits,
    spec: RunSpec,
    counters: Counters,
    only: Only,
) -> beam.PCollection:
    """Adds the run to `root`; gives a PCollection of its one CommitResult. `counters` feed the live progress only; `only`
    names the records that are wanted of some files (`transforms.read.transform`)."""
    return (
        root
        | "Plan" >> Plan(shards)
        | "Read" >> Read(rules.read, counters, only)
        | "Isolate" >> Isolate(partial(describe_record, rules=rules), limits)
        | "Decode" >> Decode()
        | "Parse" >> Parse(rules.page, rules.model)
        | "Clean" >> Clean(rules.clean)
        | "Describe" >> Describe(rules.describe)
        | "Mentions" >> FindMentions(rules.mentions)
        | "Rows" >> Rows(counters)
        | "Write" >> WriteLake(spec)
    )
