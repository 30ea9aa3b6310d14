"""predict on many files, some of which cannot be read; stopped, and gone on with."""

import json
import signal
import subprocess

import pytest
from conftest import COLOURS, PROGRAM, draw, rows, wait_until

IMAGES = 250


@pytest.fixture
def run(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=lda")
    return tmp_path / "run"


@pytest.fixture
def card(tmp_path):
    """A card of photographs, and one among them whose end was never written."""
    for i in range(IMAGES):
        draw(tmp_path / f"card/IMG_{i:04}.jpg", list(COLOURS.values())[i % 4], i, side=32)
    whole = (tmp_path / "card/IMG_0100.jpg").read_bytes()
    (tmp_path / "card/IMG_0100b.jpg").write_bytes(whole[:len(whole) // 2])
    return tmp_path / "card"


def has_lines(path, count):
    return lambda: path.exists() and path.read_bytes().count(b"\n") >= count


def test_a_damaged_file_is_a_row_with_its_reason(run, kaziranga, card, tmp_path):
    stdout = kaziranga("predict", "run", "card", "--output", "p.csv").stdout
    assert "250 images classified, 1 that cannot be read" in stdout
    table = rows(tmp_path / "p.csv")
    assert len(table) == IMAGES + 1
    bad = [row for row in table if row["problem"]]
    assert [row["path"] for row in bad] == ["card/IMG_0100b.jpg"]
    assert "truncated" in bad[0]["problem"] or "ends" in bad[0]["problem"]
    assert bad[0]["top1"] == "" and all(row["top1"] in COLOURS for row in table if not row["problem"])
    assert table == sorted(table, key=lambda row: row["path"])
    kaziranga("predict", "run", "card", "--output", "p.json")
    parsed = json.loads((tmp_path / "p.json").read_text())
    assert [entry["path"] for entry in parsed] == [row["path"] for row in table]
    assert ["problem" in entry for entry in parsed] == [bool(row["problem"]) for row in table]
    shown = kaziranga("predict", "run", "card").stdout
    assert "card/IMG_0100b.jpg: not classified: " in shown and len(shown.splitlines()) == IMAGES + 1
    assert not (tmp_path / "p.csv.partial").exists()


def test_it_stops_where_asked_to(run, kaziranga, card, tmp_path):
    stderr = kaziranga("predict", "run", "card", "--output", "p.csv", "--on-error", "stop", code=2).stderr
    assert "IMG_0100b.jpg" in stderr and "--on-error row" in stderr and not (tmp_path / "p.csv").exists()
    (card / "IMG_0100b.jpg").unlink()
    kaziranga("predict", "run", "card", "--output", "p.csv", "--on-error", "stop")
    assert len(rows(tmp_path / "p.csv")) == IMAGES


def test_nothing_that_can_be_read_is_a_problem(run, kaziranga, card, tmp_path):
    assert "none of the images can be read" in kaziranga("predict", "run", "card/IMG_0100b.jpg", "--output", "p.csv", code=2).stderr
    assert len(rows(tmp_path / "p.csv")) == 1


@pytest.mark.parametrize("send", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("lines", [1, 70, 200])
def test_stopped_and_repeated_the_file_is_the_same(run, kaziranga, card, tmp_path, send, lines):
    kaziranga("predict", "run", "card", "--output", "whole.csv")
    process = subprocess.Popen([PROGRAM, "predict", "run", "card", "--output", "p.csv"], cwd=tmp_path, stderr=subprocess.PIPE)
    partial = tmp_path / "p.csv.partial"
    wait_until(has_lines(partial, lines), process)
    process.send_signal(send)
    code = process.wait(60)
    if code == 0:
        return  # it was faster
    assert code == (130 if send == signal.SIGINT else -9) and not (tmp_path / "p.csv").exists()
    lines = partial.read_bytes().splitlines()[1:]
    done = sum(b'"problem"' not in line for line in lines)
    with open(partial, "ab") as file:
        file.write(b'{"image":"0')  # what a kill leaves of a line
    stderr = kaziranga("predict", "run", "card", "--output", "p.csv").stderr
    assert done < 1 or f"going on after {done} images" in stderr
    assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_partial_file_of_something_else_is_not_gone_on_with(run, kaziranga, card, tmp_path):
    partial = tmp_path / "p.csv.partial"
    for mine in ("mine\n", "mine"):
        partial.write_text(mine)
        assert "something else" in kaziranga("predict", "run", "card", "--output", "p.csv", code=2).stderr
        assert partial.read_text() == mine
    # Of the same images by another number of classes.
    partial.unlink()
    process = subprocess.Popen([PROGRAM, "predict", "run", "card", "--output", "p.csv", "--topk", "2"], cwd=tmp_path)
    wait_until(has_lines(partial, 2), process)
    process.kill()
    process.wait(60)
    if partial.exists():
        collected = partial.read_bytes()
        assert "another --topk" in kaziranga("predict", "run", "card", "--output", "p.csv", code=2).stderr
        assert partial.read_bytes() == collected
        kaziranga("predict", "run", "card", "--output", "p.csv", "--overwrite")
        assert "top4" in rows(tmp_path / "p.csv")[0]


def stop_after(tmp_path, lines):
    """@return whether it was stopped before its end"""
    process = subprocess.Popen([PROGRAM, "predict", "run", "card", "--output", "p.csv"], cwd=tmp_path, stderr=subprocess.PIPE)
    wait_until(has_lines(tmp_path / "p.csv.partial", lines), process)
    process.kill()
    return process.wait(60) != 0


def test_a_photograph_more_or_less_costs_no_work(run, kaziranga, card, tmp_path):
    if not stop_after(tmp_path, 100):
        return
    (card / "IMG_0000.jpg").unlink()
    draw(card / "A_NEW.jpg", COLOURS["frog"], 7, side=32)
    assert "going on after " in kaziranga("predict", "run", "card", "--output", "p.csv").stderr
    kaziranga("predict", "run", "card", "--output", "whole.csv")
    assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_what_was_said_of_an_image_that_changed_is_not_taken_over(run, kaziranga, card, tmp_path):
    if not stop_after(tmp_path, 64):
        return
    draw(card / "IMG_0000.jpg", COLOURS["parrot"], 7, side=40)
    # Half of it had been copied; now all of it is there.
    draw(card / "IMG_0100b.jpg", COLOURS["frog"], 8, side=32)
    kaziranga("predict", "run", "card", "--output", "p.csv")
    table = {row["path"]: row for row in rows(tmp_path / "p.csv")}
    assert table["card/IMG_0000.jpg"]["top1"] == "parrot" and table["card/IMG_0100b.jpg"]["top1"] == "frog"
    kaziranga("predict", "run", "card", "--output", "whole.csv")
    assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_what_was_done_before_an_image_that_stops_it_is_kept(run, kaziranga, card, tmp_path):
    kaziranga("predict", "run", "card", "--output", "p.csv", "--on-error", "stop", code=2)
    assert (tmp_path / "p.csv.partial").read_bytes().count(b'"classes"') >= 100
    (card / "IMG_0100b.jpg").unlink()
    assert "going on after " in kaziranga("predict", "run", "card", "--output", "p.csv", "--on-error", "stop").stderr
    assert len(rows(tmp_path / "p.csv")) == IMAGES


def test_what_is_no_image_by_name_is_told(kaziranga, run, photos):
    (photos / "test/deer/7.jpg").rename(photos / "test/deer/7.nef")
    stderr = kaziranga("predict", "run", "photos/test").stderr
    assert "photos/test: 1 file passed over, not an image by name (found 'deer/7.nef')" in stderr


@pytest.mark.parametrize("name", ["run/splits.csv", "run/predictions.csv", "run/metrics.json", "labels.csv", "notes.json"])
def test_files_of_others_are_no_predictions_to_replace(kaziranga, run, photos, tmp_path, name):
    (tmp_path / "labels.csv").write_text("path,label\na.jpg,deer\n")
    (tmp_path / "notes.json").write_text('{"mine": 1}\n')
    before = (tmp_path / name).read_bytes()
    stderr = kaziranga("predict", "run", "photos/test", "--output", name, "--overwrite", code=2).stderr
    assert name in stderr and "name another file" in stderr
    assert (tmp_path / name).read_bytes() == before
    for fine in ("new.csv", "new.json"):
        for _ in range(2):
            kaziranga("predict", "run", "photos/test", "--output", fine, "--overwrite")


def test_names_are_no_formulas(run, kaziranga, card, tmp_path):
    name = "=cmd|' C'!A0.jpg"
    (card / "IMG_0001.jpg").rename(tmp_path / name)
    kaziranga("predict", "run", name, "--output", "p.csv")
    assert (tmp_path / "p.csv").read_text().splitlines()[1].startswith("'=cmd|")
