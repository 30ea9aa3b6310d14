"""What could lose a user's work: kills at bad moments, two programs in one folder, files that change or steer a terminal."""

import json
import shutil
import signal
import subprocess

import pytest
from conftest import PROGRAM, draw, wait_until

LONG = ["head.type=linear", "train.epochs=100000", "optimizer.lr=0.001"]


def files_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def started(config, *arguments):
    """A training that goes on until it is told to stop."""
    return subprocess.Popen([PROGRAM, "train", config, *LONG, "train.save_every=0", *arguments], cwd=config.parent,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("given", [[], ["resume=true"], ["overwrite=true"]])
def test_a_folder_with_half_a_config_is_free(kaziranga, config, tmp_path, given):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/.config.yaml.partial-AbC123").write_text("# The resolved con")
    kaziranga("train", config, "head.type=lda", *given)
    assert not list((tmp_path / "run").glob(".*"))


def test_a_second_program_is_kept_out_of_a_run_folder(kaziranga, config, tmp_path):
    process = started(config)
    state = tmp_path / "run/weights/state.safetensors"
    assert wait_until(state.exists, process)
    for given in (["resume=true"], ["overwrite=true"], []):
        stderr = kaziranga("train", config, *LONG, *given, code=2).stderr
        assert "another process is writing into this folder" in stderr and "wait until it has ended" in stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 130
    assert "not empty" in kaziranga("train", config, *LONG, code=2).stderr  # it is free again, and holds a run


def test_a_run_stays_until_the_one_that_replaces_it_is_whole(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=lda")
    run = tmp_path / "run"
    before = files_of(run)
    # A training that diverges.
    kaziranga("train", config, "overwrite=true", "head.type=linear", "optimizer.lr=1e30", "train.epochs=5", code=2)
    assert before.items() <= files_of(run).items()
    # One that is killed in the middle.
    process = started(config, "overwrite=true")
    assert wait_until((run / "replacement/weights/state.safetensors").exists, process)
    process.kill()
    process.wait(60)
    assert before.items() <= files_of(run).items()
    assert kaziranga("val", "run").returncode == 0


def test_what_a_run_was_resumed_to_after_an_interrupted_overwrite(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=lda")
    new = ["head.type=linear", "train.epochs=400", "optimizer.lr=0.01"]
    kaziranga("train", config, "output=undisturbed", *new)
    process = subprocess.Popen([PROGRAM, "train", config, *new, "train.save_every=0", "overwrite=true"], cwd=tmp_path,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert wait_until((tmp_path / "run/replacement/weights/state.safetensors").exists, process)
    process.send_signal(signal.SIGINT)
    assert "go on with resume=true" in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    kaziranga("train", config, "resume=true", *new)
    best = "weights/best.safetensors"
    assert (tmp_path / "run" / best).read_bytes() == (tmp_path / "undisturbed" / best).read_bytes()
    assert not (tmp_path / "run/replacement").exists() and not (tmp_path / "run/candidates.csv").exists()


def test_a_damaged_state_is_refused(kaziranga, config, tmp_path):
    process = started(config)
    state = tmp_path / "run/weights/state.safetensors"
    assert wait_until(state.exists, process)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    damaged = bytearray(state.read_bytes())
    damaged[-3] ^= 4
    state.write_bytes(damaged)
    stderr = kaziranga("train", config, "resume=true", *LONG, code=2).stderr
    assert "checksum" in stderr and "overwrite=true" in stderr
    assert state.read_bytes() == damaged


def test_an_image_that_is_replaced_during_the_run_is_not_kept_under_its_old_hash(kaziranga, config, photos, tmp_path):
    kaziranga("train", config, "head.type=lda")
    shutil.rmtree(tmp_path / "cache")
    shutil.rmtree(tmp_path / "run")
    # Replaced after it was looked at and before it is read for its features: as soon as the log says how many there are.
    process = subprocess.Popen([PROGRAM, "train", config, "head.type=lda", "data.workers=1"], cwd=tmp_path,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if line.startswith("data:"):
            draw(photos / "test/parrot/9.jpg", (1, 2, 3), 99)
            break
    stderr = process.communicate(timeout=60)[1]
    assert process.returncode == 2 and "9.jpg: the image was replaced or changed during the run" in stderr


def test_names_cannot_steer_a_terminal(kaziranga, config, photos, tmp_path):
    names = {"esc": "a\x1b[31mred", "c1": "a\u009b31mred", "bidi": "a\u202egpj.exe", "line": "a\nforged"}
    for name in names.values():
        output = f"runs/{name}"
        process = kaziranga("train", config, "head.type=lda", f"output={output}")
        shutil.copy(photos / "test/deer/8.jpg", tmp_path / f"{name}.jpg")
        shown = process.stdout + process.stderr + kaziranga("predict", output, f"{name}.jpg").stdout
        log = (tmp_path / output / "train.log").read_text(errors="replace")
        for text in (shown, log):
            assert name not in text
            assert not any(ord(c) < 32 and c != "\n" or 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e for c in text)
        assert not any(line.startswith("forged") for line in (shown + log).splitlines())


def test_an_edited_description_is_refused(kaziranga, config, tmp_path):
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    kaziranga("train", config, "head.type=lda")
    path = tmp_path / "run/weights/best.safetensors"
    with safe_open(path, "pt") as file:
        notes = file.metadata()
    description = json.loads(notes["kaziranga.checkpoint"])
    description["classes"] = description["classes"][::-1]
    notes["kaziranga.checkpoint"] = json.dumps(description)
    save_file(load_file(path), path, metadata=notes)
    assert "not as it was written" in kaziranga("val", "run", code=2).stderr


def test_a_terminal_that_goes_away_costs_no_work(config, tmp_path):
    process = started(config)
    assert wait_until((tmp_path / "run/weights/state.safetensors").exists, process)
    process.send_signal(signal.SIGHUP)
    assert process.wait(60) == 130


def test_a_reader_of_the_log_that_goes_away_ends_no_training(config, tmp_path):
    process = subprocess.Popen([PROGRAM, "train", config, "head.type=linear", "train.epochs=300"], cwd=tmp_path,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stderr.close()
    assert process.wait(120) == 0
    assert (tmp_path / "run/metrics.json").exists()


def test_the_longest_file_allowed_is_told_and_kills_nothing(config, tmp_path):
    command = f"ulimit -f 1000; exec '{PROGRAM}' train '{config}' head.type=lda"
    process = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert process.returncode == 2 and "File too large" in process.stderr, process.stderr


def test_a_path_at_home_is_found(kaziranga, config, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    kaziranga("train", config, "head.type=lda", "data.root=~/photos", "output=~/at_home")
    assert (tmp_path / "at_home/metrics.json").exists() and not (tmp_path / "~").exists()


PARKS = """\
output: parks
threads: 1
kaziranga: {species: 2, train_images: 1, test_images: 1, size: 32}
olympic: {species: 2, train_images: 1, size: 32}
"""


def test_parks_go_on_after_a_kill(kaziranga, tmp_path):
    (tmp_path / "parks.yaml").write_text(PARKS)
    assert "left over" not in kaziranga("generate", "parks.yaml").stderr
    drawn = files_of(tmp_path / "parks")
    # Killed in the second park: the first is whole, the second a hidden folder.
    (tmp_path / "parks/olympic").rename(tmp_path / "parks/.olympic.partial-AbC123")
    (tmp_path / "parks/.olympic.partial-AbC123/park.json").unlink()
    users = tmp_path / "parks/.olympic.partial-XyZ789"
    users.mkdir()
    (users / "notes.txt").write_text("mine")
    assert "going on with olympic" in kaziranga("generate", "parks.yaml").stderr
    (users / "notes.txt").unlink()
    users.rmdir()
    assert files_of(tmp_path / "parks") == drawn
    # With an image missing, or others asked for, a park is not the one that was drawn.
    shutil.rmtree(tmp_path / "parks/olympic")
    assert "kaziranga: the park's folder is not empty" in kaziranga("generate", "parks.yaml", "seed=1", code=2).stderr
    next((tmp_path / "parks/kaziranga").rglob("*.jpg")).unlink()
    assert "kaziranga: the park's folder is not empty" in kaziranga("generate", "parks.yaml", code=2).stderr


def test_a_park_that_is_drawn_again_leaves_nothing_beside_it(kaziranga, tmp_path):
    (tmp_path / "parks.yaml").write_text(PARKS)
    kaziranga("generate", "parks.yaml")
    before = files_of(tmp_path / "parks")
    kaziranga("generate", "parks.yaml", "overwrite=true", "seed=1")
    assert files_of(tmp_path / "parks").keys() != before.keys() or files_of(tmp_path / "parks") != before
    assert sorted(path.name for path in (tmp_path / "parks").iterdir()) == ["kaziranga", "olympic"]


@pytest.mark.parametrize("killed_before", ["the new one was there", "the old one was removed"])
def test_a_park_that_was_put_aside_comes_back(kaziranga, tmp_path, killed_before):
    """Where a file system cannot exchange two folders in one step, a kill may leave the old one under another name."""
    (tmp_path / "parks.yaml").write_text(PARKS)
    kaziranga("generate", "parks.yaml")
    parks = tmp_path / "parks"
    before = files_of(parks)
    shutil.rmtree(parks / "olympic")
    aside = parks / ".kaziranga.partial-a1B2c3.old"
    if killed_before == "the new one was there":
        (parks / "kaziranga").rename(aside)
    else:
        shutil.copytree(parks / "kaziranga", aside)
    kaziranga("generate", "parks.yaml")
    assert files_of(parks) == before
