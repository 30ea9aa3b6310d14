"""A whole run: what lies in its folder, and what val and predict make of it."""

import json
import re
import shutil

import pytest
import sklearn.metrics
import torch
import torchvision
from conftest import COLOURS, draw, rows
from safetensors import safe_open
from safetensors.torch import load_file


@pytest.fixture
def run(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=linear", "optimizer.lr=0.01", "train.epochs=60")
    return tmp_path / "run"


def test_the_run_folder(run):
    assert (run / "classes.txt").read_text().split() == sorted(COLOURS)
    metrics = json.loads((run / "metrics.json").read_text())
    assert [metrics[split]["n"] for split in ("train", "val", "test")] == [20, 8, 12]
    assert set(metrics["test"]) >= {"top1", "top5", "loss", "macro_f1", "n"}
    assert set(metrics["seconds"]) >= {"features", "train", "total"}
    assert metrics["backbone_before"] == metrics["backbone_after"]
    assert metrics["test"]["top1"] >= 75

    results = (run / "results.csv").read_text().splitlines()
    assert results[0] == "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0"
    assert float(results[-1].split(",")[3]) >= 75
    predictions = rows(run / "predictions.csv")
    assert len(predictions) == 12
    assert list(predictions[0])[:5] == ["path", "label", "top1", "top1_index", "confidence"]
    right = sum(row["label"] == row["top1"] for row in predictions)
    assert 100 * right / 12 == pytest.approx(metrics["test"]["top1"], abs=1e-4)
    f1 = sklearn.metrics.f1_score([row["label"] for row in predictions], [row["top1"] for row in predictions], average="macro")
    assert metrics["test"]["macro_f1"] == pytest.approx(f1, abs=1e-5)
    assert {row["class"] for row in rows(run / "per_class.csv")} == set(COLOURS)
    assert "backbone" in (run / "train.log").read_text()


def test_the_resolved_config_trains_the_same(run, kaziranga, tmp_path):
    kaziranga("train", run / "config.yaml", "output=again")
    for name in ("best", "last"):
        file = f"weights/{name}.safetensors"
        assert (run / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_the_checkpoint_loads_into_torchvision_and_says_the_same(run):
    weights = load_file(run / "weights/best.safetensors")
    network = torchvision.models.resnet18(num_classes=4)
    network.load_state_dict(weights, strict=True)
    with safe_open(run / "weights/best.safetensors", "pt") as file:
        info = json.loads(file.metadata()["kaziranga.checkpoint"])
    assert info["classes"] == sorted(COLOURS)
    network.eval()
    transform = torchvision.transforms.Compose([
        torchvision.transforms.Resize(256), torchvision.transforms.CenterCrop(224), torchvision.transforms.ToTensor(),
        torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    from PIL import Image
    for row in rows(run / "predictions.csv")[:4]:
        image = transform(Image.open(run.parent / "photos" / row["path"]).convert("RGB"))
        with torch.no_grad():
            confidence = network(image[None]).softmax(1)[0]
        assert int(confidence.argmax()) == int(row["top1_index"])
        assert float(confidence.max()) == pytest.approx(float(row["confidence"]), abs=0.01)


def test_val_gives_the_run_s_own_figures(run, kaziranga, tmp_path):
    expected = json.loads((run / "metrics.json").read_text())["test"]
    stdout = kaziranga("val", "run", "--output", "out").stdout
    assert f"top-1 {expected['top1']:.2f}" in stdout
    measured = json.loads((tmp_path / "out/metrics.json").read_text())["test"]
    assert measured["top1"] == expected["top1"]
    assert measured["loss"] == pytest.approx(expected["loss"], rel=1e-4)
    assert "not empty" in kaziranga("val", "run", "--output", "out", code=2).stderr


def test_val_matches_classes_by_name(run, kaziranga, tmp_path):
    for index in range(3):
        draw(tmp_path / "other/parrot" / f"{index}.jpg", COLOURS["parrot"], 100 + index)
    assert re.search(r"3 images, 4 classes: top-1 (66|100)", kaziranga("val", "run", "--data", "other").stdout)
    draw(tmp_path / "other/elefant/0.jpg", COLOURS["elephant"], 5)
    stderr = kaziranga("val", "run", "--data", "other", code=2).stderr
    assert "elefant" in stderr and "did you mean 'elephant'" in stderr


def test_a_checkpoint_file_alone_is_enough(run, kaziranga, tmp_path):
    (run / "weights/best.safetensors").rename(tmp_path / "alone.safetensors")
    stdout = kaziranga("predict", "alone.safetensors", "photos/test/frog/7.jpg", "--topk", 1).stdout
    assert stdout.startswith("photos/test/frog/7.jpg: ")


def test_predict_writes_csv_and_json(run, kaziranga, tmp_path):
    kaziranga("predict", "run", "photos/test/deer", "photos/test/frog/8.jpg", "--topk", 2, "--output", "p.csv")
    table = rows(tmp_path / "p.csv")
    assert [row["path"] for row in table][-1] == "photos/test/frog/8.jpg" and len(table) == 4
    kaziranga("predict", "run", "photos/test/deer", "--output", "p.json")
    parsed = json.loads((tmp_path / "p.json").read_text())
    assert len(parsed) == 3 and len(parsed[0]["predictions"]) == 4
    assert "xml" in kaziranga("predict", "run", "photos/test/deer", "--output", "p.xml", code=2).stderr


def test_a_checkpoint_can_be_asked_for_another_precision(kaziranga, config, tmp_path):
    kaziranga("train", config, "features.precision=bf16", "head.type=ridge", "head.calibrate=false")  # answers that are not certain
    for precision in ("bf16", "fp32"):
        kaziranga("predict", "run", "photos/test", f"features.precision={precision}", "--output", f"{precision}.csv")
        kaziranga("val", "run", f"features.precision={precision}", "--output", precision)
    kaziranga("predict", "run", "photos/test", "--output", "as_trained.csv")
    tables = {name: [row["confidence"] for row in rows(tmp_path / f"{name}.csv")] for name in ("bf16", "fp32", "as_trained")}
    assert tables["as_trained"] == tables["bf16"] != tables["fp32"]
    losses = {name: json.loads((tmp_path / name / "metrics.json").read_text())["test"]["loss"] for name in ("bf16", "fp32")}
    assert losses["bf16"] != losses["fp32"]
    assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.05)


def test_predict_refuses_what_is_no_image_or_no_model(run, kaziranga, tmp_path):
    (tmp_path / "text.jpg").write_text("hello")
    assert "text.jpg" in kaziranga("predict", "run", "text.jpg", code=2).stderr
    assert "absent.jpg" in kaziranga("predict", "run", "absent.jpg", code=2).stderr
    assert "absent" in kaziranga("predict", "absent", "text.jpg", code=2).stderr
    assert "text.jpg" in kaziranga("predict", "text.jpg", "text.jpg", code=2).stderr
    for fixed in ("model.name=resnet50", "data.decode=reduced"):
        assert "fixes its own model" in kaziranga("predict", "run", "photos/test/deer", fixed, code=2).stderr


def test_a_run_folder_is_not_overwritten_unasked(run, kaziranga, config):
    before = (run / "weights/best.safetensors").read_bytes()
    assert "not empty" in kaziranga("train", config, code=2).stderr
    assert (run / "weights/best.safetensors").read_bytes() == before
    kaziranga("train", config, "overwrite=true")


def test_fine_tuning_changes_the_backbone_but_not_what_is_frozen(kaziranga, config, tmp_path):
    options = ["head.type=linear", "model.batch_norm=train", "optimizer.name=sgd", "optimizer.lr=0.01", "optimizer.weight_decay=0", "train.epochs=2", "train.batch_size=8",
               "model.freeze=[conv1,bn1,layer1,layer2]"]
    kaziranga("train", config, *options, "output=tuned")
    kaziranga("train", config, "output=frozen")
    tuned = load_file(tmp_path / "tuned/weights/last.safetensors")
    start = load_file(tmp_path / "frozen/weights/last.safetensors")
    metrics = json.loads((tmp_path / "tuned/metrics.json").read_text())
    assert metrics["backbone_before"] != metrics["backbone_after"]
    for name, value in start.items():
        if name.startswith(("conv1", "bn1", "layer1", "layer2")):
            assert torch.equal(value, tuned[name]), name
    assert not torch.equal(start["layer4.0.conv1.weight"], tuned["layer4.0.conv1.weight"])
    assert not torch.equal(start["layer4.0.bn1.running_mean"], tuned["layer4.0.bn1.running_mean"])


def test_an_output_among_the_images_is_refused(kaziranga, config, photos):
    before = sorted(photos.rglob("*"))
    for output in ("photos", "photos/train", "photos/new"):
        assert "among the images" in kaziranga("train", config, f"output={output}", "overwrite=true", code=2).stderr
    assert sorted(photos.rglob("*")) == before


def test_a_run_that_trained_nothing_does_not_block_its_folder(kaziranga, config):
    kaziranga("train", config, "model.num_classes=7", code=2)
    kaziranga("train", config)


def test_overwrite_is_for_runs_only(kaziranga, config, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/holiday.txt").write_text("mine")
    assert "something else" in kaziranga("train", config, "output=other", "overwrite=true", code=2).stderr


@pytest.mark.parametrize("head", ["auto", "logistic", "ridge", "lda", "prototype", "knn", "cosine", "mlp"])
def test_every_head_learns_and_val_says_the_same(kaziranga, config, tmp_path, head):
    kaziranga("train", config, f"head.type={head}", "features.train_views=[centre,flip]", "features.test_views=[centre,flip]",
              "optimizer.name=adamw", "optimizer.lr=0.003", "train.epochs=40")
    test = json.loads((tmp_path / "run/metrics.json").read_text())["test"]
    assert test["top1"] >= 60
    assert f"top-1 {test['top1']:.2f}" in kaziranga("val", "run").stdout
    assert (tmp_path / "run/train_batch.jpg").stat().st_size > 1000
    if head == "auto":
        table = rows(tmp_path / "run/candidates.csv")
        assert {row["head"] for row in table} == {"logistic", "ridge", "lda", "ensemble"}
        assert sum(row["chosen"] == "yes" for row in table) == 1
        assert sum(row["why"].startswith("best top-1") for row in table) == 1


def test_a_class_of_one_image_works_with_every_head(kaziranga, config, photos, tmp_path):
    for image in (photos / "train/frog").iterdir():
        if image.name != "0.jpg":
            image.unlink()
    for head in ("auto", "logistic", "ridge", "lda", "prototype", "knn", "linear", "cosine", "mlp"):
        kaziranga("train", config, f"head.type={head}", f"output={head}", "train.epochs=3", "balance.class_weights=balanced")


def test_a_flipped_bit_in_the_head_is_seen(run, kaziranga):
    path = run / "weights/best.safetensors"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    assert "not as it was written" in kaziranga("val", "run", code=2).stderr


def test_progress_of_training_goes_on_after_the_validation_inside_it(kaziranga, config):
    stderr = kaziranga("train", config, "model.freeze=none", "model.batch_norm=train", "head.type=linear", "train.epochs=2",
                       "train.batch_size=10", "optimizer.lr=0.001").stderr
    counts = re.findall(r"^(train|evaluate): (\d+)/(\d+) ", stderr, re.MULTILINE)
    assert ("train", "4", "4") in counts and ("evaluate", "8", "8") in counts
    assert all(int(done) <= int(total) for _, done, total in counts)


def test_a_frozen_head_stays_as_it_was_solved(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=ridge", "output=solved")
    kaziranga("train", config, "head.type=ridge", "model.freeze=[conv1,bn1,layer1,layer2,fc]", "model.batch_norm=train",
              "train.epochs=1", "train.batch_size=10", "optimizer.lr=0.001", "output=tuned")
    solved, tuned = (load_file(tmp_path / run / "weights/last.safetensors") for run in ("solved", "tuned"))
    assert torch.equal(solved["fc.weight"], tuned["fc.weight"])
    assert not torch.equal(solved["layer4.0.conv1.weight"], tuned["layer4.0.conv1.weight"])


@pytest.mark.parametrize("key", ["train.patience=2", "scheduler.name=plateau"])
def test_what_waits_for_validation_needs_some(kaziranga, config, photos, key):
    shutil.rmtree(photos / "val")
    stderr = kaziranga("train", config, "head.type=linear", key, code=2).stderr
    assert "there is no validation split" in stderr and "data.val_fraction" in stderr


@pytest.mark.parametrize("given, said", [
    (["model.freeze=none", "model.batch_norm=train", "head.candidates=[logistic,knn]"], "neighbours cannot be trained"),
    (["model.freeze=none", "model.batch_norm=train", "train.image_size=32"], "no statistics"),
    (["head.candidates=[prototype,knn]", "balance.logit_adjustment=1"], "no biases to adjust"),
])
def test_contradictions(kaziranga, config, given, said):
    assert said in kaziranga("check", config, *given, code=2).stderr


@pytest.mark.parametrize("wrong", ["model.freeze=[conv99]", "model.weights=nope.pth", "model.num_classes=7", "data.root=nowhere"])
def test_overwrite_keeps_the_run_that_a_refused_one_would_have_replaced(run, kaziranga, config, wrong):
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    kaziranga("train", config, "overwrite=true", wrong, code=2)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_a_config_in_its_own_output_folder_is_left_alone(kaziranga, config, tmp_path):
    (tmp_path / "project").mkdir()
    mine = tmp_path / "project/config.yaml"
    mine.write_text("# mine\n" + config.read_text().replace("output: run", "output: project"))
    before = mine.read_text()
    assert "not empty" in kaziranga("train", mine, code=2).stderr
    assert "something else" in kaziranga("train", mine, "overwrite=true", code=2).stderr
    assert mine.read_text() == before


def test_predictions_replace_no_file_unasked(run, kaziranga, photos, tmp_path):
    (tmp_path / "mine.csv").write_text("mine")
    image = photos / "test/deer/8.jpg"
    assert "there already" in kaziranga("predict", "run", image, "--output", "mine.csv", code=2).stderr
    assert (tmp_path / "mine.csv").read_text() == "mine"
    kaziranga("predict", "run", image, "--output", "ours.csv")
    assert "there already" in kaziranga("predict", "run", image, "--output", "ours.csv", code=2).stderr
    kaziranga("predict", "run", image, "--output", "ours.csv", "--overwrite")
    assert "no folder" in kaziranga("predict", "run", image, "--output", "nowhere/x.csv", code=2).stderr


@pytest.mark.parametrize("root, key", [("photos", "output=photos/x"), ("photos/", "output=photos/test/x"), ("photos/train/..", "output=./photos/x"),
                                       ("photos", "features.cache=photos/train"), (".", "output=x")])
def test_nothing_is_written_among_the_images(kaziranga, config, root, key):
    assert "lies among the images" in kaziranga("train", config, f"data.root={root}", key, code=2).stderr


def test_bare_weights_are_no_checkpoint(kaziranga, tmp_path):
    torch.save({"x": torch.zeros(2)}, tmp_path / "bare.pth")
    assert "model.weights" in kaziranga("val", "bare.pth", code=2).stderr


def test_fine_tuning_never_ends_worse_than_it_started(kaziranga, config, tmp_path):
    stdout = kaziranga("train", config, "head.type=ridge", "model.freeze=none", "model.batch_norm=train", "train.epochs=2",
                       "optimizer.lr=0.3", "train.clip_norm=1").stdout
    start = re.search(r"training starts at val top-1 ([\d.]+)", (tmp_path / "run/train.log").read_text())
    assert json.loads((tmp_path / "run/metrics.json").read_text())["val"]["top1"] >= float(start[1]) - 0.01
    assert "best where training started" in stdout


@pytest.mark.parametrize("head", ["auto", "ridge", "lda", "logistic"])
@pytest.mark.parametrize("classes,shots", [(2, 2), (3, 2), (3, 5), (4, 3)])
def test_a_handful_of_images(kaziranga, config, photos, head, classes, shots):
    """Fewer images than features: each is fitted whatever its label, which float32 cannot tell from exactly."""
    for split in ("train", "val", "test"):
        for name in sorted(COLOURS)[classes:]:
            shutil.rmtree(photos / split / name)
    kaziranga("train", config, "model.name=resnet10_small", f"head.type={head}", f"data.shots={shots}")
