"""Killed or interrupted anywhere and resumed, a run ends with the same weights as one left alone."""

import hashlib
import signal
import subprocess
import threading

import pytest
from conftest import PROGRAM, wait_until

OPTIONS = {
    "sgd": ["head.type=linear", "optimizer.name=sgd", "optimizer.lr=0.01", "optimizer.weight_decay=0.0001", "scheduler.name=cosine",
            "train.epochs=300", "train.batch_size=4"],
    "adamw_average": ["head.type=mlp", "head.hidden=16", "optimizer.name=adamw", "optimizer.lr=0.001", "train.epochs=300",
                      "train.batch_size=4", "train.ema=0.99"],
    "mixed": ["model.freeze=none", "model.batch_norm=train", "head.type=linear", "train.image_size=64", "augment.mixup=0.4",
              "augment.cutmix=1", "train.ema=0.9", "optimizer.lr=0.001", "train.epochs=4", "train.batch_size=4"],
    "fine_tuning": ["model.freeze=[conv1,bn1,layer1,layer2,layer3]", "model.batch_norm=train", "head.type=lda",
                    "train.unfreeze={2: layer3}", "optimizer.name=adamw", "optimizer.lr=0.001",
                    "train.epochs=4", "train.batch_size=8"],
    "stages": ["model.freeze=[conv1,bn1,layer1,layer2,layer3,fc]", "model.batch_norm=train", "head.type=ridge", "head.inputs=stages",
               "train.unfreeze={2: fc}", "train.accumulate=2", "optimizer.name=adamw", "optimizer.lr=0.001", "train.epochs=4",
               "train.batch_size=4"],
}


def digest(run):
    return {name: hashlib.sha256((run / f"weights/{name}.safetensors").read_bytes()).hexdigest()
            for name in ("best", "last")}


def stop(config, folder, options, send, when, save_every=0):
    """Starts a run, sends the signal once `when` says so, returns its exit code."""
    process = subprocess.Popen([PROGRAM, "train", config, f"output={folder}", f"train.save_every={save_every}", "resume=true", *options],
                               cwd=folder.parent, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    watchdog = threading.Timer(200, process.kill)
    watchdog.start()
    wait_until(when, process, seconds=250)
    process.send_signal(send)
    code = process.wait()
    watchdog.cancel()
    return code


def reached(path, size):
    return lambda: path.exists() and path.stat().st_size >= size


def epoch_reached(folder, epoch):
    results = folder / "results.csv"
    return lambda: epoch == 0 or (results.exists() and len(results.read_text().splitlines()) > epoch)


def saved_anew(path):
    def stamp():
        return path.stat().st_mtime_ns if path.exists() else 0

    before = stamp()
    return lambda: stamp() != before


def both(one, other):
    return lambda: one() and other()


@pytest.mark.parametrize("method", ["sgd", "adamw_average"])
@pytest.mark.parametrize("send", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=["kill", "int", "term"])
def test_head_training(kaziranga, config, tmp_path, method, send):
    options = OPTIONS[method]
    kaziranga("train", config, "output=whole", *options)
    stopped = tmp_path / "stopped"
    for epoch in (1, 40, 120):
        code = stop(config, stopped, options, send, epoch_reached(stopped, epoch))
        assert code in ((130, 0) if send != signal.SIGKILL else (-9, 0))
    kaziranga("train", config, "output=stopped", "resume=true", *options)
    assert digest(stopped) == digest(tmp_path / "whole")


def sittings(folder):
    """How often a run went on from what was saved."""
    return (folder / "train.log").read_text().count("resume: after epoch")


@pytest.mark.parametrize("method", ["fine_tuning", "mixed", "stages"])
def test_fine_tuning(kaziranga, config, tmp_path, method):
    options = OPTIONS[method]
    kaziranga("train", config, "output=whole", *options)
    stopped = tmp_path / "stopped"
    state = stopped / "weights/state.safetensors"
    codes = [stop(config, stopped, options, signal.SIGKILL, both(saved_anew(state), epoch_reached(stopped, epoch)))
             for epoch in (0, 1, 2)]
    kaziranga("train", config, "output=stopped", "resume=true", *options)
    assert digest(stopped) == digest(tmp_path / "whole")
    assert codes.count(-signal.SIGKILL) >= 2 and sittings(stopped) >= 2


@pytest.mark.parametrize("send", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_a_signal_saves_what_no_interval_would_have(kaziranga, config, tmp_path, send):
    options = OPTIONS["mixed"]
    kaziranga("train", config, "output=whole", *options)
    stopped = tmp_path / "stopped"
    code = stop(config, stopped, options, send, reached(stopped / "train_batch.jpg", 1), save_every=600)
    assert code == 130 and (stopped / "weights/state.safetensors").exists()
    kaziranga("train", config, "output=stopped", "resume=true", *options)
    assert sittings(stopped) == 1 and digest(stopped) == digest(tmp_path / "whole")


def test_feature_extraction(kaziranga, config, tmp_path):
    options = ["features.random_views=19", "features.batch_size=4"]
    kaziranga("train", config, "output=whole", "features.cache=one", *options)
    stopped, cache = tmp_path / "stopped", tmp_path / "two"
    for records in (1, 100, 300):
        def cached():
            files = list(cache.glob("*.features")) if cache.exists() else []
            return bool(files) and files[0].stat().st_size > records * 2048
        stop(config, stopped, [*options, "features.cache=two"], signal.SIGKILL, cached)
    kaziranga("train", config, "output=stopped", "resume=true", "features.cache=two", *options)
    assert digest(stopped) == digest(tmp_path / "whole")


def test_resume_with_another_config_or_other_images_is_refused(kaziranga, config, photos):
    kaziranga("train", config)
    stderr = kaziranga("train", config, "resume=true", "head.folds=7", code=2).stderr
    assert "head.folds" in stderr
    (photos / "train/deer/0.jpg").write_bytes((photos / "test/deer/8.jpg").read_bytes())
    assert "other images" in kaziranga("train", config, "resume=true", code=2).stderr
