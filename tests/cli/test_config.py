"""A config's problems: all at once, each with its place, exit code 2, nothing written."""

import pytest
from conftest import REPOSITORY

WRONG = """\
output: runs/x
seed: many
data:
  root: photos
  shots: -3
optimiser:
  lr: 0.1
optimizer:
  nmae: sgd
  lr: 1e400
features:
  precision: fp16
"""


def test_five_problems_and_more_are_five_lines_with_their_places(kaziranga, tmp_path):
    (tmp_path / "wrong.yaml").write_text(WRONG)
    lines = kaziranga("train", "wrong.yaml", code=2).stderr.strip().splitlines()
    places = [line.split(": ")[0] for line in lines]
    assert places == ["wrong.yaml:2:7", "wrong.yaml:5:10", "wrong.yaml:6:1", "wrong.yaml:9:3",
                      "wrong.yaml:10:7", "wrong.yaml:12:14"]
    assert "optimizer" in lines[2] and "did you mean 'optimizer'" in lines[2]
    assert "did you mean 'name'" in lines[3]
    assert "bf16" in lines[5]
    assert not (tmp_path / "runs").exists()


def test_overrides_are_checked_alike(kaziranga, config, tmp_path):
    stderr = kaziranga("train", config, "optimizer.lrr=1", "seed=x", "nothing", code=2).stderr
    assert "optimizer.lrr" in stderr and "did you mean" in stderr
    assert "seed=x" in stderr and "nothing" in stderr
    assert stderr.count("command line") == 3
    assert not (tmp_path / "run").exists()


def test_contradicting_keys(kaziranga, config):
    stderr = kaziranga("check", config, "resume=true", "overwrite=true", "scheduler.warmup_epochs=99", code=2).stderr
    assert "resume" in stderr and "longer than the whole training" in stderr


def test_momentum_is_one_cycles_own(kaziranga, config):
    stderr = kaziranga("check", config, "scheduler.name=one_cycle", "optimizer.momentum=0.5", code=2).stderr
    assert "optimizer.momentum" in stderr and "0.95" in stderr


def test_a_missing_config_is_named(kaziranga):
    assert "absent.yaml" in kaziranga("train", "absent.yaml", code=2).stderr


def test_unknown_verbs_and_missing_arguments(kaziranga):
    assert "did you mean 'train'" in kaziranga("trian", code=2).stderr
    assert "config is required" in kaziranga("train", code=2).stderr
    assert "no verb was given; take one of check, train" in kaziranga(code=2).stderr


@pytest.mark.parametrize("arguments, said", [
    (["--verson"], "unknown argument '--verson'; take one of check, train"),
    (["help"], "unknown argument 'help'; give --help"),
    (["train", "small.yaml", "--lr", "0.1"], "unknown argument '--lr'; settings are written without dashes: lr=…"),
    (["train", "small.yaml", "--optimizer.lr=0.1"], "settings are written without dashes: optimizer.lr=0.1"),
    (["train", "--resume"], "settings are written without dashes: resume=…\nkaziranga: see kaziranga train --help"),
    (["cache", "list", "--foo"], "see kaziranga cache list --help"),
    (["trian"], "did you mean 'train'?\nkaziranga: see kaziranga --help"),
    (["val", "run", "--data", ""], "an empty name"),
    (["predict", "run", "photos", "--output", ""], "an empty name"),
    (["train", "data.root=photos"], "a setting, where the config's file is expected"),
    (["train", "."], "a folder, where the config's file is expected"),
    (["predict", "run", "photos", "--ouput", "x"], "unknown argument '--ouput'; did you mean '--output'?"),
    (["cache", "clean"], "unknown argument 'clean'; did you mean 'clear'?"),
])
def test_unknown_arguments_are_told_what_to_write_instead(kaziranga, arguments, said):
    assert said in kaziranga(*arguments, code=2).stderr


@pytest.mark.parametrize("text, remedy", [
    ("output: run\n  seed: 1\n", "indentation"),
    ("data: {root: photos\nseed: 1\n", "close the bracket"),
    ('output: "C:\\xq"\n', "single quotes"),
])
def test_what_is_no_yaml_comes_with_a_remedy(kaziranga, tmp_path, text, remedy):
    (tmp_path / "bad.yaml").write_text(text)
    stderr = kaziranga("check", "bad.yaml", code=2).stderr
    assert "not YAML" in stderr and remedy in stderr


def test_numbers_of_too_many_digits(kaziranga, config):
    stderr = kaziranga("check", config, "seed=9223372036854775808", code=2).stderr
    assert ">= 0 and <= 9223372036854775807" in stderr


@pytest.mark.parametrize("verb, file", [("sweep", "sweep_heads.yaml"), ("reproduce", "reproduce.yaml")])
def test_settings_of_trainings_go_into_set(kaziranga, verb, file):
    stderr = kaziranga(verb, REPOSITORY / "configs" / file, "data.root=photos", "head.type=knn", code=2).stderr
    assert "write set=[data.root=photos, head.type=knn]" in stderr
    assert "train" in kaziranga("--help").stdout


def test_head_pretrained_cannot_be_trained(kaziranga, config):
    stderr = kaziranga("train", config, "head.type=pretrained", "model.weights=pretrained", code=2).stderr
    assert "nothing to train" in stderr


def test_a_gpu_that_is_not_there(kaziranga, config, tmp_path):
    assert "cuda:77" in kaziranga("train", config, "device=cuda:77", code=2).stderr


def test_an_unknown_module_to_freeze(kaziranga, config):
    stderr = kaziranga("train", config, "model.freeze=[layer9]", "model.batch_norm=train", code=2).stderr
    assert "layer9" in stderr and "did you mean" in stderr


def test_names_of_other_programs_are_understood_as_suggestions(kaziranga, tmp_path):
    (tmp_path / "other.yaml").write_text("optimizer: {learning_rte: 0.1}\ntrain: {num_workers: 4}\n")
    lines = kaziranga("train", "other.yaml", "arch=resnet18", code=2).stderr.splitlines()
    for line, place, suggestion in zip(lines, ["1:13", "2:9", "command line"], ["lr", "data.workers", "model.name"]):
        assert place in line and f"did you mean '{suggestion}'" in line
