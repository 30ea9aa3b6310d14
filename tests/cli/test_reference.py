"""The generated reference and schemas are those that this program prints."""

import json

import jsonschema
import pytest
import yaml
from conftest import REPOSITORY


@pytest.mark.parametrize("file, arguments", [
    ("docs/configuration.md", []),
    ("docs/configuration_parks.md", ["--parks"]),
    ("configs/schema.json", ["--schema"]),
    ("configs/parks.schema.json", ["--schema", "--parks"]),
])
def test_the_checked_in_file_is_fresh(kaziranga, file, arguments):
    printed = kaziranga("reference", *arguments).stdout
    assert (REPOSITORY / file).read_text() == printed, f"stale: build/kaziranga reference {' '.join(arguments)} > {file}"


@pytest.mark.parametrize("path", sorted((REPOSITORY / "configs").glob("*.yaml")), ids=lambda path: path.name)
def test_every_config_obeys_its_schema(path):
    schema = "parks.schema.json" if path.name == "parks.yaml" else "schema.json"
    jsonschema.validate(yaml.safe_load(path.read_text()), json.loads((REPOSITORY / "configs" / schema).read_text()))


@pytest.mark.parametrize("path", sorted((REPOSITORY / "configs").glob("*.yaml")), ids=lambda path: path.name)
def test_every_training_config_is_read(kaziranga, path):
    if path.name != "parks.yaml":
        kaziranga("check", path, "data.root=")


def test_the_schema_refuses_what_the_program_refuses():
    schema = json.loads((REPOSITORY / "configs/schema.json").read_text())
    for config in ({"optimizer": {"lr": 0}}, {"optimizer": {"nmae": "sgd"}}, {"seed": "x"}, {"data": {"order": "alphabet"}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(config, schema)
