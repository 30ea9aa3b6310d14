"""Tables as spreadsheets and other tools write them: what they name is found, or the message says what to write."""

import csv
import pathlib

import pytest


def write(path, rows, separator=","):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


def images(photos, split):
    return [[str(p.relative_to(photos)), p.parent.name] for p in sorted((photos / split).rglob("*.jpg"))]


@pytest.fixture
def tables(photos):
    """One table a split beside the photographs, as animl writes them, of another machine."""
    for split in ("train", "val", "test"):
        rows = [["", "FilePath", "FileName", "Class"]]
        rows += [[str(i), "/mnt/survey/" + path, pathlib.Path(path).name, label]
                 for i, (path, label) in enumerate(images(photos, split))]
        write(photos / f"{split}_data.csv", rows)
    return ["data.root=", *(f"data.{split}=photos/{split}_data.csv" for split in ("train", "val", "test"))]


def test_a_table_needs_no_format(kaziranga, config, photos):
    write(photos / "all.csv", [["file", "species"], *images(photos, "train"), *images(photos, "test")], ";")
    stdout = kaziranga("check", config, "data.root=photos/all.csv").stdout
    assert "path from 'file', label from 'species'" in stdout and "32 images read" in stdout


def test_tables_of_another_machine_name_the_line_that_finds_their_images(kaziranga, config, tables, tmp_path):
    stderr = kaziranga("train", config, *tables, code=2).stderr
    assert stderr.count("none of the") == 3
    line = 'data.moved=\'{"/mnt/survey": "photos"}\''
    assert "none of the 20 images is there (found /mnt/survey/train/deer/0.jpg)" in stderr and line in stderr
    moved = line.replace("'", "")
    assert "20 train, 8 val, 12 test" in kaziranga("check", config, *tables, moved).stdout
    kaziranga("train", config, *tables, moved, "head.type=lda")
    assert "path,label,split" in (tmp_path / "run/splits.csv").read_text()
    assert "train/deer/0.jpg,deer,train" in (tmp_path / "run/splits.csv").read_text()
    assert "12 images" in kaziranga("val", "run").stdout
    assert b"/mnt/survey" not in (tmp_path / "run/weights/best.safetensors").read_bytes()
    assert "none of the 12 images" in kaziranga("val", "run", "--data", "photos/test_data.csv", code=2).stderr
    assert "12 images" in kaziranga("val", "run", "--data", "photos/test_data.csv", moved).stdout


def test_a_run_is_opened_whichever_of_its_tables_its_checkpoint_names(kaziranga, config, tables, tmp_path):
    """A checkpoint keeps no path into a folder, so of these it keeps val alone."""
    (tmp_path / "photos/val_data.csv").rename(tmp_path / "val_data.csv")
    given = [*tables, "data.val=val_data.csv", "data.moved={/mnt/survey: photos}", "head.type=lda"]
    given.remove("data.val=photos/val_data.csv")
    kaziranga("train", config, *given)
    assert "12 images" in kaziranga("val", "run").stdout
    kaziranga("predict", "run", "photos/test/deer/7.jpg")
    kaziranga("predict", "run/weights/best.safetensors", "photos/test/deer/7.jpg")


def test_a_folder_for_each_split(kaziranga, config):
    folders = [f"data.{split}=photos/{split}" for split in ("train", "val", "test")]
    assert "20 train, 8 val, 12 test" in kaziranga("check", config, "data.root=", *folders).stdout


@pytest.mark.parametrize("overrides, said", [
    (["data.train=photos/train"], ["data.train: root and train both name"]),
    (["data.val=photos/val"], ["data.val: there is no train beside it"]),
    (["data.moved={/mnt: [a, b]}"], ["data.moved: '/mnt' needs one folder"]),
    (["data.columns={lable: x}"], ["data.columns: 'lable' is none of path, label, split", "did you mean 'label'?"]),
    (["data.columns={label: [a, b]}"], ["data.columns: 'label' needs one name"]),
    (["data.format=cvs"], ["data.format", "did you mean 'csv'?"]),
])
def test_contradictions(kaziranga, config, overrides, said):
    stderr = kaziranga("check", config, *overrides, code=2).stderr
    for text in said:
        assert text in stderr, (text, stderr)


def test_paths_from_the_current_folder(kaziranga, config, photos):
    write(photos / "all.csv", [["file", "species"], *[["photos/" + p, label] for p, label in images(photos, "train")]])
    stderr = kaziranga("check", config, "data.root=photos/all.csv", code=2).stderr
    assert "none of the 20 images is there" in stderr and "set data.base=." in stderr
    assert "20 images read" in kaziranga("check", config, "data.root=photos/all.csv", "data.base=.").stdout


def test_columns_may_be_named_for_the_labels_alone(kaziranga, config, photos):
    """A detector's table beside the labels has other columns, and columns that nobody asks for may stand twice."""
    write(photos / "all.csv", [["file", "my species", "Date Time", "date_time"],
                               *[[*row, "x", "y"] for row in images(photos, "train")]])
    boxes = [["path", "bbox1", "bbox2", "bbox3", "bbox4", "conf"]]
    write(photos / "boxes.csv", boxes + [[p, 0.1, 0.1, 0.5, 0.5, 0.9] for p, _ in images(photos, "train")])
    arguments = ["check", config, "data.root=photos/all.csv", "data.columns={label: my species}"]
    assert "20 images read" in kaziranga(*arguments, "data.detections=photos/boxes.csv").stdout
    write(photos / "boxes.csv", boxes + [[p, 1.005, 0.1, 0.004, 0.5, "?"] for p, _ in images(photos, "train")[:2]])
    stderr = kaziranga(*arguments, "data.detections=photos/boxes.csv", code=2).stderr
    assert "boxes.csv:2: a confidence that is not a number (found '?')" in stderr
    write(photos / "boxes.csv", boxes + [[p, 1.005, 0.1, 0.004, 0.5, 0.9] for p, _ in images(photos, "train")[:2]])
    stderr = kaziranga(*arguments, "data.detections=photos/boxes.csv", code=2).stderr
    assert "boxes.csv:2: a box of no area" in stderr


def test_outputs_stay_out_of_the_folders_of_every_split(kaziranga, config):
    folders = [f"data.{split}=photos/{split}" for split in ("train", "test")]
    stderr = kaziranga("train", config, "data.root=", *folders, "output=photos/test/run", code=2).stderr
    assert "lies among the images" in stderr and "a folder outside photos/test" in stderr


def test_the_tables_of_animl_as_they_are(kaziranga, config, camera_traps):
    folder = f"{camera_traps}/animl/Cats_vs_Dogs"
    splits = {"train": "train", "val": "validate", "test": "test"}
    tables = [f"data.{split}={folder}/{name}_data.csv" for split, name in splits.items()]
    arguments = ["check", config, "data.root=", *tables]
    assert '"/mnt/survey/Cats_vs_Dogs": "' + folder + '"' in kaziranga(*arguments, code=2).stderr
    stdout = kaziranga(*arguments, f"data.moved={{/mnt/survey: {folder}/..}}").stdout
    assert "2 classes, 140 train, 40 val, 20 test images" in stdout
    assert "path from 'filepath', label from 'class'" in stdout
