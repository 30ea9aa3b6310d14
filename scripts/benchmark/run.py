"""The sections of the benchmark and the page of them; see scripts/bench --help."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import sys
import tempfile

from backbone import NETWORKS, backbone_pass
from fine_tuning import fine_tuning
from growth import growth
from measure import REPOSITORY, THREADS, best, device, hot_path, images_below, interleave, peer, processor_flags, train
from page import Goal, Section, write_page

WEIGHTS = REPOSITORY / "weights/efficientnet-lite0-57934424.pth"
CONFIG = REPOSITORY / "configs/tiny_imagenet.yaml"


def reading(options, _):
    """Files a second, decoded and resized on one thread."""
    section = Section("Decoding and resizing", ["", "images/s, one thread", "spread"],
                      f"{len(images_below(options.photographs))} files, short side to 256, bilinear with antialiasing (OpenCV has none: it does "
                      "less work, and its pixels differ), centre of 224.")
    environment = {"KAZIRANGA_BENCH_IMAGES": str(options.photographs)}
    contenders = {said: (lambda form=form: peer("read", "--form", form, "--data", options.photographs))
                  for said, form in [("Pillow, as torchvision's scripts", "pillow"), ("torchvision.io", "torchvision"),
                                     ("OpenCV, without antialiasing", "opencv")]}
    contenders["kaziranga"] = lambda: {"images_per_second": hot_path("read_and_resize", environment)["items_per_second"]}
    section.raw = found = interleave(contenders, options.rounds)
    for said, rounds in found.items():
        speed, spread = best(rounds, "images_per_second")
        section.row(said, f"{speed:.0f}", f"{spread:.0f} %")
    return section


def extraction(options, _):
    """Files to features, beside what its stages take by themselves."""
    section = Section("Extraction, end to end", ["network", "read and resize, one thread", "pass", "both, one after the other",
                                                 "extraction", "of that"],
                      f"Images a second. The same files to features, by {THREADS} workers of one thread each; nothing cached. The stages are "
                      "measured alone, in the same rounds: reading one thread's, the pass with every processor. Reading is "
                      "with bilinear interpolation to 256 and 224, as the ResNets have it.")
    environment = {"KAZIRANGA_BENCH_IMAGES": str(options.photographs)}
    for name, (said, _, _) in NETWORKS.items():
        found = interleave({"read": lambda: hot_path("read_and_resize", environment), "pass": lambda: hot_path(f"pass/{name}/auto"),
                            f"extract {name}": lambda: hot_path(f"extract/{name}", environment)}, options.rounds)
        section.raw[name] = found
        read, passed, whole = (best(found[stage], "items_per_second")[0] for stage in ("read", "pass", f"extract {name}"))
        both = lambda read, passed: 1 / (1 / (THREADS * read) + 1 / passed)
        expected = both(read, passed)
        section.row(said, f"{read:.0f}", f"{passed:.1f}", f"{expected:.1f}", f"{whole:.1f}", f"{100 * whole / expected:.0f} %")
        by_round = zip(*([entry["items_per_second"] for entry in found[stage]] for stage in ("read", "pass", f"extract {name}")))
        section.goals.append(Goal(f"{said}: extraction over its stages", whole / expected, 0.9,
                                  rounds=[whole / both(read, passed) for read, passed, whole in by_round]))
    return section


def whole_job(options, scratch):
    """From files to a judged head, nothing cached before."""
    section = Section("The whole job, cold", ["", "seconds", "cpu-seconds", "test top-1 %", "`head.type=lda` is faster by"],
                      f"EfficientNet-Lite0 on {options.data.name}: training images to features, a head, and the top-1 of the test split; best of "
                      f"{options.cold_rounds} run(s) of each. "
                      "The usual recipe, not tuned, is one measured epoch of random crops times 30, and one pass over the test split; its top-1 is "
                      "that of the same layer, rate and 30 epochs on cached features of centre crops, by PyTorch. The caching script keeps fp32 features of "
                      "centre crops and fits scikit-learn's logistic regression with one penalty. Both pass eagerly in fp32, as scripts do: *tuned* "
                      "above is what their passes could gain.")
    data = f"data.root={options.data}"

    def cold(number, *overrides):
        shutil.rmtree(scratch / f"features{number}", ignore_errors=True)
        return train(CONFIG, scratch / f"run{number}", data, f"features.cache={scratch / f'features{number}'}", *overrides)

    ours = {"ours": [], "ours, int8": ["features.precision=int8"]} if device() == "cpu" else {"ours": []}
    found = interleave({
        **{name: lambda number=number, own=own: cold(number, "head.type=lda", *own) for number, (name, own) in enumerate(ours.items(), 3)},
        "ours, auto": lambda: cold(2),
        "cached script": lambda: peer("cached", "--data", options.data, "--weights", WEIGHTS, "--features",
                                      scratch / "features.npz"),
        "recipe": lambda: peer("recipe", "--data", options.data, "--weights", WEIGHTS),
    }, options.cold_rounds)
    section.raw = found
    sgd = peer("head", "--form", "sgd", "--features", scratch / "features.npz")
    section.raw["sgd"] = sgd
    epochs = 30
    recipe = min(entry["epoch_seconds"] * epochs + entry["test_seconds"] for entry in found["recipe"])
    script, _ = best(found["cached script"], "seconds", most=False)
    script_top1 = found["cached script"][0]["top1"]
    rows = {name: best(found[name], "wall", most=False)[0] for name in [*ours, "ours, auto"]}
    first = rows["ours"]
    section.row("usual recipe, 30 epochs", f"{recipe:.0f}", "", f"{sgd['top1']:.2f}", f"{recipe / first:.1f}×")
    section.row("caching script, scikit-learn", f"{script:.1f}", f"{best(found['cached script'], 'cpu', most=False)[0]:.0f}",
                f"{script_top1:.2f}", f"{script / first:.1f}×")
    for name in rows:
        said = "`auto`" if name == "ours, auto" else "`" + " ".join(["head.type=lda", *ours[name]]) + "`"
        section.row(f"kaziranga, {said}", f"{rows[name]:.1f}", f"{best(found[name], 'cpu', most=False)[0]:.0f}",
                    f"{found[name][0]['top1']:.2f}", "")
    for name, own in ours.items():
        said = "cold job" + (" in int8" if own else "")
        top1 = found[name][0]["top1"]
        section.goals += [Goal(f"{said} over the usual recipe", recipe / rows[name], 100),
                          Goal(f"{said} over the caching script", script / rows[name], 5),
                          Goal(f"{said}: top-1 above the recipe's, points", top1 - sgd["top1"], 0),
                          Goal(f"{said}: top-1 above the caching script's, points", top1 - script_top1, 0)]
    return section


def heads(options, scratch):
    """Features cached: what a head takes, and the whole process."""
    section = Section("Heads on cached features", ["head", "peer", "peer, s", "its top-1 %", "kaziranga: head, s",
                                                   "whole `train`, s", "cpu-s", "top-1 %"],
                      "4,000 × 1,280 features, 200 classes. The peers fit in memory and choose no more than said; kaziranga's "
                      "seconds of the head contain its choice of penalty or shrinkage by cross-validation, and `train` is the process "
                      "from start to end, records and checkpoint written.")
    features = scratch / "features.npz"
    if not features.exists():
        peer("cached", "--data", options.data, "--weights", WEIGHTS, "--features", features)
    shared = [f"data.root={options.data}", f"features.cache={scratch / 'features1'}"]
    train(CONFIG, scratch / "warm", *shared, "head.type=ridge")
    for head, said, overrides, goal in [
            ("ridge", "scikit-learn RidgeClassifierCV, 5 penalties", [], 1),
            ("lda", "scikit-learn LDA, one shrinkage", [], 1),
            ("logistic", "scikit-learn LogisticRegression, one penalty", [], 10),
            ("sgd", "PyTorch, SGD, 30 epochs", ["head.type=linear", "head.standardise=false", "train.epochs=30", "train.batch_size=32",
                                                "optimizer.name=sgd", "optimizer.lr=0.1", "scheduler.name=cosine"], None)]:
        mine = overrides or [f"head.type={head}"]
        found = interleave({f"{head}, peer": lambda: peer("head", "--form", head, "--features", features),
                            f"{head}, ours": lambda: train(CONFIG, scratch / "warm", *shared, *mine)}, options.rounds)
        section.raw[head] = found
        theirs, _ = best(found[f"{head}, peer"], "seconds", most=False)
        fit = min(entry["seconds"]["train"] for entry in found[f"{head}, ours"])
        whole, _ = best(found[f"{head}, ours"], "wall", most=False)
        cpu, _ = best(found[f"{head}, ours"], "cpu", most=False)
        section.row(head, said, f"{theirs:.2f}", f"{found[f'{head}, peer'][0]['top1']:.2f}", f"{fit:.2f}", f"{whole:.2f}",
                    f"{cpu:.1f}", f"{found[f'{head}, ours'][0]['top1']:.2f}")
        if goal:
            section.goals.append(Goal(f"{head}: seconds of the head", fit, goal, most=False))
        if head == "ridge":
            section.goals.append(Goal("warm train: seconds of the process", whole, 3, most=False))
    return section


def hot_paths(options, _):
    """What else a run does."""
    section = Section("Hot paths", ["", "ms", "cpu-ms"], "bench_hot_paths, made-up features: the heads with all their penalties, in double.")
    for name in ("ridge", "lda", "logistic", "cache/open"):
        found = interleave({name: lambda: hot_path(name)}, options.rounds)[name]
        section.raw[name] = found
        section.row(name, f"{1000 * best(found, 'seconds', most=False)[0]:.1f}", f"{1000 * best(found, 'cpu_seconds', most=False)[0]:.1f}")
    return section


SECTIONS = {"pass": backbone_pass, "reading": reading, "extraction": extraction, "whole": whole_job, "heads": heads, "fine-tuning": fine_tuning, "growth": growth, "hot": hot_paths}


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    if device() != "cpu":
        import torch

        return f"{torch.cuda.get_device_name(device())} with {THREADS} cores, {cpu}"
    flags = processor_flags()
    wide = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16") if flag in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{THREADS} cores, {cpu} ({', '.join(wide)}), {memory:.0f} GiB"


def versions():
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in ("torch", "torchvision", "timm", "pillow", "scikit-learn", "opencv-python-headless"))


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--data", type=pathlib.Path, default=REPOSITORY / "parks/kaziranga")
    parser.add_argument("--photographs", type=pathlib.Path)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cold-rounds", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--output", type=pathlib.Path, default=REPOSITORY / "docs")
    options = parser.parse_args()
    os.environ["KAZIRANGA_BENCH_DEVICE"] = options.device
    options.data = options.data.resolve()
    options.photographs = (options.photographs or options.data).resolve()
    for folder in (options.data / "train", options.data / "test", options.photographs):
        if not folder.is_dir():
            parser.error(f"{folder} is no folder; give --data a folder with train/ and test/ of class folders")
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="kaziranga-bench-"))
    about = {"machine": machine(), "versions": versions(), "date": datetime.date.today().isoformat(), "rounds": options.rounds,
             "command": " ".join(["scripts/bench", *(part if not part.startswith("/") else pathlib.Path(part).name for part in sys.argv[1:])])}
    sections = []
    try:
        for name in options.only:
            sections.append(SECTIONS[name](options, scratch))
            write_page(options.output, about, sections)  # what is measured is kept should a later section fail
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    missed = [goal for section in sections for goal in section.goals if not goal.met]
    print(f"bench: {options.output / 'benchmarks.md'}; {len(missed)} goals missed")


if __name__ == "__main__":
    main()
