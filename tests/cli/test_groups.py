"""Pictures of one animal or one place stay in one split, so that a split says what the next site will see."""

import csv

import pytest
from PIL import Image

from conftest import COLOURS, draw, rows

EXIF_TIME = 0x0132


@pytest.fixture
def cameras(tmp_path):
    """Four species at eight sites: bursts of three pictures a minute and more apart, and a table with the sites."""
    rows = [["file", "species", "location", "datetime"]]
    for k, (name, colour) in enumerate(COLOURS.items()):
        for i in range(24):
            path = tmp_path / f"photos2/{name}/{i:02}.jpg"
            draw(path, colour, i)
            taken = f"2026:11:{1 + i // 3:02} 08:{k:02}:{10 * (i % 3):02}"
            image = Image.open(path)
            exif = image.getexif()
            exif[EXIF_TIME] = taken
            image.save(path, exif=exif)
            rows.append([f"{name}/{i:02}.jpg", name, f"site {(i // 3) % 8}", taken])
    table = tmp_path / "photos2/table.csv"
    with open(table, "w", newline="") as file:
        csv.writer(file).writerows(rows)
    return "photos2"


def splits(tmp_path):
    return rows(tmp_path / "run/splits.csv")


@pytest.mark.parametrize("given, groups", [
    (["data.root=photos2/table.csv", "data.group=site"], 8),
    (["data.root=photos2/table.csv", "data.group=location"], 8),
    (["data.root=photos2/table.csv", "data.group=burst"], 32),
    (["data.root=photos2", "data.group=burst"], 32),
    (["data.root=photos2", "data.group=folder", "data.test_fraction=0"], 4),
])
def test_groups_are_whole_and_written_down(kaziranga, config, cameras, tmp_path, given, groups):
    kaziranga("train", config, *given, "head.type=lda")
    split_of = {}
    for row in splits(tmp_path):
        assert split_of.setdefault(row["group"], row["split"]) == row["split"]
    assert len(split_of) == groups
    if "data.test_fraction=0" not in given:
        assert 0 < sum(split == "test" for split in split_of.values()) <= groups // 3
        assert "images" in kaziranga("val", "run").stdout


def test_a_shot_is_a_group(kaziranga, config, cameras, tmp_path):
    kaziranga("train", config, "data.root=photos2", "data.group=burst", "data.shots=2", "head.type=lda")
    train = [row for row in splits(tmp_path) if row["split"] == "train"]
    assert len(train) == 4 * 2 * 3


@pytest.mark.parametrize("given, said", [
    (["data.root=photos2/table.csv", "data.group=sequence"],
     "table.csv:1: the header has no column 'sequence', which data.group names (found file, species, location and"),
    (["data.root=photos2", "data.group=site"], "no image has a group (data.group=site)"),
    (["data.root=photos", "data.group=burst"], "no image has a time (data.group=burst)"),
    (["data.root=photos2", "data.group=burst", "data.burst_seconds=-1"], "data.burst_seconds"),
    (["data.root=photos2", "data.group=burst", "data.shots=9"], "has too few training groups"),
])
def test_groups_that_cannot_be(kaziranga, config, cameras, given, said):
    assert said in kaziranga("check", config, *given, code=2).stderr
