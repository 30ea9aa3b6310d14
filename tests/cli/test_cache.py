"""The features that runs keep: what is kept, what is computed anew, and the verbs that look after it."""

import shutil

from PIL import Image


def records(kaziranga):
    rows = kaziranga("cache", "list", "cache").stdout.splitlines()[1:]
    return [int(row.split()[0]) for row in rows]


def test_features_are_computed_once_and_a_moved_folder_hits(kaziranga, config, tmp_path):
    kaziranga("train", config)
    before = records(kaziranga)
    assert sum(before) > 0
    shutil.move(tmp_path / "photos", tmp_path / "elsewhere")
    kaziranga("train", config, "data.root=elsewhere", "output=again")
    assert records(kaziranga) == before


def test_new_images_and_changed_pixels_are_computed_and_nothing_else(kaziranga, config, tmp_path):
    kaziranga("train", config, "features.train_views=[centre]", "features.test_views=[centre]")
    before, = records(kaziranga)
    picture = tmp_path / "photos/train/deer/0.jpg"
    image = Image.open(picture).convert("RGB")
    image.putpixel((0, 0), (1, 2, 3))
    image.save(tmp_path / "photos/train/deer/new.png")
    image.putpixel((0, 0), (3, 2, 1))
    picture.unlink()
    image.save(tmp_path / "photos/train/deer/0.png")
    kaziranga("train", config, "features.train_views=[centre]", "features.test_views=[centre]", "output=again")
    assert records(kaziranga) == [before + 2]


def test_what_else_decides_a_feature_gets_a_file_of_its_own(kaziranga, config, tmp_path):
    kaziranga("train", config)
    for number, override in enumerate(["features.precision=bf16", "features.precision=int8", "data.decode=reduced", "seed=1", "model.name=resnet34"]):
        kaziranga("train", config, override, f"output=run{number}")
        assert len(records(kaziranga)) == number + 2, override


def test_list_says_of_what_each_file_is(kaziranga, config, tmp_path):
    kaziranga("train", config)
    listed = kaziranga("cache", "list", "cache").stdout
    assert "resnet18" in listed and "fp32 on cpu" in listed and "224 of 256 pixels" in listed


def test_verify_finds_a_changed_byte_and_a_run_computes_that_feature_again(kaziranga, config, tmp_path):
    kaziranga("train", config)
    assert "all sound" in kaziranga("cache", "verify", "cache").stdout
    file, = (tmp_path / "cache").glob("*.features")
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    message = kaziranga("cache", "verify", "cache", code=2).stderr
    assert "1 of" in message and file.name in message
    before, = records(kaziranga)
    kaziranga("train", config, "output=again")
    assert records(kaziranga) == [before + 1]


def test_clear_removes_the_caches_and_nothing_else(kaziranga, config, tmp_path):
    kaziranga("train", config)
    (tmp_path / "cache/notes.txt").write_text("mine")
    assert "1 file(s) removed" in kaziranga("cache", "clear", "cache").stdout
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["notes.txt"]


def test_a_wrong_folder_or_word_is_told(kaziranga):
    assert "features.cache" in kaziranga("cache", "list", "nowhere", code=2).stderr
    assert "list, verify, clear" in kaziranga("cache", code=2).stderr
    assert "did you mean 'clear'" in kaziranga("cache", "claer", code=2).stderr
