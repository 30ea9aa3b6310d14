"""What predict writes for other programs: their formats, and answers for events."""

import csv
import json
import math
import pathlib
import re
import signal
import subprocess

import pytest
from conftest import PROGRAM, draw, rows, wait_until


@pytest.fixture
def run(kaziranga, config, photos):
    kaziranga("train", config, "head.type=lda")
    return "run"


FORMATS = {"csv": ".csv", "json": ".json", "jsonl": ".jsonl", "megadetector": ".json", "camtrap-dp": ".csv",
           "timelapse": ".csv"}


def test_every_format_is_written_and_replaced(kaziranga, run, cameras, tmp_path):
    for form, extension in FORMATS.items():
        output = f"{form}{extension}"
        arguments = ["predict", run, cameras, "--format", form, "--output", output]
        kaziranga(*arguments)
        first = (tmp_path / output).read_text()
        assert "there already" in kaziranga(*arguments, code=2).stderr
        kaziranga(*arguments, "--overwrite")
        times = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=[\",])")  # of the classification
        assert times.sub("", first) == times.sub("", (tmp_path / output).read_text())
    stderr = kaziranga("predict", run, cameras, "--format", "megadetector", "--output", "a.csv", code=2).stderr
    assert "a name that ends in .json, for megadetector" in stderr
    assert "ends in .csv, .json or .jsonl" in kaziranga("predict", run, cameras, "--output", "a.xml", code=2).stderr


def test_lines_of_json_on_standard_output(kaziranga, run, photos):
    lines = kaziranga("predict", run, "photos/test", "--format", "jsonl").stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert len(answers) == 12 and all(len(answer["predictions"]) == 4 for answer in answers)


def test_a_table_s_site_and_time_stand_in_the_answers(kaziranga, run, cameras, tmp_path):
    kaziranga("predict", run, "photos2/table.csv", "--output", "p.csv")
    first = rows(tmp_path / "p.csv")[0]
    assert first["site"] == "site 0" and first["time"] == "2026-11-01 08:00:00"


def test_megadetector_gets_its_file_back_with_classes(kaziranga, run, photos, tmp_path):
    """As megadetector-output-format.md says it, and read again by this program."""
    boxes = [{"category": "1", "conf": 0.91, "bbox": [0.1, 0.2, 0.5, 0.5]},
             {"category": "2", "conf": 0.95, "bbox": [0.5, 0.5, 0.25, 0.25]},
             {"category": "1", "conf": 0.05, "bbox": [0.0, 0.0, 0.2, 0.2]}]
    names = [f"test/{name}/7.jpg" for name in ("deer", "frog", "parrot")]
    (photos / "test/frog/7.jpg").write_bytes(b"no image")
    detector = {"info": {"format_version": "1.4"}, "detection_categories": {"1": "animal", "2": "person"},
                "images": [{"file": names[0], "detections": boxes}, {"file": names[1], "detections": boxes[:1]},
                           {"file": names[2], "detections": []}]}
    (photos / "md.json").write_text(json.dumps(detector))
    kaziranga("predict", run, "photos/md.json", "--format", "megadetector", "--output", "back.json", "--topk", "2")
    back = json.loads((tmp_path / "back.json").read_text())
    assert back["classification_categories"] == {"0": "deer", "1": "elephant", "2": "frog", "3": "parrot"}
    first, second, third = back["images"]
    assert [(d["category"], d["conf"], d["bbox"]) for d in first["detections"]] == [
        (b["category"], b["conf"], b["bbox"]) for b in boxes]
    assert len(first["detections"][0]["classifications"]) == 2
    assert all(re.fullmatch(r"\d+", k) and 0 <= p <= 1 for k, p in first["detections"][0]["classifications"])
    assert all("classifications" not in d for d in first["detections"][1:])
    assert "not an image" in second["failure"] and second["detections"] is None
    assert third["detections"][0]["conf"] == 0 and third["detections"][0]["classifications"][0][0] == "3"
    (photos / "back.json").write_text((tmp_path / "back.json").read_text())
    kaziranga("predict", run, "photos/back.json", "--output", "again.csv")
    assert len(rows(tmp_path / "again.csv")) == 3


def test_answers_are_labels_again(kaziranga, config, run, photos, tmp_path):
    """What was classified, and corrected by people, trains the next model."""
    detector = {"images": [{"file": f"train/{name}/{i}.jpg",
                            "detections": [{"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, 0.8, 0.8]}]}
                           for name in ("deer", "frog") for i in range(5)]}
    (photos / "md.json").write_text(json.dumps(detector))
    kaziranga("predict", run, "photos/md.json", "--format", "megadetector", "--output", "photos/answers.json")
    stdout = kaziranga("check", config, "data.root=photos/answers.json", "output=again").stdout
    assert "MegaDetector's JSON, its classes a box" in stdout and "10 images read" in stdout
    assert "classes: 'deer' and 'frog'" in stdout
    species = "id;mammalia;carnivora;felidae;;;"
    answers = [{"filepath": f"train/{name}/{i}.jpg", "prediction": species + common, "detections": []}
               for name, common in (("deer", "red deer"), ("frog", "")) for i in range(5)]
    answers.append({"filepath": "train/deer/0.jpg", "failures": ["DETECTOR"]})
    (photos / "speciesnet.json").write_text(json.dumps({"predictions": answers}))
    done = kaziranga("check", config, "data.root=photos/speciesnet.json", "output=again")
    assert "SpeciesNet's answers" in done.stdout and "classes: 'felidae' and 'red deer'" in done.stdout
    assert "1 image without a class: passed over" in done.stdout


def test_observations_need_times(kaziranga, run, cameras, photos, tmp_path):
    stderr = kaziranga("predict", run, "photos/test", "--format", "camtrap-dp", "--output", "o.csv", code=2).stderr
    assert "12 images without a time, which --format camtrap-dp needs" in stderr
    draw(tmp_path / cameras / "new.jpg", (150, 90, 40), 1)
    done = kaziranga("predict", run, cameras, "--format", "camtrap-dp", "--event", "burst", "--output", "o.csv")
    assert "left out: 1 image without a time" in done.stderr and "photos2/new.jpg" in done.stderr
    observations = rows(tmp_path / "o.csv")
    assert len({o["observationID"] for o in observations}) == len(observations) == 96 + 32
    assert {o["observationLevel"] for o in observations} == {"media", "event"}
    assert observations[0]["eventStart"] == "2026-11-01T08:00:00Z" and observations[0]["deploymentID"] == "deer"
    events = [o for o in observations if o["observationLevel"] == "event"]
    assert events[0]["eventEnd"] == "2026-11-01T08:00:20Z"
    assert {o["eventID"] for o in observations[:3]} == {events[0]["eventID"]}


def test_events_have_the_mean_answer_of_their_images(kaziranga, run, cameras, tmp_path):
    kaziranga("predict", run, cameras, "--event", "burst", "--output", "p.json", "--topk", "4")
    answers = json.loads((tmp_path / "p.json").read_text())
    images = [a for a in answers if "path" in a]
    events = {a["event"]: a for a in answers if "path" not in a}
    assert len(images) == 96 and len(events) == 32
    for event, answer in events.items():
        logits = {}
        members = [a for a in images if a["event"] == event]
        assert len(members) == 3
        for member in members:
            for p in member["predictions"]:
                logits[p["class"]] = logits.get(p["class"], 0) + math.log(max(p["confidence"], 1e-300)) / 3
        total = sum(map(math.exp, logits.values()))
        for p in answer["predictions"]:
            assert p["confidence"] == pytest.approx(math.exp(logits[p["class"]]) / total, abs=1e-9)
    shown = kaziranga("predict", run, cameras, "--event", "folder", "--topk", "1").stdout
    assert len(re.findall("^event ", shown, re.M)) == 4
    assert "no image has a group" in kaziranga("predict", run, cameras, "--event", "site", code=2).stderr


def test_a_name_that_is_a_formula_opens_as_text(kaziranga, run, tmp_path):
    draw(tmp_path / "new/=1+1.jpg", (150, 90, 40), 1)
    for form in ("csv", "timelapse"):
        kaziranga("predict", run, "new", "--format", form, "--output", f"{form}.csv")
        with open(tmp_path / f"{form}.csv", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert any(cell.endswith("=1+1.jpg") for cell in cells) and not any(cell.startswith("=") for cell in cells)


def test_tables_in_two_folders_may_have_the_same_names(kaziranga, run, tmp_path):
    for k, folder in enumerate(("a", "b")):
        draw(tmp_path / folder / "1.jpg", (150 - 90 * k, 90 + 70 * k, 40), k)
        (tmp_path / folder / "list.csv").write_text("path\n1.jpg\n")
    kaziranga("predict", run, "a/list.csv", "b/list.csv", "--output", "p.csv")
    assert [(row["path"], row["top1"]) for row in rows(tmp_path / "p.csv")] == [("a/1.jpg", "deer"), ("b/1.jpg", "frog")]
    (tmp_path / "a/list.json").write_text(json.dumps({"images": [{"file": "../b/1.jpg\0/../../a/1.jpg"}]}))
    assert "a zero byte" in kaziranga("predict", run, "a/list.json", code=2).stderr


def test_classes_that_cannot_occur_get_no_answer(kaziranga, run, cameras, tmp_path):
    def answers(*arguments):
        kaziranga("predict", run, "photos2/table.csv", "--output", "p.csv", "--overwrite", *arguments)
        return rows(tmp_path / "p.csv")
    (tmp_path / "species.txt").write_text("# of the north\nDeer\r\nfrog\n")
    assert {row["top1"] for row in answers("--allow", "species.txt", "--topk", "4")} == {"deer", "frog"}
    (tmp_path / "sites.csv").write_text("site,species\nsite 0,deer\nsite 1,frog\n")
    by_site = {(row["site"], row["top1"]) for row in answers("--allow", "sites.csv")}
    assert {top for site, top in by_site if site == "site 0"} == {"deer"}
    assert {top for site, top in by_site if site == "site 1"} == {"frog"}
    assert len({top for site, top in by_site if site == "site 2"}) == 4
    (tmp_path / "sites.csv").write_text("site,species\nSITE 0,deer\nsite_1,fox\n,frog\n")
    by_site = {(row["site"], row["top1"]) for row in answers("--allow", "sites.csv")}
    assert {top for site, top in by_site if site == "site 0"} <= {"deer", "frog"}
    assert {top for site, top in by_site if site != "site 0"} == {"frog"}
    first = answers("--allow", "sites.csv", "--topk", "4")[-1]
    assert first["top1"] == "frog" and first["top2"] == ""
    (tmp_path / "species.txt").write_text("deer\nfox\n")
    stderr = kaziranga("predict", run, "photos2", "--allow", "species.txt").stderr
    assert "1 name of no class of the model (found 'fox')" in stderr
    (tmp_path / "sites.csv").write_text("site,species\nsite 0,deer\n")
    stderr = kaziranga("predict", run, "photos2", "--allow", "sites.csv").stderr
    assert "96 of 96 images or boxes are from no site that the table of allowed classes names" in stderr
    (tmp_path / "species.txt").write_bytes(b"\xef\xbb\xbfdeer\r\nfox\r\n")  # as Notepad writes it
    stderr = kaziranga("predict", run, "photos2", "--allow", "species.txt").stderr
    assert "1 name of no class of the model (found 'fox')" in stderr
    (tmp_path / "species.txt").write_text("fox\n")
    stderr = kaziranga("predict", run, "photos2", "--allow", "species.txt", code=2).stderr
    assert "names no class of the model" in stderr and "found 'fox'" in stderr
    (tmp_path / "sites.csv").write_text("site\nnorth\n")
    assert "has no column 'label'" in kaziranga("predict", run, "photos2", "--allow", "sites.csv", code=2).stderr


def test_a_run_on_boxes_of_a_table_here_is_judged_again(kaziranga, config, photos, tmp_path):
    """The table in the current folder, the detector's file and the images in another."""
    images = sorted((photos / "train").rglob("*.jpg")) + sorted((photos / "test").rglob("*.jpg"))
    with open(tmp_path / "here.csv", "w", newline="") as file:
        csv.writer(file).writerows([["path", "species"], *[[p.relative_to(tmp_path), p.parent.name] for p in images]])
    boxes = [{"file": "/mnt/survey/" + str(p.relative_to(photos)),
              "detections": [{"category": "1", "conf": 0.9, "bbox": [0, 0, 0.9, 0.9]}]} for p in images]
    (photos / "md.json").write_text(json.dumps({"images": boxes}))
    arguments = ["train", config, "data.root=here.csv", "data.detections=photos/md.json", "head.type=lda"]
    assert "data.moved='{\"/mnt/survey\": \"photos\"}'" in kaziranga(*arguments, code=2).stderr
    kaziranga(*arguments, "data.moved={/mnt/survey: photos}")
    assert "test" in kaziranga("val", "run").stdout


def test_names_that_end_with_zero_bytes(run, photos, tmp_path):
    names = "\0".join(str(p) for p in sorted((photos / "test/deer").glob("*.jpg"))) + "\0"
    done = subprocess.run([PROGRAM, "predict", run, "-"], cwd=tmp_path, input=names, capture_output=True, text=True)
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 3, done.stderr


def test_an_interrupt_ends_the_wait_for_names(run, tmp_path):
    process = subprocess.Popen([PROGRAM, "predict", run, "-"], cwd=tmp_path, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: b"poll" in pathlib.Path(f"/proc/{process.pid}/wchan").read_bytes()
                   or b"select" in pathlib.Path(f"/proc/{process.pid}/wchan").read_bytes(), process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    finally:
        process.kill()


def test_events_need_a_format_that_has_them(kaziranga, run, cameras):
    for form in ("megadetector", "timelapse"):
        stderr = kaziranga("predict", run, cameras, "--format", form, "--event", "burst", code=2).stderr
        assert f"--format {form} has no place for the answers for events" in stderr


def test_what_is_no_data_is_told_as_that(kaziranga, config, photos, tmp_path):
    (photos / "cut.json").write_text('{"images": [{"file_name": ')
    assert "the JSON cannot be read" in kaziranga("check", config, "data.root=photos/cut.json", code=2).stderr
    stderr = kaziranga("check", config, "data.root=photos/test/deer/7.jpg", code=2).stderr
    assert "a file of no kind that names labelled images" in stderr
    with open(photos / "times.csv", "w", newline="") as file:
        csv.writer(file).writerows([["path", "species", "time"], ["train/deer/0.jpg", "deer", "31/12/2023 10:01"],
                                    ["train/deer/1.jpg", "deer", "2023-12-31 10:01"], ["train/clip.MOV", "deer", ""],
                                    ["train/frog/0.jpg", "frog", "2023-12-31 10:01:07"]])
    stdout = kaziranga("check", config, "data.root=photos/times.csv").stdout
    assert "1 time that cannot be read; EXIF takes their place" in stdout and "'31/12/2023 10:01'" in stdout
    assert "1 video passed over" in stdout
