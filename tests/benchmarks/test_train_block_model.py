"""Labels, publishers and the model file of the block model's training."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.oblivious_trees import Forest, Tree
from benchmarks.train_block_model import LIMITS, MODEL, as_toml, label_texts, publisher_of
from transforms.html.block_features import FEATURES
from transforms.html.block_model import BlockModel

GOLD = "The ferry was held in port for the third day.\nRain fell.\nNobody knew why the storm had stayed so long."


def test_labels_ask_for_half_of_the_shingles() -> None:
    texts = [
        "The ferry was held in port for the third day.",
        "Ana Example writes about ships and ports.",
        "Rain fell.",
        "Rain fell on ships",
    ]
    assert label_texts(texts, GOLD) == [True, False, True, False]


def test_a_copy_is_no_part_of_a_body_that_has_it_once() -> None:
    assert label_texts(["Nobody knew why the storm had stayed so long."] * 2, GOLD) == [True, False]


@pytest.mark.parametrize(
    ("host", "publisher"),
    [("www.example.com", "example.com"), ("news.example.co.uk", "example.co.uk"), ("example", "example")],
)
def test_hosts_of_one_publisher(host: str, publisher: str) -> None:
    assert publisher_of(host) == publisher


def test_the_file_holds_the_mean_of_the_forests() -> None:
    tree = Tree((0,), (4.5,), np.array([-0.4, 0.2]))
    model = BlockModel.load(as_toml([Forest(1.0, (tree,)), Forest(2.0, (tree,))]), "[words]")
    rows = np.zeros((2, len(FEATURES)))
    rows[1, 0] = 5
    assert model.scores(rows).tolist() == [1500 - 400, 1500 + 200]


def test_the_packaged_model_has_these_limits() -> None:
    text = MODEL.read_text(encoding="utf-8")
    for name, value in LIMITS.items():
        assert f"\n{name} = {value}\n" in text
