"""The untouched pretrained EfficientNet-Lite0 says of every photograph what timm's says."""

import csv
import os
import pathlib
import shutil
import subprocess
import tarfile

import pytest

timm = pytest.importorskip("timm")
torch = pytest.importorskip("torch")
v2 = pytest.importorskip("torchvision.transforms.v2")
from PIL import Image  # noqa: E402
from torchvision.transforms import InterpolationMode  # noqa: E402

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", REPOSITORY / "build")) / "kaziranga"
SHARED = pathlib.Path(os.environ.get("KAZIRANGA_SHARED_DATA", REPOSITORY.parent / "shared/data"))
WEIGHTS = REPOSITORY / "weights/efficientnet-lite0-57934424.pth"


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """The 400 photographs, sorted into folders named by WordNet id."""
    archive = SHARED / "imagenet-samples-400.tar"
    if not archive.exists():
        pytest.skip(f"NOT RUN: {archive} is not there; set KAZIRANGA_SHARED_DATA to the folder that holds it")
    folder = tmp_path_factory.mktemp("photographs")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    for path in folder.rglob("*.JPEG"):
        target = folder / "sorted" / path.name.split("_")[0] / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
    return folder / "sorted"


def peer_top1(paths):
    network = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    weights = torch.load(WEIGHTS, weights_only=True)
    names = list(network.state_dict())
    assert len(names) == len(weights)
    network.load_state_dict(dict(zip(names, weights.values())))  # the package keeps timm's order under other names
    network.eval()
    transform = v2.Compose([
        v2.Resize(256, InterpolationMode.BICUBIC),
        v2.CenterCrop(224), v2.PILToTensor()])
    found = {}
    with torch.inference_mode():
        for path in paths:
            image = transform(Image.open(path).convert("RGB")).float()
            found[path.name] = int(network((image[None] - 127) / 128).argmax())
    return found


def test_val_of_the_untouched_network(photographs, tmp_path):
    if not WEIGHTS.exists():
        pytest.skip(f"NOT RUN: {WEIGHTS} is not there; run scripts/setup")
    subprocess.run([PROGRAM, "val", REPOSITORY / "configs/efficientnet_lite0_imagenet.yaml", "--data", photographs,
                    "--output", tmp_path / "out"], cwd=REPOSITORY, check=True)
    with open(tmp_path / "out/predictions.csv", newline="") as file:
        ours = {pathlib.Path(row["path"]).name: int(row["top1_index"]) for row in csv.DictReader(file)}
    theirs = peer_top1(sorted(photographs.rglob("*.JPEG")))
    assert ours.keys() == theirs.keys() and len(ours) == 400
    different = [name for name in theirs if ours[name] != theirs[name]]
    print(f"{len(different)} of {len(theirs)} photographs differ: {different}")
    assert len(different) <= 1
