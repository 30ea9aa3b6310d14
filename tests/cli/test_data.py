"""What is wrong with images and folders is named, and nothing of the user's is changed."""

import hashlib


def contents(folder):
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def spoil(photos):
    whole = (photos / "train/deer/0.jpg").read_bytes()
    (photos / "train/deer/0.jpg").write_bytes(whole[: len(whole) // 2])
    (photos / "train/frog/1.jpg").write_text("this is no picture")
    (photos / "val/parrot/zero.png").write_bytes(b"")
    (photos / "train/gaur").mkdir()


def test_check_says_that_all_is_well(kaziranga, config):
    stdout = kaziranga("check", config).stdout
    assert "4 classes, 20 train, 8 val, 12 test" in stdout
    assert "40 images read, all sound" in stdout


def test_check_names_every_problem(kaziranga, config, photos):
    spoil(photos)
    before = contents(photos)
    process = kaziranga("check", config, code=2)
    said = process.stdout + process.stderr
    for text in ("train/deer/0.jpg", "truncated", "train/frog/1.jpg", "not an image", "val/parrot/zero.png", "empty",
                 "gaur", "3 of 41 images"):
        assert text in said, text
    assert contents(photos) == before


def test_training_refuses_and_names_them(kaziranga, config, photos, tmp_path):
    spoil(photos)
    stderr = kaziranga("train", config, code=2).stderr
    for text in ("train/deer/0.jpg", "train/frog/1.jpg", "val/parrot/zero.png", "data.on_error=skip"):
        assert text in stderr, text
    assert not (tmp_path / "run/weights/best.safetensors").exists()


def test_training_goes_on_without_them_and_lists_them(kaziranga, config, photos, tmp_path):
    spoil(photos)
    stdout = kaziranga("train", config, "data.on_error=skip").stdout
    assert "3 image(s) left out" in stdout
    skipped = (tmp_path / "run/skipped.csv").read_text().splitlines()
    assert skipped[0] == "path,reason" and len(skipped) == 4


def test_too_many_pixels(kaziranga, config):
    stderr = kaziranga("train", config, "data.max_pixels=2000", code=2).stderr
    assert "2000" in stderr and "pixels" in stderr


def test_the_same_photograph_in_two_splits(kaziranga, config, photos):
    (photos / "test/deer/copy.jpg").write_bytes((photos / "train/deer/2.jpg").read_bytes())
    stdout = kaziranga("check", config).stdout
    assert "train/deer/2.jpg" in stdout and "test/deer/copy.jpg" in stdout


def test_one_class_under_two_spellings(kaziranga, config, photos):
    (photos / "train/Deer").mkdir()
    (photos / "train/Deer/x.jpg").write_bytes((photos / "train/deer/2.jpg").read_bytes())
    stdout = kaziranga("check", config).stdout
    assert "Deer" in stdout and "spelling" in stdout


def test_csv_manifest(kaziranga, config, photos, tmp_path):
    rows = ["path,label,split"]
    rows += [f"{p.relative_to(tmp_path)},{p.parent.name},{p.parent.parent.name}" for p in sorted(photos.rglob("*.jpg"))]
    (tmp_path / "list.csv").write_text("\n".join(rows) + "\n")
    stdout = kaziranga("check", config, "data.format=csv", "data.root=list.csv").stdout
    assert "4 classes, 20 train, 8 val, 12 test" in stdout


def test_missing_root(kaziranga, config):
    assert "nowhere" in kaziranga("train", config, "data.root=nowhere", code=2).stderr
