"""Every hour: `copydesk ingest` in a pod, then `copydesk verify` once a day. Needs apache-airflow-providers-cncf-kubernetes.

Where the Airflow worker has copydesk itself, a BashOperator with the same command does; see README.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import DAG
from kubernetes.client import models as k8s

IMAGE = "registry.example/copydesk:0.1.0"
LAKE = "gs://news/lake"

with DAG(
    dag_id="copydesk_pod",
    description="Raw articles in a bucket → the lake, in a pod",
    schedule="5 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # The lake takes one writer at a time.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["copydesk"],
) as dag:
    ingest = KubernetesPodOperator(
        task_id="ingest",
        name="copydesk-ingest",
        image=IMAGE,
        arguments=[
            "ingest",
            "gs://news/raw",
            "--lake",
            LAKE,
            "--workers",
            "2",
            "--max-reject-share",
            "0.2",
            "--json",
        ],
        service_account_name="copydesk",
        container_resources=k8s.V1ResourceRequirements(
            requests={"cpu": "2", "memory": "2Gi"}, limits={"memory": "3Gi"}
        ),
        # A pod that dies leaves nothing behind: the next attempt begins again.
        on_finish_action="delete_pod",
        termination_grace_period=60,
    )
    verify = KubernetesPodOperator(
        task_id="verify",
        name="copydesk-verify",
        image=IMAGE,
        arguments=["verify", LAKE, "--json"],
        service_account_name="copydesk",
        on_finish_action="delete_pod",
    )
    _ = ingest >> verify
