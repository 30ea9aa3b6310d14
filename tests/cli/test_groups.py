"""Pictures of one animal or one place stay in one split, so that a split says what the next site will see."""

import json

import pytest

from conftest import rows


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


def test_a_torn_split_is_told_of_by_training(kaziranga, config, cameras, tmp_path):
    """Bursts by EXIF, sites by the table's column; not where data.group keeps them together."""
    def warning(*arguments):
        stderr = kaziranga("train", config, *arguments, "head.type=lda", "overwrite=true").stderr
        told = json.loads((tmp_path / "run/metrics.json").read_text()).get("torn_groups")
        assert (told is not None) == ("flatter" in stderr)
        return told or ""
    assert "test images are of a burst of which training has images too" in warning("data.root=photos2")
    assert "of a burst" in warning("data.root=photos2/table.csv")
    assert "of a site" in warning("data.root=photos2/table.csv", "data.burst_seconds=0")
    assert warning("data.root=photos2/table.csv", "data.group=site") == ""
    assert warning() == ""
