"""COCO and COCO Camera Traps JSON."""

import json

import pytest

from conftest import COLOURS, draw_frame

SIDE = 200


@pytest.fixture
def coco(tmp_path):
    """Frames with one animal each at four sites, boxes in pixels, and empty frames."""
    names = [*COLOURS, "empty"]
    images, annotations = [], []
    for i in range(60):
        kind = i % 5
        x, y, side = 10 + i, 20 + i, 40
        animals = [(colour, x, y, side) for colour in list(COLOURS.values())[kind:kind + 1]]
        draw_frame(tmp_path / f"cct/images/{i}.jpg", animals, i, (SIDE, SIDE))
        images.append({"id": f"im{i}", "file_name": f"images/{i}.jpg", "width": SIDE, "height": SIDE,
                       "location": f"site {i // 5 % 4}", "seq_id": f"s{i // 2}", "datetime": "2026-11-30 10:00:00"})
        annotation = {"id": i, "image_id": f"im{i}", "category_id": (kind + 1) % 5}
        if kind < 4:
            annotation["bbox"] = [x, y, side, side]
        annotations.append(annotation)
    categories = [{"id": (k + 1) % 5, "name": name} for k, name in enumerate(names)]
    content = {"images": images, "annotations": annotations, "categories": categories}
    write(tmp_path, content)
    return content


def write(tmp_path, content):
    (tmp_path / "cct/labels.json").write_text(json.dumps(content))


COCO = ["data.root=cct/labels.json", "head.type=lda"]


def test_boxes_in_pixels_are_learnt(kaziranga, config, coco, tmp_path):
    assert "COCO, 60 images and 60 annotations" in kaziranga("check", config, *COCO).stdout
    kaziranga("train", config, *COCO, "data.group=site", "data.test_fraction=0.25")
    rows = (tmp_path / "run/splits.csv").read_text().splitlines()[1:]
    sites = {split: {row.rsplit(",", 1)[1] for row in rows if f",{split}," in row} for split in ("train", "test")}
    assert len(sites["test"]) == 1 and len(sites["train"]) == 3 and not sites["test"] & sites["train"]
    assert json.loads((tmp_path / "run/metrics.json").read_text())["test"]["top1"] > 90
    assert "60 images" in kaziranga("val", "run", "--data", "cct/labels.json").stdout
    assert len(kaziranga("predict", "run", "cct/labels.json").stdout.splitlines()) == 60


def test_relative_boxes_corrupt_and_unlabelled_images_and_labels_of_sequences(kaziranga, config, coco, tmp_path):
    coco["images"][5]["corrupt"] = True
    for annotation in coco["annotations"]:
        if "bbox" in annotation:
            annotation["bbox_relative"] = [side / SIDE for side in annotation.pop("bbox")]
    coco["annotations"][6]["sequence_level_annotation"] = True
    coco["annotations"].append(dict(coco["annotations"][9], id=100))  # the same label of an image again
    del coco["annotations"][0]
    write(tmp_path, coco)
    stdout = kaziranga("check", config, *COCO).stdout
    for said in ("1 image without an annotation", "1 image that the JSON calls corrupt", "1 annotation of a whole sequence"):
        assert said in stdout, stdout
    assert "48 train, 0 val, 10 test" in stdout


@pytest.mark.parametrize("change, said", [
    (lambda c: c["annotations"][3].update(category_id=77), "annotation 4: there is no category with its category_id"),
    (lambda c: c["annotations"][3].update(image_id="x"), "annotation 4: there is no image with its image_id"),
    (lambda c: c["annotations"][1].update(bbox=[0, 0, 500, 9]), "annotation 2: a box that is not in the image"),
    (lambda c: c["images"][1].pop("width"), "annotation 2: a box in pixels of an image without width and height"),
    (lambda c: c["annotations"][4].update(category_id=1) or c["annotations"].append(
        {"id": 99, "image_id": "im4", "category_id": 2}), "annotation 61: the same path under two labels"),
    (lambda c: c["images"][2].pop("file_name"), "entry 3 of 'images'"),
    (lambda c: c.update(categories=3), "no list 'categories'"),
    (lambda c: c["images"][7].update(file_name="../../x.jpg"), "annotation 8: the image is not there"),
])
def test_what_does_not_fit_is_named(kaziranga, config, coco, tmp_path, change, said):
    change(coco)
    write(tmp_path, coco)
    stderr = kaziranga("check", config, *COCO, code=2).stderr
    assert said in stderr, stderr


@pytest.fixture
def cub(tmp_path):
    """CUB-200-2011's files for four classes."""
    root = tmp_path / "CUB_200_2011"
    lists = {name: [] for name in ("images", "image_class_labels", "classes", "train_test_split", "bounding_boxes")}
    number = 0
    for k, (name, colour) in enumerate(COLOURS.items(), start=1):
        lists["classes"].append(f"{k} {k:03}.{name}")
        for i in range(8):
            number += 1
            path = f"{k:03}.{name}/{name}_{i}.jpg"
            draw_frame(root / "images" / path, [(colour, 40 + i, 30, 40)], [k, i], (160, 120))
            lists["images"].append(f"{number} {path}")
            lists["image_class_labels"].append(f"{number} {k}")
            lists["train_test_split"].append(f"{number} {int(i < 5)}")
            lists["bounding_boxes"].append(f"{number} {40.0 + i} 30.0 40.0 40.0")
    (root / "attributes").mkdir()
    (root / "attributes/certainties.txt").write_text("1 not visible\n")
    for name, lines in lists.items():
        (root / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return root


def test_cub_as_it_unpacks(kaziranga, config, cub, tmp_path):
    stdout = kaziranga("check", config, "data.root=CUB_200_2011").stdout
    assert "CUB-200-2011, its boxes, its split" in stdout and "4 classes, 20 train, 0 val, 12 test images" in stdout
    kaziranga("train", config, "data.root=CUB_200_2011", "head.type=lda")
    assert json.loads((tmp_path / "run/metrics.json").read_text())["test"]["top1"] > 90
    assert "001.deer/deer_0.jpg#xywh=percent:25,25,25,33.33" in (tmp_path / "run/splits.csv").read_text()
    (cub / "bounding_boxes.txt").write_text("1 a b\n")
    stderr = kaziranga("check", config, "data.root=CUB_200_2011", code=2).stderr
    assert "images.txt:1: a box that is not four numbers (found 'a b')" in stderr
    (cub / "classes.txt").write_text("1\n")
    assert "classes.txt:1: a line without two parts" in kaziranga("check", config, "data.root=CUB_200_2011", code=2).stderr
