"""That the program is not slower than its peers where it means to be faster: ratios far below those of docs/benchmarks.md, so
that a busy machine does not fail them."""

import pathlib
import sys

import numpy
import pytest
from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts/benchmark"))
from measure import best, hot_path, interleave, peer  # noqa: E402

pytest.importorskip("timm")
ROUNDS = 2


@pytest.mark.parametrize("network, at_least", [("resnet18", 1.2), ("efficientnet_lite0", 2.0)])
def test_the_backbone_pass_over_eager_pytorch(network, at_least):
    found = interleave({"peer": lambda: peer("pass", "--network", network, "--form", "eager"),
                        "ours": lambda: hot_path(f"pass/{network}/fp32")}, ROUNDS)
    ratio = best(found["ours"], "items_per_second")[0] / best(found["peer"], "images_per_second")[0]
    assert ratio >= at_least


def test_decoding_and_resizing_over_pillow(tmp_path):
    random = numpy.random.default_rng(0)
    for number in range(40):
        rough = random.integers(0, 256, (40, 50, 3), dtype=numpy.uint8)
        Image.fromarray(rough).resize((500, 400), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.jpg", quality=90)
    environment = {"KAZIRANGA_BENCH_IMAGES": str(tmp_path)}
    found = interleave({"peer": lambda: peer("read", "--form", "pillow", "--data", tmp_path),
                        "ours": lambda: hot_path("read_and_resize", environment)}, ROUNDS)
    ratio = best(found["ours"], "items_per_second")[0] / best(found["peer"], "images_per_second")[0]
    assert ratio >= 0.8
