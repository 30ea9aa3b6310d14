"""scripts/compare_heads on a made-up sweep, its features already there: what it pairs, chooses, keeps and refuses."""

import csv
import json
import pathlib
import subprocess
import sys

import numpy
import pytest
import scipy.stats

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/compare_heads"
pytest.importorskip("timm")
sys.path.insert(0, str(ROOT / "scripts/benchmark"))

CLASSES, IMAGES, TRAIN, SEEDS, DIMS = 4, 20, 10, 3, 1280


def write_rows(path, columns, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def sweep(tmp_path):
    """Two variants on three draws of one pool, right at random; features that tell the classes apart, but not quite."""
    random = numpy.random.default_rng(5)
    names = {f"{label}/{i}.jpg": f"{label}" for label in "abcd" for i in range(IMAGES)}
    centres = dict(zip("abcd", random.normal(0, 1, (CLASSES, DIMS)) * 0.13))
    rows = numpy.array([centres[label] for label in names.values()]) + random.normal(0, 1, (len(names), DIMS))
    (tmp_path / "photos").mkdir()
    (tmp_path / "features").mkdir()
    numpy.savez(tmp_path / "features/features.npz", root=str((tmp_path / "photos").resolve()), names=numpy.array(list(names)),
                features=rows.astype(numpy.float32))
    for seed in range(SEEDS):
        train = [f"{label}/{i}.jpg" for label in "abcd" for i in random.permutation(IMAGES)[:TRAIN]]
        test = sorted(set(names) - set(train))
        for variant, skill in (("auto", 0.9), ("worse", 0.4)):
            run = tmp_path / "sweep" / variant / f"seed_{seed}"
            write_rows(run / "splits.csv", ("path", "label", "split", "content"),
                       [(name, names[name], "train" if name in train else "test", 32 * "0") for name in [*train, *test]])
            write_rows(run / "predictions.csv", ("path", "label", "top1"),
                       [(name, names[name], names[name] if random.random() < skill else "a") for name in test])
            (run / "metrics.json").write_text(json.dumps({"seconds": {"train": 1.5}}))
            (run / "config.yaml").write_text("data:\n  root: photos\n  format: folder\nmodel:\n  name: efficientnet_lite0\n")
    return tmp_path / "sweep"


def compare(sweep, *arguments, code=0):
    done = subprocess.run([SCRIPT, sweep, "--features", sweep.parent / "features", *arguments], cwd=sweep.parent, capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == code, done.stderr
    return done


def top1(run):
    return 100 * numpy.mean([row["label"] == row["top1"] for row in read_rows(run / "predictions.csv")])


def test_the_tables(sweep):
    compare(sweep, "--only", "logistic_cv", "sgd_untuned")
    output = sweep.parent / "sweep_peers"
    draws = read_rows(output / "draws.csv")
    assert [(row["classifier"], row["seed"]) for row in draws] == [
        (name, str(seed)) for name in ("auto", "worse", "logistic_cv (peer)", "sgd_untuned (peer)") for seed in range(SEEDS)]
    gains = []
    for row in draws:
        seed, name = f"seed_{row['seed']}", row["classifier"].removesuffix(" (peer)")
        run = (output if "peer" in row["classifier"] else sweep) / name / seed
        assert float(row["top1"]) == pytest.approx(top1(run), abs=1e-3)
        assert float(row["difference"]) == pytest.approx(top1(run) - top1(sweep / "auto" / seed), abs=1e-3)
        if name == "logistic_cv":
            gains.append(float(row["difference"]))
            assert {r["path"] for r in read_rows(run / "predictions.csv")} == {r["path"] for r in read_rows(sweep / "auto" / seed / "predictions.csv")}
    summary = {row["classifier"]: row for row in read_rows(output / "summary.csv")}
    assert summary["auto"]["difference"] == "" and summary["worse"]["draws"] == str(SEEDS)
    peer = summary["logistic_cv (peer)"]
    assert float(peer["top1"]) > 60  # of 25 by chance
    # Nadeau and Bengio 2003: as many test images as training images.
    half = scipy.stats.t.ppf(0.975, SEEDS - 1) * numpy.std(gains, ddof=1) * (1 / SEEDS + 1) ** 0.5
    assert float(peer["low"]) == pytest.approx(numpy.mean(gains) - half, abs=0.01)
    assert "logistic_cv (peer)" in (output / "summary.md").read_text()


def test_what_is_fitted_is_kept(sweep):
    compare(sweep, "--only", "sgd_untuned", "--seeds", "1")
    fit = sweep.parent / "sweep_peers/sgd_untuned/seed_1/fit.json"
    before = fit.stat().st_mtime_ns
    assert [row["draws"] for row in read_rows(sweep.parent / "sweep_peers/summary.csv")] == ["3", "3", "1"]
    compare(sweep, "--only", "sgd_untuned")
    assert fit.stat().st_mtime_ns == before
    assert [row["draws"] for row in read_rows(sweep.parent / "sweep_peers/summary.csv")] == ["3", "3", "3"]


@pytest.mark.parametrize("spoil, said", [
    (lambda sweep: (sweep / "auto/seed_1/splits.csv").unlink(), "splits.csv: not there; train the run again"),
    (lambda sweep: (sweep / "auto").rename(sweep / "best"), "no such variant"),
    (lambda sweep: (sweep.parent / "photos").rmdir(), "name the images' with --data"),
    (lambda sweep: (sweep / "auto/seed_0/config.yaml").write_text("data: {root: photos, format: park}\nmodel: {name: efficientnet_lite0}\n"),
     "a park's images are no files"),
    (lambda sweep: (sweep / "auto/seed_0/config.yaml").write_text("data: {root: photos, format: folder}\nmodel: {name: resnet18}\n"),
     "the network is resnet18"),
])
def test_what_is_refused(sweep, spoil, said):
    spoil(sweep)
    assert said in compare(sweep, code=2).stderr
    assert not (sweep.parent / "sweep_peers").exists()


def test_the_search_takes_the_best_of_its_folds_and_sees_no_test_image(monkeypatch):
    import probes

    random = numpy.random.default_rng(0)
    y = numpy.repeat(list("abc"), 12)
    x = (random.normal(0, 1, (3, 20))[numpy.repeat(range(3), 12)] * 0.8 + random.normal(0, 1, (36, 20))).astype(numpy.float32)
    monkeypatch.setattr(probes, "RATES", {"as they are": (1e-6, 0.1), "standardised": (1e-6,)})
    monkeypatch.setattr(probes, "DECAYS", (0,))
    monkeypatch.setattr(probes, "EPOCHS", (1, 20))
    monkeypatch.setattr(probes, "FIRST_EPOCHS", 5)
    first, chosen = probes.sgd_tuned(x, y, x[:5], 0)
    assert (chosen["features"], chosen["rate"], chosen["epochs"]) == ("as they are", 0.1, 20)
    assert chosen["at_edge"] and chosen["held_out_top1"] > 60
    again, other = probes.sgd_tuned(x, y, 1000 + x[:7], 0)
    assert other == chosen and len(again) == 7 and set(first) <= set("abc")
