"""The scenario: what it writes, that it goes on where it was stopped, and that nothing finished is done again."""

import csv
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
freeze_depths: false
jobs: 2
"""
ARMS = ["fine_tuned", "frozen", "lp_ft", "random_features", "scratch"]
RUNS = 1 + 5 * 2 + 2 * 2  # one source, five arms by two seeds, two curves of two arms with one place more each


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
        # All that the run needs from nothing, the solving of a head included.
        seconds = sum(run["seconds"]["from_nothing"] for run in runs) / 2
        assert figures[f"time, {arm}"]["value"] == pytest.approx(seconds)
    assert len(record["claims"]) == 10
    # Ahead by what the pictures say.
    curves = {(row["series"], float(row["x"])): float(row["y"]) for row in csv.DictReader((out / "shots.csv").open())}
    shots = sorted({x for _, x in curves})
    few, many = (curves["frozen", x] - curves["scratch", x] for x in (shots[0], shots[-1]))
    measured = next(claim["measured"] for claim in record["claims"] if claim["claim"].startswith("With the fewest images"))
    assert measured.startswith(f"{few:.2f} (") and f", {many:.2f} (" in measured, measured
    for name in ("page.html", "olympic.jpg", "kaziranga.jpg", "kaziranga_far.jpg", "epochs.csv", "losses.csv", "shots.svg", "shifts.svg", "advantage.csv"):
        assert (out / name).stat().st_size > 0, name
    assert len(finished(out)) == RUNS


def test_one_process_and_several_come_to_the_same(kaziranga, config, tmp_path):
    small = ["seeds=[0]", "curve_seeds=[0]", "shots=[4]", "shifts=[0]"]
    kaziranga("reproduce", config, *small, "output=one", "jobs=1")
    kaziranga("reproduce", config, *small, "output=two", "jobs=2")
    # The folders of the sources are called after their bytes, and those name the park's path.
    def results(output):
        return {path.parts[-5]: json.loads(path.read_text())["test"] for path in (tmp_path / output).glob("arms/*/*/*/*/*/metrics.json")}

    assert set(results("one")) == set(ARMS)
    assert results("one") == results("two")


def test_depths_of_freezing_and_several_sources(kaziranga, config, tmp_path):
    kaziranga("reproduce", config, "freeze_depths=true", "sources=[0, 1]", "shots=[4]", "shifts=[0]")
    out = tmp_path / "out"
    curve = (out / "freeze_depth.csv").read_text().splitlines()
    assert len(curve) == 1 + 6  # none, four depths, all
    # What starts from no source is trained once, the rest from each source.
    sources = {path.name for path in (out / "arms").iterdir()} - {"none"}
    assert len(sources) == 2
    assert {path.name for path in (out / "arms/none").iterdir()} == {"scratch", "random_features"}
    for source in sources:
        assert {path.name for path in (out / "arms" / source).iterdir()} == {"frozen", "freeze_1", "freeze_2", "freeze_3", "freeze_4", "fine_tuned", "lp_ft"}
    page = (out / "page.html").read_text()
    assert "2 sources, 2 seeds and 24 test images" in page


def test_settings_are_searched_once_and_taken_by_all_seeds(kaziranga, config, tmp_path):
    arms = "arms.frozen=[model.freeze=backbone, head.type=linear, train.epochs=2, 'tune.grid={optimizer.lr: [0.1, 0.01]}', tune.folds=2, tune.rounds=1]"
    kaziranga("reproduce", config, arms, "shots=[4]", "shifts=[0]")
    folder = next((tmp_path / "out").glob("arms/*/frozen/shift_0/shots_4"))
    assert (folder / "seed_0/tuning.csv").exists() and not (folder / "seed_1/tuning.csv").exists()
    lines = (folder / "seed_0/tuning.csv").read_text().splitlines()
    rate = next(line for line in lines if line.endswith(",yes")).split(",")[0]
    saved = (folder / "seed_1/config.yaml").read_text()
    assert float(next(line for line in saved.splitlines() if line.startswith("  lr:")).split(":")[1]) == float(rate)
    record = json.loads((tmp_path / "out/study.json").read_text())
    assert any(figure["name"] == "time of the search, frozen" for figure in record["figures"])


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
    assert 4 <= len(before) < RUNS
    kaziranga("reproduce", config, "output=parts")
    after = finished(tmp_path / "parts")
    assert len(after) == RUNS and all(after[run] == stamp for run, stamp in before.items())

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
    ("source=nowhere.pth", "the source's weights are not there"),
    ("olympic.train_images=0", "olympic.train_images"),
])
def test_problems_are_told_before_anything_is_trained(kaziranga, config, tmp_path, override, said):
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
    assert lines[0].endswith("lr/pg0,train/accuracy_top1,train/measured_loss,test/accuracy_top1,test/measured_loss") and len(lines) == 3
    metrics = json.loads((tmp_path / "run/metrics.json").read_text())
    top1, loss = map(float, lines[-1].split(",")[-2:])
    assert top1 == pytest.approx(metrics["test"]["top1"], abs=1e-3) and loss == pytest.approx(metrics["test"]["loss"], abs=1e-3)


def test_some_epochs_are_measured(kaziranga, tmp_path):
    (tmp_path / "parks.yaml").write_text("store: false\nkaziranga: {species: 3, train_images: 4, test_images: 2, size: 32}\n")
    kaziranga("generate", "parks.yaml")
    (tmp_path / "train.yaml").write_text(
        "data: {root: parks/kaziranga, format: park}\nmodel: {name: resnet10_small, weights: random}\noutput: run\n"
        "train: {epochs: 7, measure: test, measured_epochs: 3}\nhead: {type: linear}\n")
    kaziranga("train", "train.yaml")
    lines = (tmp_path / "run/results.csv").read_text().splitlines()[1:]
    assert [not line.endswith(",") for line in lines] == [False, False, True, False, True, False, True]


def test_a_problem_of_all_trainings_is_told_once(kaziranga, config):
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
