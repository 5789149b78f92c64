"""Prism, Beam's own portable runner: one program written in Go, which `prism_server` starts for a run.

Before: `[prism] location = ""` and `prism` on the PATH. After: /home/ana/go/bin/prism, and for Beam `--runner=PrismRunner --job_endpoint=localhost:38011 …`.
Without a location Beam would download a program from a release page; here it never does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.engines.engine_settings import PrismSettings
from pipeline.engines.versions import BEAM
from schemas.errors import UsageError

VARIABLE = "PRISM_LOCATION"
"""The environment variable that names the program where no setting does."""

_FOREVER = 10 * 365 * 24 * 3600
"""Seconds. Beam applies this time-out not only to its questions but to the whole job, on engines that report a job before it begins:
with its 300 seconds every longer run fails (DEADLINE_EXCEEDED)."""

MODULE = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{BEAM}"


def find_prism(settings: PrismSettings, environment: Mapping[str, str]) -> str:
    """The path of the program: as set, else from the variable, else on the PATH, else where `go install` puts it. Raises UsageError
    (one line, with the command that builds it) where there is none."""
    for place, path in (("[prism] location", settings.location), (VARIABLE, environment.get(VARIABLE, ""))):
        if path:
            if not _is_program(path):
                raise UsageError(f"{place} = {path!r}: no program lies there; {_how()}")
            return str(Path(path).absolute())
    found = shutil.which("prism", path=environment.get("PATH", ""))
    if found:
        return str(Path(found).absolute())
    installed = _go_folder(environment) / "prism"
    if _is_program(str(installed)):
        return str(installed)
    raise UsageError(f"--runner prism: no program prism on the PATH; {_how()}")


def prism_options(endpoint: str) -> tuple[str, ...]:
    """What Beam is told to run on the Prism at `endpoint`. Workers are threads of this process (LOOPBACK): Prism asks for one only."""
    return (
        "--runner=PrismRunner",
        f"--job_endpoint={endpoint}",
        f"--job_server_timeout={_FOREVER}",
        "--environment_type=LOOPBACK",
    )


def _how() -> str:
    return f"build it with: go install {MODULE} and name it in [prism] location, in {VARIABLE} or on the PATH"


def _go_folder(environment: Mapping[str, str]) -> Path:
    """Where `go install` puts programs."""
    if environment.get("GOBIN"):
        return Path(environment["GOBIN"])
    return Path(environment.get("GOPATH") or Path(environment.get("HOME", "/")) / "go") / "bin"


def _is_program(path: str) -> bool:
    return Path(path).is_file() and os.access(path, os.X_OK)
