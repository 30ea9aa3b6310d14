"""The generated reference and schemas are those that this program prints."""

import json
import re
import subprocess

import jsonschema
import pytest
import yaml
from conftest import PROGRAM, REPOSITORY


STUDIES = ["residual_block", "conv_stack", "bias_variance", "sigmoid_tanh", "quadratic_error"]


@pytest.mark.parametrize("file, arguments", [
    ("docs/configuration.md", []),
    ("docs/configuration_parks.md", ["--of", "parks"]),
    ("docs/configuration_sweep.md", ["--of", "sweep"]),
    ("docs/configuration_reproduce.md", ["--of", "reproduce"]),
    ("configs/schema.json", ["--schema"]),
    ("configs/parks.schema.json", ["--schema", "--of", "parks"]),
    ("configs/sweep.schema.json", ["--schema", "--of", "sweep"]),
    ("configs/reproduce.schema.json", ["--schema", "--of", "reproduce"]),
    *((f"docs/configuration_{study}.md", ["--of", study]) for study in STUDIES),
    *((f"configs/studies/{study}.schema.json", ["--schema", "--of", study]) for study in STUDIES),
])
def test_the_checked_in_file_is_fresh(kaziranga, file, arguments):
    printed = kaziranga("reference", *arguments).stdout
    assert (REPOSITORY / file).read_text() == printed, f"stale: build/kaziranga reference {' '.join(arguments)} > {file}"


CONFIGS = sorted((REPOSITORY / "configs").glob("*.yaml"))


def schema_of(path):
    """Parks, sweeps and reproductions have schemas of their own, told by the file's name."""
    kind = path.name.removesuffix(".yaml").split("_")[0]
    return f"{kind}.schema.json" if kind in ("parks", "sweep", "reproduce") else "schema.json"


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.name)
def test_every_config_obeys_its_schema(path):
    schema = schema_of(path)
    jsonschema.validate(yaml.safe_load(path.read_text()), json.loads((REPOSITORY / "configs" / schema).read_text()))


@pytest.mark.parametrize("path", [path for path in CONFIGS if schema_of(path) == "schema.json"], ids=lambda path: path.name)
def test_every_training_config_is_read(kaziranga, path):
    """All that is wrong with them are images that are not named, and weights that this machine lacks."""
    process = kaziranga("check", path, "data.root=", code=2)
    assert f"{path}: every key is known" in process.stdout
    missing = ("config: data.root: no images named", "config: head.type: pretrained has nothing to train",
               "model.weights: no pretrained weights", "weights: ")
    assert [line for line in process.stderr.splitlines() if not line.startswith(missing)] == []


@pytest.mark.parametrize("path", [path for path in CONFIGS if schema_of(path) == "sweep.schema.json"], ids=lambda path: path.name)
def test_every_sweep_resolves(kaziranga, path, tmp_path):
    """With images that are not there, a sweep whose variants are all right stops at its first run."""
    stderr = kaziranga("sweep", path, "set=data.root=nowhere", f"output={tmp_path}/out", code=2).stderr
    assert "nowhere" in stderr and stderr.count("the sweep stops here") == 1


def test_the_schema_of_sweeps_takes_numbers_as_words():
    schema = json.loads((REPOSITORY / "configs/sweep.schema.json").read_text())
    jsonschema.validate({"base": "x", "grid": {"head.penalty": [0.1, 1], "head.calibrate": [True, False], "head.type": "lda"}}, schema)
    for config in ({"seeds": ["x"]}, {"seeds": [-1]}, {"grid": {"a": {"b": "c"}}}, {"confidence": 1}, {"variant": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(config, schema)


def test_the_schema_refuses_what_the_program_refuses():
    schema = json.loads((REPOSITORY / "configs/schema.json").read_text())
    for config in ({"optimizer": {"lr": 0}}, {"optimizer": {"nmae": "sgd"}}, {"seed": "x"}, {"data": {"order": "alphabet"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(config, schema)


def test_the_version_is_said_before_libtorch_starts():
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, env={"LD_DEBUG": "files"})
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", said.stdout) and said.returncode == 0
    assert "libtorch_cpu" in said.stderr and not re.search("calling init: .*libtorch_cpu", said.stderr)


def test_a_version_that_cannot_be_written_is_a_problem():
    with open("/dev/full", "w") as full:
        said = subprocess.run([PROGRAM, "--version"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert said.returncode == 2 and "No space left" in said.stderr
