"""Runs contenders one after another, round by round, so that what else the machine does meets all of them alike."""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

THREADS = len(os.sched_getaffinity(0))
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HERE = REPOSITORY / "build" if (REPOSITORY / "build").is_dir() else REPOSITORY  # a bundle has its programs on top
BUILD = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", HERE))
PROGRAM = BUILD / "kaziranga"
HOT_PATHS = BUILD / "bench_hot_paths"
PEERS = [sys.executable, "-B", str(REPOSITORY / "scripts/benchmark/peers.py")]
# What glibc is told so that it keeps freed memory; the program tells it itself.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "8589934592",
               "MALLOC_TOP_PAD_": "268435456"}


def device():
    """As `device` in a config. bench_hot_paths and peers.py look for it in their environment."""
    return os.environ.get("KAZIRANGA_BENCH_DEVICE", "cpu")


def processor_flags():
    return next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split()


def bf16_is_native():
    return device() != "cpu" or "avx512_bf16" in processor_flags()


IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".jpe", ".webp", ".bmp"}


def images_below(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)


@dataclasses.dataclass
class Finished:
    output: str
    wall: float  # seconds, process start included
    cpu: float  # seconds, of all its threads and children
    memory: int  # bytes, the most it held


def run(command, environment=None):
    """Raises with the program's own message when it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=REPOSITORY, stdout=output, stderr=errors,
                                   env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0), errors.seek(0)
        if process.returncode != 0:
            raise SystemExit(f"bench: {' '.join(map(str, command))}: exit code {process.returncode}\n{errors.read()[-2000:]}")
        return Finished(output.read(), wall, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss)


def peer(*arguments, environment=None):
    """What a task of peers.py found."""
    finished = run([*PEERS, *arguments], environment=environment)
    return {**json.loads(finished.output.splitlines()[-1]), "wall": finished.wall, "cpu": finished.cpu}


def hot_path(name, environment=None):
    """What bench_hot_paths measures under one name."""
    finished = run([HOT_PATHS, f"--benchmark_filter=^{name}/", "--benchmark_format=json", "--benchmark_min_time=1"],
                   environment=environment)
    found, = json.loads(finished.output)["benchmarks"]
    if found.get("error_occurred"):
        raise SystemExit(f"bench: {name}: {found['error_message']}")
    return {"seconds": found["real_time"] / 1000, "cpu_seconds": found["cpu_time"] / 1000,
            "items_per_second": found.get("items_per_second"), "label": found.get("label"), "memory": finished.memory}


def train(config, folder, *overrides):
    """One training: what its records say, with wall and cpu seconds of the process."""
    finished = run([PROGRAM, "train", config, f"output={folder}", "overwrite=true", f"device={device()}", *overrides])
    metrics = json.loads((pathlib.Path(folder) / "metrics.json").read_text())
    return {"wall": finished.wall, "cpu": finished.cpu, "memory": finished.memory, "seconds": metrics["seconds"], "top1": metrics["test"]["top1"],
            "images": metrics["train"]["n"] + metrics["test"]["n"]}


def interleave(contenders, rounds):
    """{name: function} to {name: what each round gave}."""
    found = {name: [] for name in contenders}
    for number in range(rounds):
        for name, contend in contenders.items():
            print(f"bench: round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            found[name].append(contend())
    return found


def best(rounds, key, most=True):
    """The best of the rounds, and how far the worst is from it in percent."""
    values = [entry[key] for entry in rounds]
    good, bad = (max(values), min(values)) if most else (min(values), max(values))
    return good, 100 * abs(good - bad) / good


def ratios(ours, theirs):
    """Of our images a second to the peer's, round by round, which ran one after the other."""
    return [our["items_per_second"] / their["images_per_second"] for our, their in zip(ours, theirs, strict=True)]
