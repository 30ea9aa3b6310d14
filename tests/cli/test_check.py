"""check says all that train would refuse; other kinds of files and swapped arguments are told as what they are."""

import json
import shutil

import pytest
from conftest import REPOSITORY, draw
from PIL import Image

PROBLEMS = {
    "model.num_classes=7": ("model.num_classes is not the number of classes", []),
    "model.freeze=[layer9]": ("no module 'layer9'", ["model.batch_norm=train"]),
    "model.weights=nowhere.pth": ("model.weights: the file of weights is not there", []),
    "model.weights=pretrained": ("no pretrained weights of resnet10_small on this machine", ["model.name=resnet10_small"]),
    "head.type=pretrained": ("has nothing to train", ["model.weights=pretrained"]),
    "head.inputs=[source]": ("no source classes", ["head.type=logistic"]),
    "scheduler.name=plateau": ("no validation split", ["model.freeze=none", "model.batch_norm=train", "head.type=linear"]),
    "output=small.yaml": ("the output is not a folder", []),
    "features.cache=small.yaml": ("small.yaml: cannot make the folder", []),
    "features.cache=./small.yaml": ("small.yaml: cannot make the folder", ["model.freeze=none", "model.batch_norm=train", "head.type=logistic"]),
    "output=photos/run": ("the folder lies among the images", []),
    "tune.grid={optimizer.lr: [0.1, fast]}": ("optimizer.lr=fast", []),
    "data.root=nowhere": ("the data is not there", []),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_check_refuses_what_train_refuses_in_the_same_words(kaziranga, config, photos, tmp_path, problem):
    expected, also = PROBLEMS[problem]
    if "plateau" in problem:
        shutil.rmtree(photos / "val")
    said = kaziranga("check", config, problem, *also, code=2).stderr
    assert expected in said
    refused = kaziranga("train", config, problem, *also, code=2).stderr
    assert [line for line in refused.splitlines() if expected in line][0] in said.splitlines()
    assert not (tmp_path / "run/weights/best.safetensors").exists()


def test_check_sees_what_lies_in_the_output(kaziranga, config, tmp_path):
    kaziranga("train", config, "head.type=prototype")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*")}
    for given in ([], ["resume=true", "seed=3"]):
        arguments = [config, "head.type=prototype", *given]
        said = kaziranga("check", *arguments, code=2).stderr
        refused = kaziranga("train", *arguments, code=2).stderr
        assert refused and said.endswith(refused)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.txt").write_text("mine")
    stderr = kaziranga("check", config, "output=full", code=2).stderr
    assert "not empty; name another" in stderr and "overwrite" not in stderr
    assert kaziranga("check", config, "output=photos", code=2).stderr.count("photos: ") == 1
    for given in ("resume=true", "overwrite=true", "output=other"):
        assert "train would start" in kaziranga("check", config, "head.type=prototype", given).stdout
    assert before == {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*")}
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("change", ["gone", "new", "other", "moved"])
def test_check_knows_what_resume_would_refuse(kaziranga, config, photos, tmp_path, change):
    kaziranga("train", config, "head.type=lda")
    deer = photos / "train/deer/0.jpg"
    said = {"gone": "an image of the run's train split is gone", "new": "an image that the run did not train or validate on",
            "other": "the image has changed since the run began", "moved": "the image was in the run's train split"}[change]
    if change == "gone":
        deer.unlink()
    elif change == "new":
        draw(photos / "train/deer/9.jpg", (1, 2, 3), 1)
    elif change == "other":
        draw(deer, (1, 2, 3), 1)
    else:
        said = "train/deer/0.jpg: an image of the run's train split is gone"
        deer.rename(photos / "val/deer/0.jpg")
    for verb in ("check", "train"):
        stderr = kaziranga(verb, config, "head.type=lda", "resume=true", code=2).stderr
        assert said in stderr and "the run was started with other images" in stderr, verb
    recorded = (tmp_path / "run/splits.csv").read_text()
    assert recorded.count("train/deer/") == 5 and "train/deer/9.jpg" not in recorded


def test_training_tells_of_copies_as_check_does(kaziranga, config, photos):
    shutil.copy(photos / "train/deer/0.jpg", photos / "test/deer/copy.jpg")
    shutil.copy(photos / "train/deer/1.jpg", photos / "train/frog/copy.jpg")
    said = kaziranga("check", config).stdout
    warned = kaziranga("train", config, "head.type=prototype").stderr
    for text in ("the same photograph is in train and test", "the same photograph is labelled 'deer' and 'frog'"):
        assert text in said and text in warned


def test_sites_that_hold_species_are_asked_about(kaziranga, config, photos, tmp_path):
    for site in ("north", "south"):
        for species in ("deer", "frog"):
            shutil.copytree(photos / "train" / species, tmp_path / "sites" / site / species)
    stdout = kaziranga("check", config, "data.root=sites").stdout
    assert "classes: 'north' and 'south'" in stdout
    assert "2 classes with no image of its own, only folders of them" in stdout and "'deer' and 'frog'" in stdout
    assert "only folders of them" not in kaziranga("check", config).stdout


def test_check_says_everything_at_once(kaziranga, config, photos):
    bad = "dee\u2028r"
    for split in ("train", "val", "test"):
        (photos / split / "deer").rename(photos / split / bad)
    stderr = kaziranga("check", config, "model.num_classes=7", "model.weights=nowhere.pth", code=2).stderr
    for text in ("not plain UTF-8 text", "model.num_classes", "nowhere.pth"):
        assert text in stderr, text


def test_what_training_leaves_out_is_no_reason_to_refuse(kaziranga, config, photos):
    (photos / "train/deer/0.jpg").write_bytes(b"")
    stdout = kaziranga("check", config, "data.on_error=skip").stdout
    assert "1 of 40 images cannot be used; training leaves them out" in stdout and "train would start" in stdout
    for image in (photos / "train/deer").iterdir():
        image.write_bytes(b"")
    assert "deer: no usable training image" in kaziranga("check", config, "data.on_error=skip", code=2).stderr


def test_shots_are_drawn_from_images_that_can_be_used(kaziranga, config, photos, tmp_path):
    """Two of five are broken, whichever a draw of three takes first."""
    for name in ("0.jpg", "3.jpg"):
        (photos / "train/deer" / name).write_bytes((photos / "train/deer" / name).read_bytes()[:200])
    kaziranga("train", config, "data.shots=3", "data.on_error=skip", "head.type=lda")
    rows = (tmp_path / "run/splits.csv").read_text().splitlines()
    deer = [row for row in rows if row.startswith("train/deer/")]
    assert {row.split(",")[0] for row in deer} == {f"train/deer/{i}.jpg" for i in (1, 2, 4)}
    stderr = kaziranga("train", config, "data.shots=4", "data.on_error=skip", "output=again", code=2).stderr
    assert "class 'deer' has too few usable training images" in stderr and "found 3" in stderr


@pytest.mark.parametrize("text", ['output: "run\nseed: 1\n', "output: 'run\nseed: 1\n", 'output: "run\\"\nseed: 1\n'])
def test_quotes_that_nothing_closes(kaziranga, tmp_path, text):
    (tmp_path / "open.yaml").write_text(text)
    stderr = kaziranga("check", "open.yaml", code=2).stderr
    assert "open.yaml:1:9" in stderr and "close the quotes" in stderr


def test_a_config_of_another_verb_is_said_to_be_one(kaziranga, config, tmp_path):
    configs = REPOSITORY / "configs"
    for verb, file, right in [("train", configs / "sweep_heads.yaml", "kaziranga sweep"),
                              ("check", configs / "reproduce.yaml", "kaziranga reproduce"),
                              ("sweep", config, "kaziranga train"),
                              ("reproduce", configs / "parks.yaml", "kaziranga generate"),
                              ("generate", config, "kaziranga train")]:
        stderr = kaziranga(verb, file, code=2).stderr
        assert "a config of another verb" in stderr and f"; {right} {file}" in stderr, stderr


def test_nothing_is_suggested_where_nothing_is_near(kaziranga, tmp_path):
    (tmp_path / "x.yaml").write_text("kaziranga: 1\njobs: 2\n")
    assert "did you mean" not in kaziranga("check", "x.yaml", code=2).stderr


@pytest.fixture
def run(kaziranga, config):
    kaziranga("train", config, "head.type=lda")
    return "run"


def test_tables_and_swapped_arguments_are_told_as_what_they_are(kaziranga, run, photos, tmp_path):
    (tmp_path / "list.csv").write_text("path,label\nphotos/test/deer/7.jpg,deer\n")
    (tmp_path / "list.json").write_text(json.dumps(["photos/test/deer/7.jpg"]))
    (tmp_path / "list.yaml").write_text("images: photos\n")
    assert kaziranga("predict", run, "list.csv").stdout.startswith("photos/test/deer/7.jpg: ")
    assert "not a detector's answers" in kaziranga("predict", run, "list.json", code=2).stderr
    assert "a text, not an image" in kaziranga("predict", run, "list.yaml", code=2).stderr
    for images in ("photos", "photos/test/deer/7.jpg"):
        assert "the run comes first" in kaziranga("predict", images, run, code=2).stderr


def test_rare_kinds_are_not_called_damaged(kaziranga, config, photos, tmp_path):
    jpeg = (photos / "train/deer/0.jpg").read_bytes()
    frame = jpeg.index(b"\xff\xc0")
    (photos / "train/deer/0.jpg").write_bytes(jpeg[:frame + 4] + b"\x0c" + jpeg[frame + 5:])
    (photos / "train/deer/1.jpg").write_bytes(jpeg[:frame] + b"\xff\xc3" + jpeg[frame + 2:])
    still = Image.new("RGB", (40, 40))
    still.save(tmp_path / "a.webp", save_all=True, append_images=[Image.new("RGB", (40, 40), "red")])
    animated = bytearray((tmp_path / "a.webp").read_bytes())
    animated[20] &= 0xFD  # the flag, which some writers forget
    (photos / "train/deer/2.webp").write_bytes(bytes(animated))
    stderr = kaziranga("check", config, code=2).stderr
    for text in ("a JPEG of 12 bits a colour", "a lossless or hierarchical JPEG", "an animated WebP"):
        assert text in stderr, text
    assert "damaged" not in stderr


def test_paths_of_a_table_that_lead_out_of_its_folder(kaziranga, config, photos, tmp_path):
    table = tmp_path / "tables/list.csv"
    table.parent.mkdir()
    draw(tmp_path / "tables/in.jpg", (1, 2, 3), 0)
    for path in ("../photos/train/deer/0.jpg", str(photos / "train/deer/0.jpg")):
        table.write_text(f"path,label\nin.jpg,deer\n{path},deer\n")
        arguments = ["check", config, "data.format=csv", f"data.root={table}"]
        stderr = kaziranga(*arguments, code=2).stderr
        assert "list.csv:3: the path leads out of the table's folder" in stderr and "data.paths=anywhere" in stderr
        assert "2 train" in kaziranga(*arguments, "data.paths=anywhere", "data.test_fraction=0").stdout
    table.write_text(f"path,label\n{tmp_path / 'tables/in.jpg'},deer\n../tables/in.jpg,frog\n")
    assert "leads out" not in kaziranga("check", config, "data.format=csv", f"data.root={table}", code=2).stderr


def test_a_table_of_a_million_columns_is_refused_in_a_line(kaziranga, config, tmp_path):
    (tmp_path / "wide.csv").write_text(",".join(f"c{i}" for i in range(1_000_000)) + "\n")
    stderr = kaziranga("check", config, "data.format=csv", "data.root=wide.csv", code=2).stderr
    assert "no column 'path'" in stderr and "more" in stderr and len(stderr) < 2000


def test_a_class_name_as_long_as_a_book(kaziranga, config, photos, tmp_path):
    def train(times, **expected):
        rows = [f"{p.relative_to(tmp_path)},{p.parent.name * (times if p.parent.name == 'frog' else 1)}"
                for p in sorted((photos / "train").rglob("*.jpg"))]
        (tmp_path / "list.csv").write_text("path,label\n" + "\n".join(rows) + "\n")
        return kaziranga("train", config, "data.format=csv", "data.root=list.csv", "model.freeze=none", "model.batch_norm=train",
                         "head.type=linear", "train.epochs=1", "model.name=resnet10_small", timeout=60, **expected)

    stderr = train(100_000, code=2).stderr
    assert "a class name longer than any folder's (expected at most 255 bytes, found 400000)" in stderr and len(stderr) < 5000
    train(60)
    assert (tmp_path / "run/train_batch.jpg").exists()


def test_markup_in_names_stays_text_in_the_summary(kaziranga, config, tmp_path):
    (tmp_path / "sweep.yaml").write_text(
        "output: sweep\nbase: small.yaml\nseeds: [0]\nvariants:\n"
        "  '<img src=x onerror=alert(1)>|[a](javascript:b)': [head.type=lda]\n")
    kaziranga("sweep", "sweep.yaml")
    summary = (tmp_path / "sweep/summary.md").read_text()
    assert r"\<img src=x onerror=alert(1)\>\|\[a\](javascript:b)" in summary and "<img" not in summary.replace(r"\<img", "")
