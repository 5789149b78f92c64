"""What Beam is told for each engine, what is checked before anything starts, and that Beam itself understands it."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options import pipeline_options as known
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.engines.dataflow import _is_installed
from pipeline.engines.engine_settings import RUNNERS
from pipeline.engines.launch import beam_options, job_name
from pipeline.engines.place import check_engine, is_watched, workers_here
from pipeline.engines.prism import find_prism
from pipeline.settings import Settings, default_settings, load_settings, row_settings
from schemas.errors import UsageError


def settings_for(runner: str, workers: int = 2, *options: str, **section: Any) -> Settings:
    settings = default_settings()
    run = replace(settings.run, runner=runner, workers=workers, beam_options=options)
    if section:
        settings = replace(settings, **{runner: replace(getattr(settings, runner), **section)})
    return replace(settings, run=run)


def parsed(settings: Settings, place: str = "", *, streaming: bool = False) -> PipelineOptions:
    return PipelineOptions(list(beam_options(settings, job_name="copydesk-1", place=place, streaming=streaming)))


CLOUD = {
    "project": "newsroom",
    "region": "europe-west1",
    "temp_location": "gs://tmp/x",
    "image": "registry.example/copydesk:1",
}


def test_the_local_runner_is_named_outright() -> None:
    options = parsed(settings_for("local"))
    assert options.view_as(known.StandardOptions).runner == "FnApiRunner"
    assert options.view_as(known.DirectOptions).direct_num_workers == 2


def test_prism_gets_jobs_at_its_address_and_works_in_this_process() -> None:
    options = parsed(settings_for("prism"), "localhost:7")
    assert options.view_as(known.StandardOptions).runner == "PrismRunner"
    portable = options.view_as(known.PortableOptions)
    assert (portable.job_endpoint, portable.environment_type) == ("localhost:7", "LOOPBACK")


def test_an_embedded_flink_takes_workers_of_the_pool() -> None:
    options = parsed(settings_for("flink"), "localhost:5")
    flink, portable = options.view_as(known.FlinkRunnerOptions), options.view_as(known.PortableOptions)
    assert (flink.flink_master, flink.flink_version, flink.parallelism) == ("[local]", "1.20", 2)
    assert flink.flink_job_server_jar is None
    assert (portable.environment_type, portable.environment_config) == ("EXTERNAL", "localhost:5")
    assert portable.sdk_worker_parallelism == "2"
    java = options.view_as(known.JobServerOptions).job_server_jvm_properties
    assert "--add-opens=java.base/java.nio=ALL-UNNAMED" in java


def test_flink_with_one_worker_works_in_this_process() -> None:
    portable = parsed(settings_for("flink", 1)).view_as(known.PortableOptions)
    assert (portable.environment_type, portable.sdk_worker_parallelism) == ("LOOPBACK", "1")


def test_a_session_cluster_has_workers_of_its_own() -> None:
    settings = settings_for(
        "flink",
        4,
        master="jobmanager:8081",
        version="2.0",
        job_server_jar="/opt/server.jar",
        environment="EXTERNAL",
        environment_config="localhost:50000",
    )
    options = parsed(settings)
    flink, portable = options.view_as(known.FlinkRunnerOptions), options.view_as(known.PortableOptions)
    assert (flink.flink_master, flink.flink_version) == ("jobmanager:8081", "2.0")
    assert flink.flink_job_server_jar == "/opt/server.jar"
    assert (portable.environment_config, portable.sdk_worker_parallelism) == ("localhost:50000", "4")
    assert (workers_here(settings), is_watched(settings)) == (1, False)


def test_a_stream_on_flink_has_checkpoints_and_a_batch_has_none() -> None:
    settings = settings_for("flink", checkpoint_seconds=3)
    stream = beam_options(settings, job_name="x", streaming=True)
    batch = beam_options(settings, job_name="x")
    assert {"--streaming", "--checkpointing_interval=3000"} <= set(stream)
    assert not [option for option in batch if "checkpoint" in option or option == "--streaming"]


def test_spark_has_as_many_threads_as_workers() -> None:
    options = parsed(settings_for("spark", 3), "localhost:5")
    assert options.view_as(known.SparkRunnerOptions).spark_master_url == "local[3]"
    with pytest.raises(UsageError, match="knows no streams"):
        beam_options(settings_for("spark"), job_name="x", streaming=True)


def test_dataflow_installs_nothing_on_its_workers() -> None:
    settings = settings_for("dataflow", 8, **CLOUD, public_ips=False, machine_type="n2-standard-4")
    options = parsed(settings)
    workers = options.view_as(known.WorkerOptions)
    assert (workers.max_num_workers, workers.sdk_container_image) == (8, CLOUD["image"])
    assert (workers.use_public_ips, workers.machine_type) == (False, "n2-standard-4")
    assert options.view_as(known.SetupOptions).sdk_location == "container"
    assert options.view_as(known.GoogleCloudOptions).job_name == "copydesk-1"
    assert (workers_here(settings), is_watched(settings)) == (1, False)


@pytest.mark.parametrize("runner", RUNNERS)
def test_further_options_come_last_and_win(runner: str) -> None:
    settings = settings_for(runner, 2, "--job_name=mine", "--pipeline_type_check")
    assert beam_options(settings, job_name="x")[-2:] == ("--job_name=mine", "--pipeline_type_check")


def test_job_names_suit_every_engine() -> None:
    assert job_name("0a1b2c") == "copydesk-0a1b2c"
    assert job_name("Run_7.x") == "copydesk-run-7-x"


def test_no_engine_changes_a_row() -> None:
    same = row_settings(default_settings())
    for runner in RUNNERS:
        assert row_settings(settings_for(runner, 7, "--x=1")) == same


@pytest.mark.parametrize("name", ["prism", "flink", "dataflow"])
def test_the_bundled_settings_can_be_used(name: str) -> None:
    settings = load_settings(str(files("configs").joinpath(f"{name}.toml")), environment={})
    assert settings.run.runner == name
    assert beam_options(settings, job_name="x", place="localhost:1")[0].lower() == f"--runner={name}runner"
    assert row_settings(settings) == row_settings(default_settings())


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_prism_is_found_as_set_then_by_variable_then_on_the_path_then_where_go_puts_it(tmp_path: Path) -> None:
    set_, named, on_path, by_go = (program(tmp_path / name / "prism") for name in ("set", "named", "path", "go/bin"))
    prism = default_settings().prism
    variables = {"PRISM_LOCATION": str(named), "PATH": str(on_path.parent), "HOME": str(tmp_path)}
    assert find_prism(replace(prism, location=str(set_)), variables) == str(set_)
    assert find_prism(prism, variables) == str(named)
    del variables["PRISM_LOCATION"]
    assert find_prism(prism, variables) == str(on_path)
    variables["PATH"] = ""
    assert find_prism(prism, variables) == str(by_go)
    with pytest.raises(UsageError, match=r"go install github\.com/apache/beam/sdks/v2/go/cmd/prism@v2\.\d+\.\d+ "):
        find_prism(prism, {"HOME": str(tmp_path / "set"), "PATH": ""})
    with pytest.raises(UsageError, match="no program lies there"):
        find_prism(replace(prism, location=str(tmp_path)), variables)


@pytest.mark.parametrize(
    ("settings", "lake", "message"),
    [
        (settings_for("flink"), "L", "--runner flink: its job server needs Java"),
        (settings_for("spark"), "L", "--runner spark: its job server needs Java"),
        (settings_for("prism"), "L", "--runner prism: no program prism"),
        (settings_for("dataflow"), "gs://b/L", r"\[dataflow\] project"),
        (settings_for("dataflow", **CLOUD), "L", "--lake L: Dataflow's workers can't reach it"),
        (settings_for("dataflow", **{**CLOUD, "temp_location": "/tmp"}), "gs://b/L", "must begin with gs://"),
    ],
)
def test_an_engine_that_is_not_there_is_told_in_one_line(settings: Settings, lake: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        check_engine(settings, lake, {"PATH": "", "HOME": "/nowhere"})
    assert "\n" not in str(raised.value)


def test_dataflow_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for("dataflow", **CLOUD)
    monkeypatch.setattr("pipeline.engines.dataflow._is_installed", lambda package: False)
    with pytest.raises(UsageError, match=r"pip install 'copydesk\[gcp\]'"):
        check_engine(settings, "gs://b/L")
    monkeypatch.undo()
    assert _is_installed("google.protobuf")
    assert not _is_installed("google.no_such.package")


def test_a_job_server_that_runs_already_needs_no_java() -> None:
    check_engine(settings_for("flink", 2, "--job_endpoint=localhost:8099"), "L", {"PATH": ""})


def test_a_jar_that_is_missing_is_told(tmp_path: Path) -> None:
    java = program(tmp_path / "java")
    with pytest.raises(UsageError, match=r"\[flink\] job_server_jar = '/no.jar': no file lies there"):
        check_engine(settings_for("flink", job_server_jar="/no.jar"), "L", {"PATH": str(java.parent)})
