"""Sweeps: what they train, what their tables say, and that nothing finished is done again."""

import os
import signal
import subprocess
import sys
import threading

import numpy
import pytest
import scipy.stats
from conftest import COLOURS, PROGRAM, REPOSITORY, draw, rows

sys.path.insert(0, str(REPOSITORY / "tests/support"))
from spread import spread  # noqa: E402

SWEEP = """\
output: sweep
base: small.yaml
seeds: [0, 1]
variants:
  usual recipe: [head.type=linear, head.standardise=false, optimizer.lr=0.01, train.epochs=3]
  lda: head.type=lda
"""
HEADER_BYTES = 256
FEATURE_BYTES = 24 + 512 * 4 + 8  # of a record of resnet18


@pytest.fixture
def sweep(tmp_path, config):
    path = tmp_path / "sweep.yaml"
    path.write_text(SWEEP)
    return path


def without_seconds(folder):
    return [[{key: value for key, value in row.items() if key != "seconds"} for row in rows(folder / table)]
            for table in ("sweep.csv", "summary.csv")]


def finished(folder):
    """When each finished run was written."""
    return {path.parent.relative_to(folder): path.stat().st_mtime_ns for path in folder.rglob("metrics.json")}


def test_the_tables(kaziranga, sweep, tmp_path):
    process = kaziranga("sweep", sweep)
    folder = tmp_path / "sweep"
    runs = rows(folder / "sweep.csv")
    assert [(run["variant"], run["seed"], run["split"], run["n"]) for run in runs] == [
        ("usual recipe", "0", "test", "12"), ("usual recipe", "1", "test", "12"), ("lda", "0", "test", "12"), ("lda", "1", "test", "12")]
    top1 = numpy.array([float(run["top1"]) for run in runs]).reshape(2, 2)
    summary = rows(folder / "summary.csv")
    for row, values in zip(summary, top1):
        assert row["runs"] == "2" and row["interval_over"] == "runs"
        assert float(row["top1"]) == pytest.approx(values.mean(), abs=1e-5)
        half_width = scipy.stats.sem(values) * scipy.stats.t.ppf(0.975, 1)
        assert float(row["top1_half_width"]) == pytest.approx(half_width, abs=1e-4)
    assert summary[0]["difference"] == ""
    gain = top1[1] - top1[0]
    assert float(summary[1]["difference"]) == pytest.approx(gain.mean(), abs=1e-5)
    half_width = scipy.stats.sem(gain) * scipy.stats.t.ppf(0.975, 1)
    assert float(summary[1]["difference_high"]) == pytest.approx(gain.mean() + half_width, abs=1e-4)

    assert "usual recipe" in process.stdout and "4 runs trained, 0 finished before" in process.stdout
    page = (folder / "summary.md").read_text()
    assert "4 of 4 runs are finished" in page and "| lda | all | 2 |" in page
    assert (folder / "usual recipe/seed_1/weights/best.safetensors").exists()
    kaziranga("val", "sweep/lda/seed_0")


def test_no_feature_is_computed_twice(kaziranga, sweep, tmp_path):
    stderr = kaziranga("sweep", sweep).stderr
    caches = list((tmp_path / "cache").glob("*.features"))
    assert len(caches) == 2  # a random backbone a seed
    assert [(path.stat().st_size - HEADER_BYTES) / FEATURE_BYTES for path in caches] == [40, 40]
    assert stderr.count("features test:") == 2


def test_nothing_finished_is_run_again(kaziranga, sweep, tmp_path):
    kaziranga("sweep", sweep)
    folder = tmp_path / "sweep"
    before, tables = finished(folder), [(folder / name).read_text() for name in ("sweep.csv", "summary.csv", "summary.md")]
    process = kaziranga("sweep", sweep)
    assert "4 of 4 runs are finished already" in process.stderr and "0 runs trained" in process.stdout
    assert finished(folder) == before
    assert [(folder / name).read_text() for name in ("sweep.csv", "summary.csv", "summary.md")] == tables
    kaziranga("sweep", sweep, "seeds=[1,2]")
    after = finished(folder)
    assert len(after) == 6 and all(after[run] == before[run] for run in before)
    assert [row["seed"] for row in rows(folder / "sweep.csv")] == ["1", "2", "1", "2"]


@pytest.mark.parametrize("send, code", [(signal.SIGINT, 130), (signal.SIGKILL, -9)], ids=["int", "kill"])
def test_stopped_half_way_the_same_command_ends_with_the_same_tables(kaziranga, sweep, tmp_path, send, code):
    sweep.write_text(SWEEP.replace("epochs=3", "epochs=150, train.batch_size=4, train.save_every=0"))
    kaziranga("sweep", sweep, "output=whole")
    folder = tmp_path / "sweep"
    one_done, training = folder / "lda/seed_0/metrics.json", folder / "usual recipe/seed_1/results.csv"
    process = subprocess.Popen([PROGRAM, "sweep", sweep], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watchdog = threading.Timer(200, process.kill)
    watchdog.start()
    while process.poll() is None and not training.exists():
        try:
            process.wait(timeout=0.002)
        except subprocess.TimeoutExpired:
            pass
    process.send_signal(send)
    assert process.wait() == code
    watchdog.cancel()
    assert one_done.exists() and not (training.parent / "metrics.json").exists()
    assert [row["runs"] for row in rows(folder / "summary.csv")] == ["1", "1"]
    before = finished(folder)
    kaziranga("sweep", sweep)
    assert all(finished(folder)[run] == before[run] for run in before)
    assert "resume: after epoch" in (training.parent / "train.log").read_text()
    assert without_seconds(folder) == without_seconds(tmp_path / "whole")


def test_one_seed_is_judged_over_its_images(kaziranga, sweep, tmp_path):
    kaziranga("sweep", sweep, "seeds=1", "shots=[2,0]", "confidence=0.9")
    folder = tmp_path / "sweep"
    summary = rows(folder / "summary.csv")
    assert [(row["variant"], row["shots"], row["interval_over"]) for row in summary] == [
        ("usual recipe", "2", "images"), ("usual recipe", "0", "images"), ("lda", "2", "images"), ("lda", "0", "images")]
    for row, first, shots in zip(summary[2:], summary[:2], (2, 0)):
        usual, lda = (numpy.array([p["label"] == p["top1"] for p in rows(folder / variant / f"shots_{shots}/seed_1/predictions.csv")])
                      for variant in ("usual recipe", "lda"))
        z = scipy.stats.norm.ppf(0.95)
        assert float(row["top1_half_width"]) == pytest.approx(100 * z * lda.std() / 12 ** 0.5, abs=1e-4)
        gain = 100 * (lda.astype(float) - usual)
        assert float(row["difference"]) == pytest.approx(gain.mean(), abs=1e-5)
        assert float(row["difference_low"]) == pytest.approx(gain.mean() - z * scipy.stats.sem(gain), abs=1e-4)
    classes = (folder / "lda/shots_2/seed_1/train.log").read_text()
    assert "4 classes, 8 train" in classes


def judged(run):
    """{image: (class, 100 for a hit and 0 for a miss)}"""
    return {row["path"]: (row["label"], 100.0 * (row["label"] == row["top1"])) for row in rows(run / "predictions.csv")}


def assert_spread(row, of, found):
    for column in ("sd_draws", "se_images", "se_classes"):
        assert float(row[f"{of}_{column}"]) == pytest.approx(found[column], abs=1e-5), column
    for classes in ("same_classes", "other_classes"):
        assert float(row[f"{of}_{classes}_low"]) == pytest.approx(found["mean"] - found[classes], abs=1e-5)
        assert float(row[f"{of}_{classes}_high"]) == pytest.approx(found["mean"] + found[classes], abs=1e-5)


@pytest.fixture
def pool(tmp_path):
    """Classes without splits, whose colours are near each other."""
    for label, colour in COLOURS.items():
        for index in range(12):
            draw(tmp_path / "pool" / label / f"{index}.jpg", tuple(120 + (value - 120) // 6 for value in colour), index)


@pytest.mark.parametrize("images", ["same", "own"])
def test_draws_images_and_classes_are_told_apart(kaziranga, sweep, pool, tmp_path, images):
    own = ["set=[data.root=pool, data.test_fraction=0.5]"] if images == "own" else []
    kaziranga("sweep", sweep, "seeds=[0,1,2]", "shots=3", "confidence=0.9", *own)
    folder = tmp_path / "sweep"
    usual, lda = ([judged(folder / variant / f"shots_3/seed_{seed}") for seed in range(3)] for variant in ("usual recipe", "lda"))
    ratio = len(lda[0]) / (3 * len(COLOURS))
    gain = [{image: (label, value - first[image][1]) for image, (label, value) in run.items()} for run, first in zip(lda, usual)]
    first, second = rows(folder / "summary.csv")
    assert first["test_images"] == second["test_images"] == images and first["difference_sd_draws"] == ""
    assert_spread(first, "top1", spread(usual, ratio, 0.9))
    assert_spread(second, "top1", spread(lda, ratio, 0.9))
    assert_spread(second, "difference", spread(gain, ratio, 0.9))
    assert f"| lda | 3 | 3 | {images} |" in (folder / "summary.md").read_text()


def test_a_run_says_what_it_was_trained_on(kaziranga, sweep, pool, tmp_path):
    kaziranga("sweep", sweep, "seeds=[0,1]", "shots=3", "set=[data.root=pool, data.test_fraction=0.5, data.val_fraction=0.1]")
    drawn = []
    for seed in range(2):
        run = tmp_path / f"sweep/lda/shots_3/seed_{seed}"
        train = {row["path"]: row["label"] for row in rows(run / "splits.csv") if row["split"] == "train"}
        assert sorted(train.values()) == sorted(3 * list(COLOURS))
        assert all((tmp_path / "pool" / name).parent.name == label for name, label in train.items())
        assert not train.keys() & {row["path"] for row in rows(run / "predictions.csv")}
        drawn.append(train)
    assert drawn[0] != drawn[1]


def test_a_grid(kaziranga, config, tmp_path):
    (tmp_path / "grid.yaml").write_text("base: small.yaml\nset: head.type=lda\n"
                                        "grid: {head.shrinkage: [0.1, 0.9], features.test_views: ['[centre, flip]']}\n")
    kaziranga("sweep", "grid.yaml", "output=sweep")
    names = [row["variant"] for row in rows(tmp_path / "sweep/summary.csv")]
    assert names == [f"head.shrinkage={value},features.test_views=[centre, flip]" for value in ("0.1", "0.9")]
    folders = sorted(path.name for path in (tmp_path / "sweep").iterdir() if path.is_dir())
    assert [name.startswith(f"head.shrinkage={value},features.test_views=_centre,_flip_-")
            for name, value in zip(folders, ("0.1", "0.9"))] == [True, True]


def test_every_problem_at_once_and_nothing_written(kaziranga, config, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "base: small.yaml\nset: [head.fold=3]\nvariants:\n  lda: head.typ=lda\n  ../up: []\n"
        "  mine: [seed=3, output=here, head.folds=x]\n")
    lines = kaziranga("sweep", "bad.yaml", code=2).stderr.strip().splitlines()
    assert lines[0].startswith("variant '../up': cannot be the name of a folder: begins with '.'")
    assert lines[1].startswith("variant 'mine': seed=3: is the sweep's to set; write it into seeds")
    assert lines[2].startswith("variant 'mine': output=here: is the sweep's to set")
    assert "set: head.fold=3: unknown key; did you mean 'head.folds'?" in lines
    assert "variant 'lda': head.typ=lda: unknown key; did you mean 'head.type'?" in lines
    assert any(line.startswith("variant 'mine': head.folds=x: wrong type") for line in lines)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("arguments, said", [
    (["seeds=[0,x]"], ["command line: seeds=[0,x]: wrong type", "a whole number in the list"]),
    (["seeds=[]"], ["seeds: an empty list"]),
    (["shots=[1,1]"], ["shots: 1 stands there twice"]),
    (["shots=-1"], ["out of range"]),
    (["confidence=1"], ["confidence=1: out of range"]),
    (["variants={}"], ["nothing to compare"]),
    (["grid={head.type: [lda]}"], ["give variants or grid, not both"]),
    (["variants={}", "grid={head.type: []}"], ["'head.type' has no values"]),
    (["variants={}", "grid={head.type: [lda, lda]}"], ["variant 'head.type=lda': given twice"]),
    (["shots=3", "set=data.shots=4"], ["set: data.shots=4: is the sweep's to set; write it into shots"]),
    (["variants={none: head.type=pretrained}"], ["variant 'none': head.type: random weights have no pretrained output layer"]),
    (["variants={none: [head.type=pretrained, model.weights=pretrained]}"], ["variant 'none': head.type: pretrained has nothing to train"]),
    (["set=resume=true"], ["a sweep goes on by itself"]),
    (["base="], ["base: no config named"]),
    (["base=absent.yaml"], ["absent.yaml", "relative to the folder of the sweep's own file"]),
    (["output="], ["output: no folder named"]),
    (["output=photos/sweep"], ["photos/sweep/lda/seed_0: output: the folder lies among the images"]),
    (["output=small.yaml"], ["small.yaml"]),
    (["sets=x"], ["sets=x: unknown key; did you mean 'set'?"]),
])
def test_what_is_refused(kaziranga, sweep, tmp_path, arguments, said):
    stderr = kaziranga("sweep", sweep, *arguments, code=2).stderr
    for text in said:
        assert text in stderr
    assert not (tmp_path / "sweep").exists() and not (tmp_path / "photos/sweep").exists()


def test_too_many_runs(kaziranga, config, tmp_path):
    words = ", ".join(str(i) for i in range(101))
    (tmp_path / "many.yaml").write_text(f"base: small.yaml\ngrid: {{head.folds: [{words}], train.epochs: [{words}]}}\n")
    assert "grid: too many combinations (expected at most 10000)" in kaziranga("sweep", "many.yaml", code=2).stderr
    stderr = kaziranga("sweep", "many.yaml", "grid={head.folds: [2, 3]}", f"seeds=[{', '.join(str(i) for i in range(5001))}]", code=2).stderr
    assert "many.yaml: too many runs (expected at most 10000)" in stderr


def test_runs_of_another_config_are_replaced_only_when_asked(kaziranga, sweep, tmp_path):
    kaziranga("sweep", sweep)
    folder = tmp_path / "sweep"
    before = finished(folder)
    sweep.write_text(SWEEP.replace("head.type=lda", "[head.type=lda, head.shrinkage=0.5]"))
    stderr = kaziranga("sweep", sweep, code=2).stderr
    assert stderr.count("holds a run of another config") == 2
    assert "sweep/lda/seed_0: holds a run of another config (expected head.shrinkage: 0.5, found head.shrinkage: auto)" in stderr
    assert "overwrite=true" in stderr and finished(folder) == before
    kaziranga("sweep", sweep, "overwrite=true")
    after = finished(folder)
    changed = {run for run in after if after[run] != before[run]}
    assert {str(run) for run in changed} == {"lda/seed_0", "lda/seed_1"}
    kaziranga("sweep", sweep, "overwrite=true")
    assert finished(folder) == after


def test_a_folder_of_something_else_is_left_alone(kaziranga, sweep, tmp_path):
    mine = tmp_path / "sweep/lda/seed_1/holiday.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    for arguments in ([], ["overwrite=true"]):
        assert "sweep/lda/seed_1: the output folder holds something else than a run" in kaziranga("sweep", sweep, *arguments, code=2).stderr
    assert [path.name for path in (tmp_path / "sweep").rglob("*") if path.is_file()] == ["holiday.txt"]


def test_a_run_that_fails_is_named_and_mended_the_sweep_goes_on(kaziranga, sweep, photos, tmp_path):
    sweep.write_text(SWEEP.replace("head.type=lda", "[head.type=lda, model.num_classes=3]"))
    stderr = kaziranga("sweep", sweep, code=2).stderr
    assert "model.num_classes is not the number of classes" in stderr
    assert "variant 'lda', data.shots 0, seed 0: the sweep stops here; mend this and give the same command again" in stderr
    before = finished(tmp_path / "sweep")
    assert [str(run) for run in before] == ["usual recipe/seed_0"]
    assert len(rows(tmp_path / "sweep/sweep.csv")) == 1
    sweep.write_text(SWEEP)
    kaziranga("sweep", sweep)
    after = finished(tmp_path / "sweep")
    assert len(after) == 4 and all(after[run] == before[run] for run in before)


@pytest.mark.parametrize("file, text", [("metrics.json", "{"), ("predictions.csv", "path,label\n")])
def test_damaged_records_are_named(kaziranga, sweep, tmp_path, file, text):
    kaziranga("sweep", sweep, "seeds=0")
    (tmp_path / "sweep/lda/seed_0" / file).write_text(text)
    stderr = kaziranga("sweep", sweep, "seeds=0", code=2).stderr
    assert f"sweep/lda/seed_0/{file}: not the record of a run" in stderr and "remove the run's folder" in stderr


def test_without_test_and_validation_images(kaziranga, sweep, photos):
    os.rename(photos / "test", photos.parent / "away")
    kaziranga("sweep", sweep, "seeds=0")
    assert {(row["split"], row["n"]) for row in rows(photos.parent / "sweep/sweep.csv")} == {("val", "8")}
    os.rename(photos / "val", photos.parent / "away too")
    stderr = kaziranga("sweep", sweep, "seeds=0", "output=other", code=2).stderr
    assert "other/usual recipe/seed_0: nothing to judge the run on" in stderr


def test_a_folder_of_the_users_is_no_sweeps(kaziranga, sweep, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/summary.csv").write_text("mine")
    assert "not empty" in kaziranga("sweep", sweep, "output=mine", code=2).stderr
    assert (tmp_path / "mine/summary.csv").read_text() == "mine"
