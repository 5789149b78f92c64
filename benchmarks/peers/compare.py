"""Runs copydesk and its peers over the same pages, in turn, each on one core, and compares time, memory and what was lost.

    compare.py PAGES…                  a table: processor ms a page, pages a second, peak memory, pages without a row
    compare.py PAGES… --write          also into docs/benchmarks.md, with a plot; the figures into benchmarks/results
    compare.py PAGES… --times 10       each page ten times over, under other names
    compare.py ARTICLES… --write       plain texts (.txt): only the peers that take text

PAGES are .html.gz files or folders of them. Each peer has an environment of its own below --venvs, made from
requirements/*.txt when it is missing; none of them is a dependency of copydesk. Start-up is measured apart, with one page, and taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).resolve().parent.parent.parent
if str(_ROOT) not in sys.path:
    # Run as a script, Python puts this folder on the path and not the repository.
    sys.path.insert(0, str(_ROOT))

from benchmarks.ingest_run import ingest  # noqa: E402
from benchmarks.peers.comparison import part, results_of  # noqa: E402
from benchmarks.process_run import measured  # noqa: E402
from benchmarks.report_parts import REPORT, replace_part, save_results, write_plot  # noqa: E402

_HERE = Path(__file__).resolve().parent


class Peer(NamedTuple):
    """One tool. `script` and `requirements` are files here; without a script it is copydesk with `variables` set, without
    requirements it runs in this environment."""

    name: str
    title: str
    script: str = ""
    requirements: str = ""
    takes_text: bool = False
    variables: tuple[tuple[str, str], ...] = ()


PEERS = (
    Peer("copydesk", "copydesk, all tables", takes_text=True),
    Peer("copydesk-no-names", "copydesk without names", "", "", True, (("COPYDESK_ENTITIES__ENABLED", "false"),)),
    Peer("trafilatura", "trafilatura, text alone", "trafilatura_extract.py", "trafilatura"),
    Peer("plain", "trafilatura + langdetect + pyarrow", "plain_script.py", "trafilatura"),
    Peer("datatrove", "datatrove with filters and MinHash", "datatrove_pipeline.py", "datatrove", True),
    Peer("soup", "BeautifulSoup + langdetect", "soup_script.py", "soup"),
    Peer("floor", "Beam alone: read, unzip, write", "beam_floor.py"),
)


class Round(NamedTuple):
    """One run of one peer; `rows` and `rejects` are what it says it made of the pages."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    rows: int
    rejects: int


class PeerError(Exception):
    """A peer could not be installed or did not end with 0."""


def inputs(given: Sequence[str]) -> list[Path]:
    """The pages or texts named, sorted. Raises PeerError where there are none, or both."""
    found: list[Path] = []
    for each in map(Path, given):
        found += sorted(each.rglob("*")) if each.is_dir() else [each]
    pages = [path for path in found if path.name.endswith(".html.gz")]
    texts = [path for path in found if path.suffix == ".txt"]
    if bool(pages) == bool(texts):
        raise PeerError("give .html.gz pages, or .txt articles, and not both")
    return pages or texts


def environment(peer: Peer, folder: Path) -> str:
    """The Python of the peer's own environment, made if it is missing. Raises PeerError."""
    if not peer.requirements:
        return sys.executable
    home = folder / peer.requirements
    python = home / "bin" / "python"
    if not python.exists():
        print(f"installing {peer.requirements} …", file=sys.stderr)
        pins = _HERE / "requirements" / f"{peer.requirements}.txt"
        for command in (
            [sys.executable, "-m", "venv", str(home)],
            [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(pins)],
        ):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                shutil.rmtree(home, ignore_errors=True)
                raise PeerError(f"{peer.requirements}: {done.stderr[-500:].strip()}")
    return str(python)


def run_once(peer: Peer, python: str, folder: Path, scratch: Path, core: int | None) -> Round:
    """One run over all files of `folder`. Raises PeerError, or IngestError for copydesk."""
    out = scratch / "out"
    shutil.rmtree(out, ignore_errors=True)
    if not peer.script:
        made = ingest(folder, out, 1, variables=dict(peer.variables), core=core)
        return Round(made.seconds, made.cpu_seconds, made.peak_mib, made.articles, made.rejects)
    out.mkdir()
    listed = scratch / "files.txt"
    listed.write_text("".join(f"{path}\n" for path in sorted(folder.rglob("*")) if path.is_file()), encoding="utf-8")
    # One process each: what multiplies matrices on several threads is told not to.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ""}
    command = [python, str(_HERE / peer.script), str(listed), str(out)]
    answer = scratch / "answer.json"
    run = measured(command, answer, cwd=scratch, variables=threads, core=core)
    if run.exit_code:
        raise PeerError(f"{peer.name}: exit code {run.exit_code}: {run.errors[-800:]}")
    said = json.loads(answer.read_text(encoding="utf-8").strip().splitlines()[-1])
    return Round(run.seconds, run.cpu_seconds, run.peak_mib, said["rows"], 0)


def copies(files: Sequence[Path], folder: Path, times: int) -> int:
    """Copies of all files `times` times over, each under a name of its own; their number."""
    for turn in range(times):
        target = folder / f"copy-{turn:02}"
        target.mkdir(parents=True)
        for number, path in enumerate(files):
            shutil.copy(path, target / f"{turn:02}-{number:05}-{path.name}")
    return len(files) * times


def compare(
    files: Sequence[Path], peers: Sequence[Peer], venvs: Path, *, rounds: int, times: int, core: int | None
) -> dict[str, Any]:
    """All peers in turn, `rounds` times; the figures, as results/*.json keeps them."""
    pythons = {peer.name: environment(peer, venvs) for peer in peers}
    with tempfile.TemporaryDirectory(prefix="copydesk-peers-") as name:
        scratch = Path(name)
        count = copies(files, scratch / "all", times)
        copies(files[len(files) // 2 :][:1], scratch / "one", 1)
        starts: dict[str, list[Round]] = {peer.name: [] for peer in peers}
        runs: dict[str, list[Round]] = {peer.name: [] for peer in peers}
        for turn in range(rounds):
            for peer in peers:
                print(f"round {turn + 1} of {rounds}: {peer.title} …", file=sys.stderr, flush=True)
                for folder, kept in (("one", starts), ("all", runs)):
                    kept[peer.name].append(run_once(peer, pythons[peer.name], scratch / folder, scratch, core))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    titles = {peer.name: peer.title for peer in peers}
    size = statistics.mean(path.stat().st_size for path in files)
    kind = "texts" if files[0].suffix == ".txt" else "pages"
    return results_of(kind, count, times, size, machine, titles, starts, runs)


def main() -> int:
    """The command line; the exit code."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("files", nargs="+", metavar="PAGES")
    arguments.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each runs (3); medians count")
    arguments.add_argument("--times", type=int, default=1, metavar="N", help="each page N times over")
    arguments.add_argument(
        "--peers", default="", metavar="A,B", help=f"only these of {', '.join(p.name for p in PEERS)}"
    )
    arguments.add_argument("--venvs", type=Path, default=_ROOT / ".venv-peers", metavar="DIR")
    arguments.add_argument("--core", type=int, default=0, metavar="N", help="the core that each may use (0); -1: all")
    arguments.add_argument("--write", action="store_true", help="write docs/benchmarks.md, the plot and the figures")
    given = arguments.parse_args()
    wanted = set(filter(None, given.peers.split(",")))
    try:
        if unknown := wanted - {peer.name for peer in PEERS}:
            raise PeerError(f"no such peer: {', '.join(sorted(unknown))}")
        files = inputs(given.files)
        text = files[0].suffix == ".txt"
        peers = [peer for peer in PEERS if (not wanted or peer.name in wanted) and (peer.takes_text or not text)]
        core = given.core if given.core >= 0 else None
        results = compare(files, peers, given.venvs, rounds=given.rounds, times=given.times, core=core)
    except Exception as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return 3
    name = "peers" if not text else "peers-texts"
    title, body, plot = part(results, f"plots/{name}.svg")
    if given.write:
        save_results(name, results)
        write_plot(name, plot)
        REPORT.write_text(replace_part(REPORT.read_text(encoding="utf-8"), title, body), encoding="utf-8")
    else:
        print(f"## {title}\n\n{body}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
