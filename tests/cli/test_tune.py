"""tune.grid: settings chosen by held-out training images."""

import json
import re

import pytest
from conftest import rows
from safetensors.numpy import load_file


GRID = "tune.grid={optimizer.lr: [0.01, 0.1], train.epochs: [2, 4]}"
SHORT = ["head.type=linear", "tune.folds=2", "tune.rounds=1", GRID]


def test_the_best_on_held_out_images_is_trained(kaziranga, config, tmp_path):
    kaziranga("train", config, *SHORT)
    trials = rows(tmp_path / "run/tuning.csv")
    best = [row for row in trials if row["chosen"] == "yes"]
    assert len(best) == 1
    assert float(best[0]["cv_top1"]) == max(float(row["cv_top1"]) for row in trials)
    # Each trial was judged on the 20 training images, none of the 12 test images, by heads that had not seen them.
    for record in (tmp_path / "run/trials").glob("*/fold_*/metrics.json"):
        splits = json.loads(record.read_text())
        assert (splits["train"]["n"], splits["test"]["n"]) == (10, 10)
    assert len((tmp_path / "run/results.csv").read_text().splitlines()) == 1 + int(best[0]["train.epochs"])
    # The same settings written down train the same head.
    settings = [f"{key}={best[0][key]}" for key in ("optimizer.lr", "train.epochs")]
    kaziranga("train", config, "head.type=linear", "output=again", *settings)
    weights = "weights/best.safetensors"
    metrics = [json.loads((tmp_path / run / "metrics.json").read_text()) for run in ("run", "again")]
    assert metrics[0]["test"] == metrics[1]["test"]
    of_search, of_settings = [load_file(tmp_path / run / weights) for run in ("run", "again")]
    assert of_search.keys() == of_settings.keys()
    assert all((of_search[name] == of_settings[name]).all() for name in of_search)


def test_a_search_goes_on_where_it_stopped(kaziranga, config, tmp_path):
    kaziranga("train", config, *SHORT)
    table = (tmp_path / "run/tuning.csv").read_text()
    records = {path: path.stat().st_mtime_ns for path in (tmp_path / "run/trials").rglob("metrics.json")}
    gone = sorted(records)[0]
    gone.unlink()
    for name in ("tuning.csv", "metrics.json"):
        (tmp_path / "run" / name).unlink()
    kaziranga("train", config, *SHORT, "resume=true")
    for path, stamp in records.items():
        assert (path.stat().st_mtime_ns == stamp) == (path != gone)

    def without_times(text):
        return [re.sub(r",[^,]*,([^,]*)$", r",\1", line) for line in text.splitlines()]

    assert without_times((tmp_path / "run/tuning.csv").read_text()) == without_times(table)


@pytest.mark.parametrize("override, said", [
    ("tune.grid={optimizer.rl: [1, 2]}", "tune.grid: optimizer.rl=1: unknown key; did you mean 'optimizer.lr'?"),
    ("tune.grid={optimizer.lr: [0.1, 5000]}", "out of range"),
    ("tune.grid={seed: [0, 1]}", "says what is trained on, or where"),
    ("tune.grid={data.shots: [1, 2]}", "says what is trained on, or where"),
    ("tune.grid={optimizer.lr: []}", "has no values"),
    ("tune.turns=9", "more than there are folds"),
    ("data.folds=1", "one fold leaves nothing"),
    ("data.fold=3", "there is no such fold"),
])
def test_problems_of_a_grid(kaziranga, config, tmp_path, override, said):
    assert said in kaziranga("train", config, "head.type=linear", override, code=2).stderr
    assert not (tmp_path / "run").exists()


def test_a_fold_is_what_a_run_is_judged_on(kaziranga, config, tmp_path):
    held_out = []
    for fold in range(2):
        kaziranga("train", config, "head.type=prototype", "data.folds=2", f"data.fold={fold}", f"output=fold_{fold}")
        held_out += [row["path"] for row in rows(tmp_path / f"fold_{fold}/predictions.csv")]
    assert len(held_out) == len(set(held_out)) == 20 and all(path.startswith("train/") for path in held_out)


def test_settings_are_not_chosen_by_images_that_judge_them(kaziranga, config):
    for verb in ("check", "train"):
        process = kaziranga(verb, config, *SHORT, "data.folds=5", code=2)
        assert "tune.grid and data.folds" in process.stdout + process.stderr


def test_with_nothing_to_hold_out_it_says_so(kaziranga, config, tmp_path):
    stderr = kaziranga("train", config, *SHORT, "data.shots=1", code=2).stderr
    assert "no training image could be held out" in stderr and "data.shots" in stderr
