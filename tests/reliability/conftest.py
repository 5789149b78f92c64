"""How the tests of reliability start processes: from one that has loaded everything, so that each costs milliseconds."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import ModuleType

import pytest

LONG = bool(os.environ.get("COPYDESK_LONG_TESTS"))
"""Every point instead of some: minutes instead of seconds."""


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reliability_kills", Path(__file__).with_name("kills.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reliability_kills"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def kills(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module `kills`, under a name that processes of their own find, too."""
    sys.path.insert(0, str(_importable(tmp_path_factory)))
    return _load()


def _importable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "reliability_kills.py").write_text(Path(__file__).with_name("kills.py").read_text())
    return folder


@pytest.fixture(scope="session")
def processes(kills: ModuleType) -> ForkServerContext:
    """Starts processes in which the pipeline is loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["reliability_kills"])
    return context


@pytest.fixture(scope="session")
def long_tests() -> bool:
    """Whether all points are tried."""
    return LONG
