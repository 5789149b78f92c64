"""Apache Spark reads a lake: as plain Parquet, as its Iceberg tables, and through the manifests. `make test-engines` runs it.

Skips without Java 17 or pyspark. The Iceberg jar comes from Maven unless COPYDESK_ICEBERG_SPARK_JAR names one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.lake.read import dataset
from pipeline.summary import Summary

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed"),
]

ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-4.0_2.13:1.10.0"

# In a process of its own: a JVM outlives the test that starts it.
SCRIPT = """
import glob, json, sys
from pyspark.sql import SparkSession

lake, key, jar = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[1]")
    .config(key, jar)
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
live, gone = set(), set()
for path in glob.glob(f"{lake}/_runs/*.json"):
    manifest = json.load(open(path))
    live |= {file["path"] for file in manifest["files"] if file["table"] == "articles"}
    gone |= set(manifest["replaces"])
newest = max(glob.glob(f"{lake}/_iceberg/articles/metadata/*.metadata.json"))
frames = {
    "globbed": spark.read.parquet(f"{lake}/articles"),
    "manifests": spark.read.option("basePath", f"{lake}/articles").parquet(*[f"{lake}/{path}" for path in sorted(live - gone)]),
    "iceberg": spark.read.format("iceberg").load(f"file://{newest}"),
}
found = {}
for name, frame in frames.items():
    rows = frame.selectExpr(
        "article_id", "language", "published_month", "CAST(published_at AS STRING) AS published_at",
        "size(authors) AS authors", "length(body) AS length",
    )
    found[name] = [row.asDict() for row in rows.orderBy("article_id").collect()]
found["pushed"] = frames["iceberg"].filter("published_month IS NULL").count()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def seen(sample_run: tuple[Path, Summary], tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What Spark reads of the samples' lake, and that lake."""
    folder = tmp_path_factory.mktemp("spark")
    lake = folder / "lake"
    shutil.copytree(sample_run[0], lake)
    assert main(["migrate", str(lake), "--table-format", "iceberg"]) == 0
    jar = os.environ.get("COPYDESK_ICEBERG_SPARK_JAR")
    where = ("spark.jars", jar) if jar else ("spark.jars.packages", ICEBERG)
    command = [sys.executable, "-c", SCRIPT, str(lake), *where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1]), lake


def test_spark_sees_the_same_articles_in_three_ways(seen: tuple[dict[str, Any], Path]) -> None:
    found, lake = seen
    rows = dataset(str(lake), "articles").to_table().sort_by("article_id").to_pylist()
    expected = [
        {
            "article_id": row["article_id"],
            "language": row["language"],
            "published_month": row["published_month"],
            "published_at": row["published_at"].strftime("%Y-%m-%d %H:%M:%S") if row["published_at"] else None,
            "authors": len(row["authors"]),
            "length": len(row["body"]),
        }
        for row in rows
    ]
    assert found["iceberg"] == expected
    assert found["globbed"] == expected
    assert found["manifests"] == expected
    assert found["pushed"] == Counter(row["published_month"] for row in rows)[None] > 0
