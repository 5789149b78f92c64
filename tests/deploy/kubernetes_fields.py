"""Names the fields of Kubernetes manifests that Kubernetes does not know, and required ones that are missing. For a Python that
has the package `kubernetes`, such as that of `make test-airflow`.

kubernetes_fields.py FILE…  ->  a line for each problem; exit code 1 if there is one
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from kubernetes.client import models

KINDS = {"CronJob": "V1CronJob", "Deployment": "V1Deployment", "Job": "V1Job", "Service": "V1Service"}


def problems(kind: str, value: Any, where: str) -> Iterator[str]:
    """`kind` is a type as the client writes them: "V1Pod", "list[V1Volume]", "dict(str, str)", "str"."""
    inner = re.fullmatch(r"list\[(.+)\]", kind)
    if inner:
        if not isinstance(value, list):
            yield f"{where}: is no list"
            return
        for number, each in enumerate(value):
            yield from problems(inner.group(1), each, f"{where}[{number}]")
    elif re.fullmatch(r"V\d\w+", kind):
        model = getattr(models, kind)
        types = {model.attribute_map[name]: each for name, each in model.openapi_types.items()}
        for name, each in value.items():
            if name in types:
                yield from problems(types[name], each, f"{where}.{name}")
            else:
                yield f"{where}.{name}: no such field of {kind}"
    elif kind == "str" and not isinstance(value, str):
        yield f"{where}: {value!r} is no text"
    elif kind == "int" and not isinstance(value, int):
        yield f"{where}: {value!r} is no number"
    elif kind == "dict(str, str)" and not all(isinstance(each, str) for each in value.values()):
        yield f"{where}: {value!r} holds what is no text"


def main() -> int:
    """The command line; the exit code."""
    found = []
    for name in sys.argv[1:]:
        for each in yaml.safe_load_all(Path(name).read_text()):
            found += problems(KINDS[each["kind"]], each, f"{Path(name).name}: {each['kind']}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
