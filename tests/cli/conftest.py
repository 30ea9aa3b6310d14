"""Drives the built program as its users do."""

import csv
import os
import pathlib
import subprocess
import tarfile
import time

import numpy
import pytest
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", REPOSITORY / "build")) / "kaziranga"
SHARED_DATA = pathlib.Path(os.environ.get("KAZIRANGA_SHARED_DATA", REPOSITORY.parent / "shared/data"))


@pytest.fixture
def kaziranga(tmp_path):
    """Runs the program in a folder of its own and checks its exit code; returns the finished process."""

    def run(*arguments, code=0, timeout=300):
        process = subprocess.run([PROGRAM, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True,
                                 timeout=timeout, errors="replace")
        assert process.returncode == code, f"exit code {process.returncode}\n{process.stdout}\n{process.stderr}"
        return process

    return run


def wait_until(condition, process, seconds=60):
    """Looks again and again; returns whether the condition came true before the process ended."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        try:
            process.wait(timeout=0.002)
            return condition()
        except subprocess.TimeoutExpired:
            pass
    return True


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def draw(path, colour, index, side=48):
    """A noisy picture whose colour tells its class."""
    random = numpy.random.default_rng([*colour, index])
    pixels = numpy.clip(numpy.array(colour) + random.normal(0, 40, (side, side, 3)), 0, 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.astype("uint8")).save(path)


def draw_frame(path, animals, seed, size=(200, 200)):
    """A noisy frame of so many columns and rows, with a patch for each animal: [(colour, x, y, side in pixels)]."""
    random = numpy.random.default_rng(seed)
    frame = random.integers(0, 256, (size[1], size[0], 3))
    for colour, x, y, side in animals:
        patch = numpy.array(colour) + random.normal(0, 20, (side, side, 3))
        frame[y:y + side, x:x + side] = numpy.clip(patch, 0, 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(frame.astype("uint8")).save(path, quality=95)


EXIF_TIME = 0x0132
COLOURS = {"deer": (150, 90, 40), "elephant": (120, 120, 120), "frog": (60, 160, 40), "parrot": (40, 60, 200)}


@pytest.fixture
def photos(tmp_path):
    """Four classes in train/, val/ and test/."""
    root = tmp_path / "photos"
    for name, colour in COLOURS.items():
        for index in range(10):
            split = "train" if index < 5 else "val" if index < 7 else "test"
            draw(root / split / name / f"{index}.jpg", colour, index)
    return root


@pytest.fixture
def config(tmp_path, photos):
    """A small experiment that needs no downloaded weights."""
    path = tmp_path / "small.yaml"
    path.write_text(
        "output: run\n"
        "data: {root: photos}\n"
        "model: {name: resnet18, weights: random}\n"
        "features: {precision: fp32, cache: cache}\n"
        "threads: 1\n"
    )
    return path


@pytest.fixture
def camera_traps(tmp_path):
    """Real camera-trap frames and the tables of other tools, unpacked; returns the folder's name in tmp_path."""
    archive = SHARED_DATA / "camera-traps.tar"
    if not archive.exists():
        pytest.skip(f"NOT RUN: {archive} is not there; set KAZIRANGA_SHARED_DATA to the folder that holds it")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    return "camera-traps"


@pytest.fixture
def cameras(tmp_path):
    """Four species at eight sites: bursts of three pictures a minute and more apart, and a table with the sites."""
    table = [["file", "species", "location", "datetime"]]
    for k, (name, colour) in enumerate(COLOURS.items()):
        for i in range(24):
            path = tmp_path / f"photos2/{name}/{i:02}.jpg"
            draw(path, colour, i)
            taken = f"2026:11:{1 + i // 3:02} 08:{k:02}:{10 * (i % 3):02}"
            image = Image.open(path)
            exif = image.getexif()
            exif[EXIF_TIME] = taken
            image.save(path, exif=exif)
            table.append([f"{name}/{i:02}.jpg", name, f"site {(i // 3) % 8}", taken])
    with open(tmp_path / "photos2/table.csv", "w", newline="") as file:
        csv.writer(file).writerows(table)
    return "photos2"
