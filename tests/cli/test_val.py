"""What val judges: the run's own split, as the run recorded it, or images that are named."""

import json
import shutil

import pytest
from conftest import COLOURS, draw, rows


@pytest.fixture
def unsplit(tmp_path, photos):
    """The same images in class folders without splits: the run draws them."""
    root = tmp_path / "all"
    for name, colour in COLOURS.items():
        for index in range(10):
            draw(root / name / f"{index}.jpg", colour, index)
    return root


@pytest.fixture
def run(kaziranga, config, unsplit, tmp_path):
    kaziranga("train", config, "data.root=all", "data.test_fraction=0.3", "head.type=lda")
    return tmp_path / "run"




def test_the_split_belongs_to_the_run(run, kaziranga, unsplit, tmp_path):
    recorded = rows(run / "splits.csv")
    assert len(recorded) == 40 and {row["split"] for row in recorded} == {"train", "test"}
    test = {row["path"] for row in recorded if row["split"] == "test"}
    before = kaziranga("val", "run", "--output", "before")
    assert "the run's test split" in before.stdout and "since" not in before.stderr
    for name, colour in COLOURS.items():
        for index in range(10, 17):
            draw(unsplit / name / f"{index}.jpg", colour, index)
    process = kaziranga("val", "run", "--output", "after")
    assert {row["path"] for row in rows(tmp_path / "after/predictions.csv")} == test
    assert (tmp_path / "after/predictions.csv").read_bytes() == (tmp_path / "before/predictions.csv").read_bytes()
    assert "28 images of the data in none of the run's splits" in process.stderr
    # A checkpoint file inside the run is the run's; one that was taken out of it says what it does not know.
    assert "the run's test split" in kaziranga("val", "run/weights/best.safetensors").stdout
    shutil.copy(run / "weights/best.safetensors", tmp_path / "alone.safetensors")
    assert "drawn anew" in kaziranga("val", "alone.safetensors").stderr


def test_images_of_the_split_that_went_or_changed_are_told(run, kaziranga, unsplit, tmp_path):
    gone, changed, relabelled = [row["path"] for row in rows(run / "splits.csv") if row["split"] == "test"][:3]
    (unsplit / gone).unlink()
    stderr = kaziranga("val", "run", code=2).stderr
    assert gone in stderr and "is gone" in stderr and "data.on_error=skip" in stderr
    process = kaziranga("val", "run", "data.on_error=skip")
    assert "is gone" in process.stderr and "11 images" in process.stdout
    draw(unsplit / changed, (1, 2, 3), 5)
    stderr = kaziranga("val", "run", "data.on_error=skip").stderr
    assert changed in stderr and "judged as it is now" in stderr
    (unsplit / gone).write_bytes((unsplit / relabelled).read_bytes())
    stderr = kaziranga("val", "run", code=2).stderr
    assert gone in stderr and changed in stderr and "images have changed since the run" in stderr


def test_a_table_of_which_training_images_are_gone(run, kaziranga, config, unsplit, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("path,label\n" + "".join(f"all/{name}/{i}.jpg,{name}\n" for name in COLOURS for i in range(10)))
    kaziranga("train", config, "data.root=table.csv", "data.format=csv", "data.test_fraction=0.3", "head.type=lda", "output=tabled")
    split = {s: [row["path"] for row in rows(tmp_path / "tabled/splits.csv") if row["split"] == s] for s in ("train", "test")}
    (tmp_path / split["train"][0]).unlink()
    assert "12 images, 4 classes" in kaziranga("val", "tabled").stdout
    (tmp_path / split["test"][0]).unlink()
    assert "is gone" in kaziranga("val", "tabled", code=2).stderr
    assert "11 images, 4 classes" in kaziranga("val", "tabled", "data.on_error=skip").stdout
    stderr = kaziranga("train", config, "data.root=table.csv", "data.format=csv", "output=again", code=2).stderr
    assert stderr.count("the image is not there") == 2 and "relative to the table's folder" in stderr


def test_a_run_that_trusted_its_table_trusts_no_other(kaziranga, config, tmp_path):
    """A checkpoint holds its run's settings, and may be a stranger's."""
    (tmp_path / "in").mkdir()
    lines = "".join(f"../photos/train/{name}/{i}.jpg,{name}\n" for name in COLOURS for i in range(5))
    (tmp_path / "in/table.csv").write_text("path,label\n" + lines)
    kaziranga("train", config, "data.root=in/table.csv", "data.format=csv", "data.paths=anywhere", "head.type=prototype")
    kaziranga("val", "run")
    assert "leads out of the table's folder" in kaziranga("val", "run", "--data", "in/table.csv", code=2).stderr
    kaziranga("val", "run", "--data", "in/table.csv", "data.paths=anywhere")


def test_training_images_are_told_loudly(run, kaziranga, unsplit, tmp_path):
    stderr = kaziranga("val", "run", "--data", "all").stderr
    assert "28 of these 40 images are among those that the run was trained on" in stderr
    for row in rows(run / "splits.csv"):
        if row["split"] == "test":
            (tmp_path / "held" / row["path"]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(unsplit / row["path"], tmp_path / "held" / row["path"])
    assert "trained on" not in kaziranga("val", "run", "--data", "held").stderr


def test_a_table_is_judged_whole(run, kaziranga, unsplit, tmp_path):
    lines = [f"all/{name}/{index}.jpg,{name},{split}\n" for name in ("deer", "frog") for index, split in ((0, "test"), (1, "train"))]
    (tmp_path / "rows.csv").write_text("path,label,split\n" + "".join(lines))
    kaziranga("val", "run", "--data", "rows.csv", "--output", "judged")
    assert len(rows(tmp_path / "judged/predictions.csv")) == 4
    metrics = json.loads((tmp_path / "judged/metrics.json").read_text())["test"]
    # Classes without images are no zeros.
    classes = rows(tmp_path / "judged/per_class.csv")
    assert [row["class"] for row in classes if row["f1"] == ""] == ["elephant", "parrot"]
    assert metrics["macro_f1"] == pytest.approx(sum(float(row["f1"]) for row in classes if row["f1"]) / 2, abs=1e-4)


def test_the_part_that_was_judged_is_named(run, kaziranga, photos, tmp_path):
    for part in ("test", "val", "train"):
        assert f"photos, its {part}/:" in kaziranga("val", "run", "--data", "photos").stdout
        shutil.rmtree(photos / part)
    assert "all:" in kaziranga("val", "run", "--data", "all").stdout.splitlines()


def test_arguments_in_the_wrong_place(run, kaziranga, tmp_path):
    stderr = kaziranga("val", "run", "photos", code=2).stderr
    assert "labelled images are named with --data photos" in stderr
    assert "an image, where labelled images are expected" in kaziranga("val", "run", "--data", "all/deer/0.jpg", code=2).stderr
    (tmp_path / "runs").mkdir()
    (tmp_path / "run").rename(tmp_path / "runs/first")
    stderr = kaziranga("val", "runs", code=2).stderr
    assert "a folder of runs" in stderr and "runs/first" in stderr


def test_a_line_that_was_taken_out_of_the_table(kaziranga, config, tmp_path, photos):
    lines = [f"photos/{part}/{name}/{i}.jpg,{name},{part}\n"
             for name in COLOURS for part, those in (("train", range(5)), ("test", range(7, 10))) for i in those]
    (tmp_path / "table.csv").write_text("path,label,split\n" + "".join(lines))
    kaziranga("train", config, "data.root=table.csv", "data.format=csv", "head.type=lda")
    (tmp_path / "table.csv").write_text("path,label,split\n" + "".join(lines[:-1]))
    stderr = kaziranga("val", "run", code=2).stderr
    assert "no longer among the data's images, though its file is there" in stderr


def test_unknown_classes_are_refused_or_counted(run, kaziranga, unsplit, tmp_path):
    draw(tmp_path / "more/okapi/1.jpg", (1, 2, 3), 1)
    draw(tmp_path / "more/deers/1.jpg", (150, 90, 40), 1)
    draw(tmp_path / "more/frog/1.jpg", (60, 160, 40), 77)
    stderr = kaziranga("val", "run", "--data", "more", code=2).stderr
    assert "'okapi' (1 image)" in stderr and "did you mean 'deer'?" in stderr and "--unknown-classes skip" in stderr
    stdout = kaziranga("val", "run", "--data", "more", "--unknown-classes", "skip").stdout
    assert "1 images, 4 classes" in stdout and "not judged: 1 image(s) of 'okapi'" in stdout


def test_a_checkpoint_names_its_peer_and_no_folder(run, kaziranga, config, tmp_path):
    """What timm and torchvision call it; loaded there it answers alike (tests/parity)."""
    from safetensors import safe_open

    whole = str(tmp_path / "all")
    stdout = kaziranga("train", config, f"data.root={whole}", "data.test_fraction=0.3", "head.type=lda", "output=named").stdout
    assert "for torchvision too: resnet18 with 4 classes; resize to 256 (bilinear), centre crop 224" in stdout
    path = tmp_path / "named/weights/best.safetensors"
    with safe_open(path, "pt") as file:
        notes = file.metadata()["kaziranga.checkpoint"]
    assert json.loads(notes)["peer"] == {"library": "torchvision", "model": "resnet18"}
    assert str(tmp_path).encode() not in path.read_bytes()
    assert "the run's test split" in kaziranga("val", "named").stdout
    shutil.copy(path, tmp_path / "alone.safetensors")
    assert "--data" in kaziranga("val", "alone.safetensors", code=2).stderr
    stdout = kaziranga("train", config, "head.type=prototype", "output=ours").stdout
    assert "for kaziranga alone" in stdout


@pytest.mark.parametrize("output", ["run", "all", "all/new/figures"])
def test_figures_go_beside_no_run_and_among_no_images(run, kaziranga, unsplit, tmp_path, output):
    before = (tmp_path / "run/metrics.json").read_bytes()
    stderr = kaziranga("val", "run", "--output", output, "--overwrite", code=2).stderr
    assert "name" in stderr and "--output" in stderr
    assert (tmp_path / "run/metrics.json").read_bytes() == before
    assert not list(unsplit.rglob("*.csv")) and not list(unsplit.rglob("*.json"))
