"""The draws of a finished sweep as its run folders tell them, and features of their images by timm."""

import concurrent.futures
import csv
import dataclasses
import os
import pathlib

import numpy
import yaml

WEIGHTS = pathlib.Path(__file__).resolve().parents[2] / "weights/efficientnet-lite0-57934424.pth"
BATCH = 32
SAVED = 1024  # images at a time
THREADS = 2


class Unusable(Exception):
    """What the user can mend."""


def read_csv(path):
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise Unusable(f"{path}: not there; train the run again with this version of the program") from None


@dataclasses.dataclass
class Draw:
    """The images that every variant of one seed and shots has: names and labels."""
    place: pathlib.Path  # shots_…/seed_… or seed_…, below a variant
    seed: int
    train: dict
    test: dict

    @property
    def shots(self):
        return int(self.place.parts[0].removeprefix("shots_")) if len(self.place.parts) > 1 else 0


def run_folders(variant):
    """Of the finished runs below a variant's folder, by shots and seed."""
    found = [path.parent for pattern in ("seed_*/metrics.json", "shots_*/seed_*/metrics.json") for path in variant.glob(pattern)]
    return sorted(found, key=lambda path: [int(part.rpartition("_")[2]) for part in path.relative_to(variant).parts])


def predictions(run):
    """{image: (label, predicted label)}"""
    return {row["path"]: (row["label"], row["top1"]) for row in read_csv(run / "predictions.csv")}


def read_draws(variant):
    draws = []
    for run in run_folders(variant):
        train = {row["path"]: row["label"] for row in read_csv(run / "splits.csv") if row["split"] == "train"}
        test = {name: label for name, (label, _) in predictions(run).items()}
        draws.append(Draw(run.relative_to(variant), int(run.name.removeprefix("seed_")), train, test))
    if not draws:
        raise Unusable(f"{variant}: no finished run is below it")
    return draws


def image_root(variant, asked):
    """The folder that images' names start from."""
    config = yaml.safe_load((run_folders(variant)[0] / "config.yaml").read_text())
    data, network = config["data"], config["model"]["name"]
    if network != "efficientnet_lite0":
        raise Unusable(f"{variant}: the network is {network}; features are made by timm's EfficientNet-Lite0 only")
    if data["format"] == "park":
        raise Unusable(f"{variant}: a park's images are no files; generate one with store: true")
    root = pathlib.Path(asked or data["root"])
    root = root.parent if root.is_file() else root
    if not root.is_dir():
        raise Unusable(f"{root}: no such folder; name the images' with --data")
    return root


def make_features(root, names):
    """[images, 1280] float32 of centre crops by timm's network in fp32, images channels-last; THREADS batches at a time, one thread each."""
    import torch
    from PIL import Image

    from peers import network, pooled, transforms

    torch.set_num_threads(1)
    net, transform = pooled(network("efficientnet_lite0", 1000, WEIGHTS)).eval().to(memory_format=torch.channels_last), transforms()["centre"]

    def batch(start):
        with torch.inference_mode():
            images = [transform(Image.open(root / name).convert("RGB")) for name in names[start:start + BATCH]]
            return net(torch.stack(images).contiguous(memory_format=torch.channels_last)).numpy()

    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        return numpy.concatenate(list(pool.map(batch, range(0, len(names), BATCH))))


class Features:
    """Of all images of a root, made once and kept in FOLDER/features.npz, as far as they are made should this be stopped."""

    def __init__(self, folder, root, names):
        self.path, self.root = folder / "features.npz", str(root.resolve())
        self.names, self.rows = [], numpy.zeros((0, 1280), numpy.float32)
        if self.path.exists():
            with numpy.load(self.path) as saved:
                if str(saved["root"]) == self.root:
                    self.names, self.rows = [str(name) for name in saved["names"]], saved["features"]
        missing = sorted(set(names) - set(self.names))
        for start in range(0, len(missing), SAVED):
            self.add(missing[start:start + SAVED], root)
            print(f"features: {min(start + SAVED, len(missing))} of {len(missing)} images", flush=True)
        self.place = {name: row for row, name in enumerate(self.names)}

    def add(self, names, root):
        self.rows = numpy.concatenate([self.rows, make_features(root, names)])
        self.names += names
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial.npz")
        numpy.savez(partial, root=self.root, names=numpy.array(self.names), features=self.rows)
        os.replace(partial, self.path)

    def of(self, names):
        return self.rows[[self.place[name] for name in names]]
