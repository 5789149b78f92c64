"""Every hour: the Dataflow flex template brings what is new into the lake. Needs apache-airflow-providers-google.

The names in capitals are Airflow variables or yours to change; credentials come from the connection `google_cloud_default`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.providers.google.cloud.operators.dataflow import DataflowStartFlexTemplateOperator
from airflow.sdk import DAG

TEMPLATE = "gs://news/templates/copydesk-0.1.0.json"

with DAG(
    dag_id="copydesk_dataflow",
    description="Raw articles in a bucket → the lake, on Dataflow",
    schedule="5 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # The lake takes one writer at a time.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    tags=["copydesk"],
) as dag:
    ingest = DataflowStartFlexTemplateOperator(
        task_id="ingest",
        project_id="{{ var.value.gcp_project }}",
        location="europe-west1",
        append_job_name=True,
        # Without it the task ends when the job begins, and the next run meets a lake that is being written to.
        wait_until_finished=True,
        body={
            "launchParameter": {
                "jobName": "copydesk-ingest",
                "containerSpecGcsPath": TEMPLATE,
                "parameters": {
                    "inputs": "gs://news/raw",
                    "lake": "gs://news/lake",
                    "config": "gs://news/copydesk.toml",
                },
                "environment": {
                    "maxWorkers": 4,
                    "machineType": "n2-standard-4",
                    "tempLocation": "gs://news/dataflow/temp",
                    "stagingLocation": "gs://news/dataflow/staging",
                },
            }
        },
    )
