"""Drives the built program as its users do."""

import os
import pathlib
import subprocess
import time

import numpy
import pytest
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", REPOSITORY / "build")) / "kaziranga"


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


def draw(path, colour, index, side=48):
    """A noisy picture whose colour tells its class."""
    random = numpy.random.default_rng([*colour, index])
    pixels = numpy.clip(numpy.array(colour) + random.normal(0, 40, (side, side, 3)), 0, 255)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.astype("uint8")).save(path)


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
