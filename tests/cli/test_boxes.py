"""Animals that are small in large frames: boxes of detectors, in training, evaluation and prediction."""

import csv
import json
import pathlib
import subprocess

import pytest

from conftest import COLOURS, PROGRAM, REPOSITORY, draw_frame, rows

WEIGHTS = REPOSITORY / "weights/efficientnet-lite0-57934424.pth"
SIDE = 240  # of frames


def detection(x, y, side, confidence=0.9, category="1"):
    return {"category": category, "conf": confidence, "bbox": [x / SIDE, y / SIDE, side / SIDE, side / SIDE]}


@pytest.fixture
def frames(tmp_path):
    """Frames in train/ and test/, and MegaDetector's JSON: true boxes, and one too many of low confidence."""
    images = []
    for k, (name, colour) in enumerate(COLOURS.items()):
        for i in range(9):
            x, y, side = 20 * i, 30 + 17 * k, 24 + i
            file = f"{'train' if i < 5 else 'test'}/{name}/{i}.jpg"
            draw_frame(tmp_path / "frames" / file, [(colour, x, y, side)], [k, i], (SIDE, SIDE))
            images.append({"file": file, "detections": [detection(x, y, side), detection(5, 5, 60, 0.1),
                                                        detection(100, 100, 60, 0.9, "2")]})
    json_file = tmp_path / "frames.json"
    json_file.write_text(json.dumps({"info": {"format_version": "1.4"},
                                     "detection_categories": {"1": "animal", "2": "person"}, "images": images}))
    return json_file


BOXES = ["data.root=frames", "data.detections=frames.json", "head.type=lda"]


def test_boxes_are_what_is_learnt_and_judged(kaziranga, config, frames, tmp_path):
    kaziranga("train", config, "data.root=frames", "head.type=lda", "output=whole")
    assert "20 train, 0 val, 16 test" in kaziranga("train", config, *BOXES).stderr
    top1 = [json.loads((tmp_path / run / "metrics.json").read_text())["test"]["top1"] for run in ("whole", "run")]
    assert top1[1] > 90 > top1[0], top1
    first = (tmp_path / "run/splits.csv").read_text().splitlines()[1]
    assert first.startswith("\"train/deer/0.jpg#xywh=percent:0,12.5,10,10\",deer,train,"), first
    judged = rows(tmp_path / "run/predictions.csv")
    assert judged[0]["path"] == "test/deer/5.jpg" and float(judged[0]["box_x"]) == pytest.approx(100 / SIDE, abs=1e-5)
    assert float(judged[0]["box_confidence"]) == pytest.approx(0.9)
    assert f"top-1 {top1[1]:.2f} %" in kaziranga("val", "run").stdout
    on_whole_frames = kaziranga("val", "run", "--data", "frames/test").stdout
    assert "16 images" in on_whole_frames and f"top-1 {top1[1]:.2f} %" not in on_whole_frames
    on_boxes = kaziranga("val", "run", "--data", "frames/test", "data.detections=frames.json", "data.base=frames")
    assert "16 images" in on_boxes.stdout
    assert f"top-1 {top1[1]:.2f} %" in on_boxes.stdout


def test_a_box_is_an_answer(kaziranga, config, frames, tmp_path):
    kaziranga("train", config, *BOXES)
    draw_frame(tmp_path / "new/two.jpg", [(COLOURS["frog"], 10, 10, 40), (COLOURS["parrot"], 150, 120, 40)], 1,
               (SIDE, SIDE))
    draw_frame(tmp_path / "new/none.jpg", [], 2, (SIDE, SIDE))
    answers = {"images": [{"file": "two.jpg", "detections": [detection(10, 10, 40), detection(150, 120, 40)]},
                          {"file": "none.jpg", "detections": []}]}
    (tmp_path / "new/boxes.json").write_text(json.dumps(answers))
    process = kaziranga("predict", "run", "new", "--detections", "new/boxes.json", "--output", "p.csv")
    assert "1 image without a box" in process.stderr and "used whole" in process.stderr
    found = [(row["path"], row["top1"], row["box_x"] != "") for row in rows(tmp_path / "p.csv")]
    assert [row[0] for row in found] == ["new/none.jpg", "new/two.jpg", "new/two.jpg"]
    assert found[1:] == [("new/two.jpg", "frog", True), ("new/two.jpg", "parrot", True)] and not found[0][2]
    (tmp_path / "elsewhere").mkdir()  # paths of the JSON may begin at the folder of the images
    (tmp_path / "elsewhere/boxes.json").write_text(json.dumps(answers))
    kaziranga("predict", "run", "new", "--detections", "elsewhere/boxes.json", "--output", "q.csv")
    assert (tmp_path / "q.csv").read_text() == (tmp_path / "p.csv").read_text()
    kaziranga("predict", "run", "new/boxes.json", "data.crop.without_box=skip", "--output", "p.json")
    described = json.loads((tmp_path / "p.json").read_text())
    assert [entry["predictions"][0]["class"] for entry in described] == ["frog", "parrot"]
    assert described[0]["box"] == pytest.approx([10 / SIDE, 10 / SIDE, 40 / SIDE, 40 / SIDE], abs=1e-5)


def test_what_is_cut_out_belongs_to_the_checkpoint(kaziranga, config, frames):
    kaziranga("train", config, *BOXES, "data.crop.margin=0.2", "data.crop.min_confidence=0.5")
    for key in ("data.crop.margin=0", "data.crop.square=false"):
        assert "a checkpoint fixes" in kaziranga("predict", "run", "frames/test", key, code=2).stderr
    kaziranga("predict", "run", "frames/test", "data.crop.min_confidence=0.1")


def test_a_table_with_labels_a_box(kaziranga, config, frames, tmp_path):
    """Two animals of two species in each frame."""
    table = [["file", "species", "bbox1", "bbox2", "bbox3", "bbox4", "split"]]
    for i in range(12):
        draw_frame(tmp_path / f"pairs/{i}.jpg",
                   [(COLOURS["deer"], 5 * i, 10, 50), (COLOURS["parrot"], 180 - 5 * i, 150, 40)], [9, i], (SIDE, SIDE))
        split = "train" if i < 6 else "test"
        table += [[f"{i}.jpg", "deer", 5 * i / SIDE, 10 / SIDE, 50 / SIDE, 50 / SIDE, split],
                  [f"{i}.jpg", "parrot", (180 - 5 * i) / SIDE, 150 / SIDE, 40 / SIDE, 40 / SIDE, split]]
    with open(tmp_path / "pairs/boxes.csv", "w", newline="") as file:
        csv.writer(file).writerows(table)
    kaziranga("train", config, "data.root=pairs/boxes.csv", "head.type=lda")
    assert json.loads((tmp_path / "run/metrics.json").read_text())["test"]["top1"] == 100
    table.append(table[1][:1] + ["parrot"] + table[1][2:])
    table.append(["0.jpg", "deer", "0.1", "", "0.2", "0.2", "train"])
    table.append(["0.jpg", "deer", "0.1", "x", "0.2", "0.2", "train"])
    with open(tmp_path / "pairs/boxes.csv", "w", newline="") as file:
        csv.writer(file).writerows(table)
    stderr = kaziranga("check", config, "data.root=pairs/boxes.csv", code=2).stderr
    for said in ("boxes.csv:26: the same box under two labels", "boxes.csv:27: a box of which numbers are missing",
                 "boxes.csv:28: a box that is not four numbers (found 'x')"):
        assert said in stderr, stderr


@pytest.mark.parametrize("answers, said", [
    ({"images": [{"file": "train/deer/0.jpg", "detections": [detection(2400, 0, 24)]}]},
     ["image 1: a box that is not in the image", "boxes in pixels have to be divided"]),
    ({"images": [{"file": "train/deer/0.jpg", "detections": [detection(0, 0, 0)]}]}, ["a box of no area"]),
    ({"images": [{"file": "train/deer/0.jpg", "detections": [detection(0, 0, 9, 9)]}]}, ["not from 0 to 1"]),
    ({"images": [{"file": "train/deer/0.jpg", "detections": [{"category": "1", "bbox": [0, 1]}]}]},
     ["image 1 of the list has another form", "\"bbox\": [x, y, width, height]"]),
    ({"images": [{"detections": []}]}, ["image 1 of the list has another form"]),
    ({"images": []}, ["names no image"]),
    ({"annotations": []}, ["not a detector's answers", "a list 'images'"]),
    ({"images": [{"file": "/mnt/c/train/deer/0.jpg", "detections": []}]},
     ["names none of the images", "data.moved='{\"/mnt/c\": \"frames\"}'"]),
    ("nonsense", ["the JSON cannot be read"]),
])
def test_answers_that_cannot_be_used(kaziranga, config, frames, answers, said):
    frames.write_text(answers if isinstance(answers, str) else json.dumps(answers))
    stderr = kaziranga("check", config, *BOXES, code=2).stderr
    for text in said:
        assert text in stderr, stderr


def test_images_from_standard_input(kaziranga, config, frames, tmp_path):
    kaziranga("train", config, *BOXES)
    names = "frames/test/deer/5.jpg\r\n\nframes/test/frog\n"
    done = subprocess.run([PROGRAM, "predict", "run", "-"], cwd=tmp_path, input=names, capture_output=True, text=True)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 5, done.stderr
    done = subprocess.run([PROGRAM, "predict", "run", "-"], cwd=tmp_path, input="", capture_output=True, text=True)
    assert done.returncode == 2 and "standard input names no image" in done.stderr


@pytest.fixture
def pretrained(tmp_path):
    if not WEIGHTS.exists():
        pytest.skip(f"NOT RUN: {WEIGHTS} is not there")
    (tmp_path / "weights").symlink_to(WEIGHTS.parent)


@pytest.mark.parametrize("detections", ["Detections.csv", "detections.json"])
def test_an_untrained_network_knows_a_cougar_in_its_box(kaziranga, pretrained, camera_traps, tmp_path, detections):
    """Real frames of animl's test data, with the boxes of MegaDetector. On the whole frame the answer is a dingo."""
    kaziranga("predict", REPOSITORY / "configs/efficientnet_lite0_imagenet.yaml", f"{camera_traps}/animl/Southwest",
              "--detections", f"{camera_traps}/animl/tables/{detections}",
              f"data.moved={{/mnt/survey: {camera_traps}/animl}}", "--output", "p.csv")
    answers = {pathlib.Path(row["path"]).name: row for row in rows(tmp_path / "p.csv") if row["box_x"]}
    cougar = answers["IMAG1065_cougar.JPG"]
    assert cougar["top1"] == "n02125311" and float(cougar["confidence"]) > 0.9
    if detections == "Detections.csv":
        assert answers["IMAG0046_bobcat.JPG"]["top1"] == "n02127052"  # lynx


def test_the_images_that_speciesnet_lists(kaziranga, pretrained, camera_traps, tmp_path):
    process = kaziranga("predict", REPOSITORY / "configs/efficientnet_lite0_imagenet.yaml",
                        f"{camera_traps}/speciesnet/instances.json", f"data.moved={{test_data: {camera_traps}/speciesnet}}",
                        "--output", "p.csv")
    assert "2 files passed over, not an image by name" in process.stderr
    problems = {row["path"]: row["problem"] for row in rows(tmp_path / "p.csv")}
    assert len(problems) == 14 and "truncated" in problems["african_elephants_truncated_file.jpg"]
    assert "cannot open the file" in problems["human.jpg"]
    assert sum(1 for problem in problems.values() if not problem) == 12
