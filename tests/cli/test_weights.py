"""Weights as training scripts leave them: whatever stands around a state dict, the network in it is the same."""

import argparse
import collections
import pathlib
import struct
import subprocess

import numpy
import pytest
import torch
import torchvision
from conftest import PROGRAM
from safetensors.torch import load_file, save_file


@pytest.fixture(scope="module")
def state():
    torch.manual_seed(0)
    return torchvision.models.resnet18(num_classes=12).state_dict()


def before(prefix, state):
    return collections.OrderedDict((prefix + name, tensor) for name, tensor in state.items())


def without_head(state):
    return {name: tensor for name, tensor in state.items() if not name.startswith("fc.")}


def noisy(state):
    return {name: tensor + 1 if tensor.is_floating_point() else tensor for name, tensor in state.items()}


class Config:
    """A class of the training script, which nobody else can import."""

    def __init__(self):
        self.lr = 0.1


AVERAGED = collections.OrderedDict(n_averaged=torch.tensor(5))

# What is saved, and what the log says of it.
SCRIPTS = {
    "torch": (lambda s: s, []),
    "DataParallel": (lambda s: {"state_dict": before("module.", s), "best_acc1": torch.tensor(71.2)}, ["'module.'"]),
    "compile": (lambda s: before("module._orig_mod.", s), ["'module._orig_mod.'"]),
    "AveragedModel": (lambda s: AVERAGED | before("module.", s), ["'module.'"]),
    "Lightning": (lambda s: {"state_dict": before("model.", s) | {"criterion.weight": torch.ones(5)},
                             "hyper_parameters": {"config": Config()}, "callbacks": {}},
                  ["'model.'; left out (1): criterion.weight"]),
    "MMPretrain": (lambda s: {"meta": {}, "state_dict": before("backbone.", without_head(s))}, ["'backbone.'"]),
    "MoCo": (lambda s: {"state_dict": before("module.encoder_q.", s) | before("module.encoder_k.", noisy(s))
                        | {"module.queue": torch.zeros(8, 4)}},
             ["'module.encoder_q.', and not those under 'module.encoder_k.'; left out (103): module.encoder_k.conv1.weight, "]),
    "timm": (lambda s: {"state_dict": noisy(s), "state_dict_ema": s, "args": argparse.Namespace(opt="sgd"),
                        "metric": 71.2}, ["the averaged ones, 'state_dict_ema', and not those under 'state_dict'"]),
    "torchvision": (lambda s: {"model": noisy(s), "model_ema": AVERAGED | before("module.", s),
                               "args": argparse.Namespace(data=pathlib.Path("x"))},
                    ["the averaged ones, 'model_ema', and not those under 'model'", "'module.'"]),
    "NumPy": (lambda s: {"net": s, "best": numpy.float64(71.2), "epoch": numpy.int64(3), "history": numpy.arange(4.0)},
              []),
    "list": (lambda s: [s, 3], []),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_network_is_found(kaziranga, config, tmp_path, state, script):
    save, said = SCRIPTS[script]
    torch.save(save(state), tmp_path / "weights.pth")
    stderr = kaziranga("train", config, "model.weights=weights.pth", "head.type=prototype").stderr
    for text in said:
        assert text in stderr
    if not said:
        assert "prefix" not in stderr and "averaged" not in stderr
    saved = load_file(tmp_path / "run/weights/best.safetensors")
    for name, tensor in without_head(state).items():
        assert torch.equal(saved[name], tensor), name


def refused(kaziranga, config, weights):
    return kaziranga("train", config, f"model.weights={weights}", "head.type=prototype", code=2).stderr


def test_a_mismatch_is_told_in_a_few_lines(kaziranga, config, tmp_path):
    torch.save(before("net.", torchvision.models.resnet50().state_dict()), tmp_path / "weights.pth")
    stderr = refused(kaziranga, config, "weights.pth")
    assert "(found names without the prefix 'net.'); choose the architecture that these weights were trained for" in stderr
    assert stderr.count("is unexpected") == 10 and "more unexpected" in stderr
    assert stderr.count("another shape") == 10 and "more of the wrong kind" in stderr
    assert len(stderr.splitlines()) < 40


def test_a_wrong_checksum(kaziranga, config, tmp_path, state):
    path = tmp_path / "weights.pth"
    torch.save(state, path)
    content = bytearray(path.read_bytes())
    content[content.find(state["layer4.1.conv2.weight"].numpy().tobytes()) + 1000] ^= 1
    path.write_bytes(content)
    stderr = refused(kaziranga, config, "weights.pth")
    assert "does not match its checksum (expected CRC-32" in stderr and "download or save it again" in stderr


def test_an_interrupted_download(kaziranga, config, tmp_path, state):
    path = tmp_path / "weights.pth"
    torch.save(state, path)
    path.write_bytes(path.read_bytes()[: 1 << 20])
    stderr = refused(kaziranga, config, "weights.pth")
    assert "no directory at its end" in stderr and "1048576 bytes" in stderr and "download or save it again" in stderr


def test_a_huge_file_of_nothing(kaziranga, config, tmp_path):
    with open(tmp_path / "weights.pth", "wb") as file:
        file.truncate(10 << 30)
    assert "not a weight file" in kaziranga("train", config, "model.weights=weights.pth", code=2, timeout=20).stderr


def test_a_header_without_end(kaziranga, config, tmp_path):
    entries = ",".join(f'"t{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}' for i in range(200_000))
    header = ("{" + entries + "}").encode()
    (tmp_path / "weights.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    assert "more tensors than any network" in refused(kaziranga, config, "weights.safetensors")


def test_an_output_layer_of_empty_rows_takes_no_memory(kaziranga, tmp_path, photos):
    save_file({"fc.weight": torch.zeros(10_000_000, 0)}, tmp_path / "weights.safetensors")
    (tmp_path / "published.yaml").write_text("model: {name: resnet18, weights: weights.safetensors}\nhead: {type: pretrained}\n")
    limited = ["bash", "-c", 'ulimit -v 12000000; exec "$@"', "bash", PROGRAM, "predict", "published.yaml", "photos/test/deer", "threads=1"]
    process = subprocess.run(limited, cwd=tmp_path, capture_output=True, text=True)
    assert process.returncode == 2 and "weights.safetensors" in process.stderr


def test_one_of_several_files(kaziranga, config, tmp_path, state):
    names = list(state)
    save_file({name: state[name] for name in names[:50]}, tmp_path / "model-00001-of-00002.safetensors")
    assert "one of several files" in refused(kaziranga, config, "model-00001-of-00002.safetensors")


def test_a_whole_network(kaziranga, config, tmp_path):
    torch.save(torchvision.models.resnet18(), tmp_path / "weights.pth")
    stderr = refused(kaziranga, config, "weights.pth")
    assert "torchvision.models.resnet.ResNet" in stderr and "torch.save(model.state_dict(), 'weights.pth')" in stderr


def test_a_damaged_checkpoint_of_ours_is_no_start(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=lda")
    checkpoint = tmp_path / "run/weights/best.safetensors"
    data = bytearray(checkpoint.read_bytes())
    data[len(data) // 2] ^= 4
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(data)
    for verb in ("check", "train"):
        stderr = kaziranga(verb, config, "model.weights=damaged.safetensors", "output=again", code=2)
        assert "its checksum is another" in stderr.stdout + stderr.stderr
    kaziranga("train", config, "model.weights=run/weights/best.safetensors", "output=again")


def test_weights_of_pytorch_are_no_checkpoint(kaziranga, config, tmp_path, state):
    torch.save(state, tmp_path / "network.pth")
    assert "weights of PyTorch" in kaziranga("predict", "network.pth", config, code=2).stderr
