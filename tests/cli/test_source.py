"""Heads of source classes: what the network was pretrained on describes the images."""

import csv
import hashlib
import signal

import pytest
import torch
import torchvision
from safetensors.torch import load_file
from test_resume import epoch_reached, reached, stop


@pytest.fixture
def weights(tmp_path):
    """A network with an output layer of 12 classes of its own."""
    torch.manual_seed(0)
    path = tmp_path / "pretrained.pth"
    torch.save(torchvision.models.resnet18(num_classes=12).state_dict(), path)
    return f"model.weights={path}"


def test_a_head_of_source_classes_is_saved_and_opened_again(kaziranga, config, weights, tmp_path):
    kaziranga("train", config, weights, "head.type=ridge", "head.inputs=source")
    saved = load_file(tmp_path / "run/weights/best.safetensors")
    assert saved["fc.source_weight"].shape == (12, 512)
    assert saved["fc.weight"].shape == (4, 512 + 12)
    assert torch.equal(saved["fc.source_weight"], torch.load(tmp_path / "pretrained.pth")["fc.weight"])
    kaziranga("val", "run", "--output", "again")

    def predictions(folder):
        with open(tmp_path / folder / "predictions.csv", newline="") as file:
            return {row["path"]: row["top1"] for row in csv.DictReader(file)}

    assert predictions("again") == predictions("run")


def test_its_checkpoint_is_a_start_for_another_run(kaziranga, config, weights):
    kaziranga("train", config, weights, "head.type=ridge", "head.inputs=source")
    kaziranga("train", config, "model.weights=run/weights/best.safetensors", "head.type=lda", "output=again")


def test_auto_compares_both_inputs(kaziranga, config, weights, tmp_path):
    kaziranga("train", config, weights, "head.type=auto")
    with open(tmp_path / "run/candidates.csv", newline="") as file:
        heads = {row["head"] for row in csv.DictReader(file)}
    assert {"lda", "lda of source classes", "ridge of source classes", "ensemble"} <= heads


def test_without_source_classes(kaziranga, config):
    stderr = kaziranga("train", config, "head.type=lda", "head.inputs=source", code=2).stderr
    assert "there are no source classes to describe images by" in stderr and "head.inputs=features" in stderr


@pytest.mark.parametrize("given, said", [
    (["head.type=knn", "head.inputs=source"], "knn does not take source classes"),
    (["head.type=auto", "head.inputs=source", "head.candidates=[prototype,knn]"], "none of the candidates takes source classes"),
    (["head.inputs=[auto,source]"], "auto stands alone"),
    (["head.inputs=[]"], "an empty list"),
    (["head.inputs=sorce"], "did you mean 'source'?"),
])
def test_problems(kaziranga, config, given, said):
    assert said in kaziranga("check", config, *given, code=2).stderr


def test_fine_tuning_from_it_goes_on_bit_for_bit(kaziranga, config, weights, tmp_path):
    options = [weights, "model.freeze=[conv1,bn1,layer1,layer2,layer3]", "head.type=ridge", "head.inputs=source",
               "train.unfreeze={2: layer3}", "optimizer.name=adamw", "optimizer.lr=0.001", "train.epochs=4", "train.batch_size=8"]
    kaziranga("train", config, "output=whole", *options)
    stopped = tmp_path / "stopped"
    stop(config, stopped, options, signal.SIGKILL, reached(stopped / "weights/state.safetensors", 1))
    stop(config, stopped, options, signal.SIGKILL, epoch_reached(stopped, 1))
    stop(config, stopped, options, signal.SIGKILL, epoch_reached(stopped, 2))
    kaziranga("train", config, "output=stopped", "resume=true", *options)

    def digest(run):
        return hashlib.sha256((tmp_path / run / "weights/last.safetensors").read_bytes()).hexdigest()

    assert digest("stopped") == digest("whole")
