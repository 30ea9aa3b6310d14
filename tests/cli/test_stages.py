"""Heads of the features of all stages."""

import csv
import json

import pytest
from safetensors.torch import load_file

EARLIER = 64 + 128 + 256  # channels of resnet18's layer1, layer2 and layer3


@pytest.mark.parametrize("head", ["ridge", "prototype", "knn", "linear", "mlp"])
def test_a_head_of_all_stages_is_saved_and_opened_again(kaziranga, config, tmp_path, head):
    kaziranga("train", config, f"head.type={head}", "head.inputs=stages", "train.epochs=20", "optimizer.name=adamw",
              "optimizer.lr=0.003")
    test = json.loads((tmp_path / "run/metrics.json").read_text())["test"]
    assert test["top1"] >= 60
    assert f"top-1 {test['top1']:.2f}" in kaziranga("val", "run").stdout
    if head in ("ridge", "linear"):
        assert load_file(tmp_path / "run/weights/best.safetensors")["fc.weight"].shape == (4, 512 + EARLIER)


def test_what_is_not_chosen_is_not_kept(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=lda", "head.inputs=[features,stages]")
    with open(tmp_path / "run/candidates.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert {row["head"] for row in table} == {"lda", "lda of all stages"}
    (chosen,) = [row["head"] for row in table if row["chosen"] == "yes"]
    features = load_file(tmp_path / "run/weights/best.safetensors")["fc.weight"].shape[1]
    assert features == (512 if chosen == "lda" else 512 + EARLIER)


def test_fine_tuning_starts_from_it(kaziranga, config, tmp_path):
    kaziranga("train", config, "model.freeze=[conv1,bn1,layer1,layer2,layer3]", "model.batch_norm=train", "head.type=ridge",
              "head.inputs=stages", "train.epochs=1", "train.batch_size=8", "optimizer.lr=0.001")
    assert load_file(tmp_path / "run/weights/best.safetensors")["fc.weight"].shape == (4, 512 + EARLIER)
    kaziranga("val", "run")


@pytest.mark.parametrize("given, said", [
    (["head.type=linear", "head.inputs=[features,stages]"], "linear takes one kind alone"),
    (["head.type=pretrained", "model.weights=pretrained", "head.inputs=stages"], "takes features alone"),
    (["features.train_views=[]"], "an empty list"),
    (["features.train_views=[flip,flip]"], "flip stands there twice"),
    (["features.views=3"], "did you mean 'features.random_views'"),
])
def test_problems(kaziranga, config, given, said):
    assert said in kaziranga("check", config, *given, code=2).stderr
