"""The DAGs of deploy/airflow: what they ask for exists, and Airflow itself, where there is one, can read them. The manifests, too.

Airflow needs an environment of its own: `make test-airflow` makes it and names it in COPYDESK_AIRFLOW_PYTHON.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pipeline.arguments import parse

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
DAGS = DEPLOY / "airflow" / "dags"
AIRFLOW = os.environ.get("COPYDESK_AIRFLOW_PYTHON", "")

SCRIPT = """
import json, sys
from airflow.dag_processing.dagbag import DagBag

bag = DagBag(sys.argv[1])
tasks = {name: {task.task_id: task.task_type for task in dag.tasks} for name, dag in bag.dags.items()}
print("RESULT" + json.dumps([bag.import_errors, tasks, {name: dag.max_active_runs for name, dag in bag.dags.items()}]))
"""


def calls(file: str, operator: str) -> list[dict[str, ast.expr]]:
    """The keywords of each call of `operator` in a DAG."""
    tree = ast.parse((DAGS / file).read_text())
    return [
        {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == operator
    ]


def value(file: str, node: ast.expr) -> Any:
    """A literal in which the file's own constants may stand."""
    constants = {
        target.id: each.value
        for each in ast.parse((DAGS / file).read_text()).body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }

    class Filled(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return constants[name.id]

    return ast.literal_eval(Filled().visit(node))


def test_pods_run_commands_with_options_that_exist() -> None:
    found = calls("copydesk_pod.py", "KubernetesPodOperator")
    assert [parse(value("copydesk_pod.py", each["arguments"])).command for each in found] == ["ingest", "verify"]


def test_the_template_gets_parameters_that_it_has() -> None:
    (call,) = calls("copydesk_dataflow.py", "DataflowStartFlexTemplateOperator")
    request = value("copydesk_dataflow.py", call["body"])["launchParameter"]
    declared = {
        each["name"]: each for each in json.loads((DEPLOY / "dataflow/metadata.json").read_text())["parameters"]
    }
    assert request["parameters"].keys() <= declared.keys()
    assert {name for name, each in declared.items() if not each.get("isOptional")} <= request["parameters"].keys()
    assert ast.literal_eval(call["wait_until_finished"]) is True


@pytest.mark.engines
@pytest.mark.skipif(not AIRFLOW, reason="COPYDESK_AIRFLOW_PYTHON is not set; `make test-airflow` sets it")
def test_airflow_reads_the_dags(tmp_path: Path) -> None:
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    command = [str(Path(AIRFLOW).absolute()), "-c", SCRIPT, str(DAGS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    errors, tasks, at_once = json.loads(line.removeprefix("RESULT"))
    assert errors == {}
    assert tasks == {
        "copydesk_dataflow": {"ingest": "DataflowStartFlexTemplateOperator"},
        "copydesk_pod": {"ingest": "KubernetesPodOperator", "verify": "KubernetesPodOperator"},
    }
    assert set(at_once.values()) == {1}


@pytest.mark.engines
@pytest.mark.skipif(not AIRFLOW, reason="COPYDESK_AIRFLOW_PYTHON is not set; `make test-airflow` sets it")
def test_kubernetes_knows_the_fields_of_the_manifests(tmp_path: Path) -> None:
    script = Path(__file__).with_name("kubernetes_fields.py")
    manifests = sorted(DEPLOY.rglob("*.yaml"))
    bad = tmp_path / "bad.yaml"
    bad.write_text((DEPLOY / "kubernetes/watch.yaml").read_text().replace("livenessProbe", "liveProbe"))
    python = str(Path(AIRFLOW).absolute())
    good = subprocess.run([python, str(script), *map(str, manifests)], capture_output=True, text=True, timeout=120)
    assert (good.returncode, good.stdout.strip()) == (0, "")
    told = subprocess.run([python, str(script), str(bad)], capture_output=True, text=True, timeout=120)
    assert "liveProbe: no such field of V1Container" in told.stdout
