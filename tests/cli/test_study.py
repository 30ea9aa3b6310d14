"""Studies: what they write, and what they refuse."""

import json
import signal
import subprocess

import pytest
from conftest import PROGRAM, REPOSITORY, wait_until

NAMES = ["residual_block", "conv_stack", "bias_variance", "sigmoid_tanh", "quadratic_error"]


def test_the_list_names_every_study(kaziranga):
    lines = kaziranga("study", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == NAMES


def test_a_study_writes_its_record_pictures_and_page(kaziranga, tmp_path):
    process = kaziranga("study", "sigmoid_tanh", "trials=5", "steps=20", "output=out", "threads=1")
    record = json.loads((tmp_path / "out/study.json").read_text())
    assert record["study"] == "sigmoid_tanh" and all(check["passed"] for check in record["checks"])
    assert all(claim["verdict"] in ("supported", "not supported", "undecided at this sample size") for claim in record["claims"])
    for claim in record["claims"]:
        assert claim["claim"] in process.stdout
    for name in ("distance.csv", "distance.svg", "loss.csv", "loss.svg", "page.html"):
        assert (tmp_path / "out" / name).stat().st_size > 100, name
    kaziranga("study", "sigmoid_tanh", "trials=5", "steps=20", "output=out", "threads=1")  # over its own


SMALL = ["learners=6", "depths=[0, 1]", "widths=[2, 4]", "sizes=[10, 20]", "weight_decays=[0.001, 0.1]", "width=4", "points=20",
         "species=2", "shots=[1, 2]", "pool=8", "weights=random", "threads=1", "output=out"]


def test_networks_short_of_their_minimum_are_not_judged(kaziranga, tmp_path):
    """Neither bias nor variance of untrained networks is a finding; a failing check says so."""
    process = kaziranga("study", "bias_variance", *SMALL, "steps=2", code=2)
    assert "give more steps" in process.stderr and "this is a bug" not in process.stderr
    assert "networks short of their minimum" in process.stdout
    record = json.loads((tmp_path / "out/study.json").read_text())
    checks = {check["name"].split(":")[0]: check for check in record["checks"] if "short of their minimum" in check["name"]}
    assert set(checks) == {"regression", "classification"}
    for check in checks.values():
        assert not check["passed"] and check["measured"] > 0 and check["unit"].startswith("of ")
    for claim in record["claims"]:
        assert claim["verdict"] == "undecided at this sample size", claim
        assert claim["measured"].startswith("not judged: ") and "did not come to a gradient of 1e-06 in 2 steps" in claim["measured"]


def test_trained_networks_are_judged_and_no_further_steps_change_that(kaziranga, tmp_path):
    records = []
    for steps in (2000, 4000):
        kaziranga("study", "bias_variance", *SMALL, f"steps={steps}")
        records.append(json.loads((tmp_path / "out/study.json").read_text()))
    assert all(check["passed"] for record in records for check in record["checks"])
    assert not any("not judged" in claim["measured"] for claim in records[0]["claims"])
    assert records[0]["claims"] == records[1]["claims"]
    line = [check["name"] for check in records[0]["checks"] if "least squares" in check["name"]]
    assert len(line) == 2


def test_a_kernel_of_five_sees_other_pixels(kaziranga, tmp_path):
    """Claim and measurement follow the config, apart from each other."""
    kaziranga("study", "conv_stack", "kernel=5", "epochs=1", "repeats=2", "initialisations=2", "threads=1", "output=out", timeout=900)
    claim = json.loads((tmp_path / "out/study.json").read_text())["claims"][0]
    assert "17 × 17 = 289" in claim["claim"] and claim["measured"] == "17 × 17 = 289 pixels" and claim["verdict"] == "supported"


@pytest.mark.parametrize("arguments, said", [
    (["sigmoid_tahn"], "did you mean 'sigmoid_tanh'?"),
    (["sigmoid_tanh", "trails=3"], "trails=3: unknown key; did you mean 'trials'?"),
    (["sigmoid_tanh", "units=[2, 1]"], "no hidden layer"),
    (["quadratic_error", "units=[30, 30, 1]"], "the full Hessian is needed often"),
    (["bias_variance", "depths=[3, 1]"], "not ascending"),
    (["bias_variance", "pool=20"], "no more images than a training set has"),
    (["all", "trials=300"], "(study conv_stack)"),
    (["all", "--config", "x.yaml"], "--config is of one study"),
    (["sigmoid_tanh", "--config", "absent.yaml"], "absent.yaml"),
    (["sigmoid_tanh", "output=mine"], "the folder holds something else"),
])
def test_what_is_refused(kaziranga, tmp_path, arguments, said):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/photo.txt").write_text("mine")
    assert said in kaziranga("study", *arguments, code=2).stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


def test_a_stopped_study_leaves_no_result(tmp_path):
    process = subprocess.Popen([PROGRAM, "study", "conv_stack", "threads=1", "output=out"], cwd=tmp_path,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert wait_until((tmp_path / "out").exists, process)
    process.send_signal(signal.SIGINT)
    stderr = process.communicate(timeout=60)[1]
    assert process.returncode == 130, stderr
    assert not (tmp_path / "out/study.json").exists()


def test_the_config_file_is_read(kaziranga, tmp_path):
    text = (REPOSITORY / "configs/studies/sigmoid_tanh.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(text + "trials: -1\n")
    assert "mine.yaml:" in kaziranga("study", "sigmoid_tanh", "--config", "mine.yaml", code=2).stderr
