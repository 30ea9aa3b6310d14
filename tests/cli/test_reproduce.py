"""The scenario: what it writes, that it goes on where it was stopped, and that nothing finished is done again."""

import json
import signal
import subprocess
import threading

import pytest
from conftest import PROGRAM

CONFIG = """\
output: out
seeds: [0, 1]
curve_seeds: 0
shots: [2, 4]
shifts: [0, 1]
olympic: {species: 6, train_images: 8, val_images: 2, test_images: 0, size: 32}
kaziranga: {species: 6, train_images: 6, test_images: 4, size: 32}
set: [model.name=resnet10_small, train.batch_size=8, features.batch_size=16, threads=1]
"""
ARMS = ["fine_tuned", "frozen", "lp_ft", "scratch"]


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "reproduce.yaml"
    path.write_text(CONFIG)
    return path


def finished(folder):
    return {path.parent.relative_to(folder): path.stat().st_mtime_ns for path in folder.rglob("metrics.json")}


def test_the_record_the_page_and_the_runs(kaziranga, config, tmp_path):
    kaziranga("reproduce", config)
    out = tmp_path / "out"
    record = json.loads((out / "study.json").read_text())
    figures = {figure["name"]: figure for figure in record["figures"]}
    for arm in ARMS:
        runs = [json.loads(path.read_text()) for path in sorted(out.glob(f"arms/*/{arm}/shift_0/shots_4/seed_*/metrics.json"))]
        assert len(runs) == 2
        mean = sum(run["test"]["top1"] for run in runs) / 2
        assert figures[f"test top-1, {arm}"]["value"] == pytest.approx(mean)
    assert len(record["claims"]) == 7
    for name in ("page.html", "olympic.jpg", "kaziranga.jpg", "kaziranga_far.jpg", "epochs.csv", "shots.svg", "shifts.svg", "advantage.csv"):
        assert (out / name).stat().st_size > 100, name
    # One source, four arms by two seeds, and two curves of two arms with one place more each.
    assert len(finished(out)) == 1 + 8 + 4


def test_stopped_it_goes_on_and_ends_the_same(kaziranga, config, tmp_path):
    kaziranga("reproduce", config, "output=whole")
    process = subprocess.Popen([PROGRAM, "reproduce", config, "output=parts"], cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    watchdog = threading.Timer(200, process.kill)
    watchdog.start()
    while process.poll() is None and len(finished(tmp_path / "parts")) < 4:
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            pass
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    watchdog.cancel()
    before = finished(tmp_path / "parts")
    assert 4 <= len(before) < 13
    kaziranga("reproduce", config, "output=parts")
    after = finished(tmp_path / "parts")
    assert len(after) == 13 and all(after[run] == stamp for run, stamp in before.items())

    def accuracies(folder):
        record = json.loads((tmp_path / folder / "study.json").read_text())
        return [figure for figure in record["figures"] if figure["name"].startswith("test top-1")]

    assert accuracies("whole") == accuracies("parts")


def test_only_what_another_config_concerns_is_run_again(kaziranga, config, tmp_path):
    kaziranga("reproduce", config)
    before = finished(tmp_path / "out")
    features = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("features/*/frozen/**/*") if path.is_file()}
    kaziranga("reproduce", config, "arms.frozen=[model.freeze=backbone, head.type=lda]")
    after = finished(tmp_path / "out")
    changed = {run for run, stamp in before.items() if after[run] != stamp}
    assert changed == {run for run in before if "frozen" in run.parts}
    # Its time is that of its features too, so they are not taken from the earlier run.
    assert features and all(path.stat().st_mtime_ns > stamp for path, stamp in features.items())


def test_another_park_is_another_comparison(kaziranga, config, tmp_path):
    """Results of a park that is no more must not be taken for those of its successor."""
    kaziranga("reproduce", config)
    before = finished(tmp_path / "out")
    kaziranga("reproduce", config, "kaziranga.test_images=5")
    after = finished(tmp_path / "out")
    assert {run.parts[0] for run, stamp in before.items() if after[run] == stamp} == {"source"}
    counts = {json.loads(path.read_text())["test"]["n"] for path in (tmp_path / "out").glob("arms/**/metrics.json")}
    assert counts == {30}


@pytest.mark.parametrize("override, said", [
    ("arms.frozen=[head.tpye=lda]", "did you mean 'head.type'?"),
    ("pretrain=[train.epochs=0]", "train.epochs"),
    ("curve_seeds=[5]", "none of seeds"),
    ("kaziranga.train_images=3", "fewer than the shots"),
    ("shifts=[1, 0]", "not ascending"),
    ("set=[data.root=elsewhere]", "sets this key itself"),
    ("arms.frozen=[seed=3]", "sets this key itself"),
    ("target=nowhere", "the target is not there"),
    ("olympic.train_images=0", "olympic.train_images"),
])
def test_faults_are_told_before_anything_is_trained(kaziranga, config, tmp_path, override, said):
    assert said in kaziranga("reproduce", config, override, code=2).stderr
    assert not list(tmp_path.glob("out/**/weights"))


def test_a_park_that_is_drawn_as_needed_can_be_checked_and_trained_on(kaziranga, tmp_path):
    (tmp_path / "parks.yaml").write_text("store: false\nkaziranga: {species: 3, train_images: 4, test_images: 2, size: 32}\n")
    assert "data.format=park" in kaziranga("generate", "parks.yaml").stdout
    (tmp_path / "train.yaml").write_text(
        "data: {root: parks/kaziranga, format: park}\nmodel: {name: resnet10_small, weights: random}\noutput: run\n"
        "train: {epochs: 2, measure: [train, test]}\nhead: {type: linear}\n")
    assert "18 images read" in kaziranga("check", "train.yaml").stdout
    kaziranga("train", "train.yaml")
    lines = (tmp_path / "run/results.csv").read_text().splitlines()
    assert lines[0].endswith("lr/pg0,train/accuracy_top1,test/accuracy_top1") and len(lines) == 3
    metrics = json.loads((tmp_path / "run/metrics.json").read_text())
    assert float(lines[-1].split(",")[-1]) == pytest.approx(metrics["test"]["top1"], abs=1e-3)


def test_a_fault_of_all_trainings_is_told_once(kaziranga, config):
    message = kaziranga("reproduce", config, "set=[model.name=resnet9000]", code=2).stderr
    assert len(message.splitlines()) == 1


def test_a_finished_source_is_not_thrown_away(kaziranga, config, tmp_path):
    kaziranga("reproduce", config)
    before = finished(tmp_path / "out")
    message = kaziranga("reproduce", config, "pretrain=[model.weights=random, model.freeze=none, model.batch_norm=train, train.epochs=1]", code=2).stderr
    assert "epochs" in message and "another output" in message
    assert finished(tmp_path / "out") == before


def test_a_study_does_not_overwrite_a_reproduction(kaziranga, config, tmp_path):
    kaziranga("reproduce", config)
    page = (tmp_path / "out/page.html").read_bytes()
    assert "reproduce" in kaziranga("study", "residual_block", "output=out", code=2).stderr
    assert (tmp_path / "out/page.html").read_bytes() == page
