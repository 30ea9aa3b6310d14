"""Peers of our heads on the draws of a finished sweep; see scripts/compare_heads --help."""

import argparse
import csv
import io
import json
import math
import os
import pathlib
import sys
import time

import numpy
import scipy.stats

from probes import BATCH, CS, DECAYS, EPOCHS, FIRST_EPOCHS, FIRST_FOLDS, FOLDS, KEPT, MOMENTUM, PEERS, RATES
from sweep_draws import Features, Unusable, image_root, predictions, read_draws, run_folders

CONFIDENCE = 0.95
DRAWS = ("classifier", "shots", "seed", "top1", "difference", "held_out_top1", "seconds", "setting", "at_edge")
SUMMARY = ("classifier", "shots", "draws", "top1", "sd", "difference", "sd_difference", "low", "high", "seconds")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def csv_text(columns, rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def fit_peer(name, draw, features, folder):
    """Leaves predictions.csv and, last, fit.json, which says that it is finished."""
    train, test = list(draw.train), list(draw.test)
    x, y = features.of(train), numpy.array([draw.train[image] for image in train])
    start = time.perf_counter()
    answers, chosen = PEERS[name](x, y, features.of(test), draw.seed)
    chosen["seconds"] = round(time.perf_counter() - start, 1)
    rows = [{"path": image, "label": draw.test[image], "top1": answer} for image, answer in zip(test, answers)]
    write(folder / "predictions.csv", csv_text(("path", "label", "top1"), rows))
    write(folder / "fit.json", json.dumps(chosen, indent=1) + "\n")


def hits(run, draw):
    """Whether each test image of the draw got its label; none where the run was judged on others."""
    found = predictions(run)
    if {name: label for name, (label, _) in found.items()} != draw.test:
        return None
    return numpy.array([found[name][0] == found[name][1] for name in draw.test])


def seconds_of(run):
    """Of the head alone, features left out, as for the peers."""
    return json.loads((run / "metrics.json").read_text())["seconds"]["train"]


def draw_rows(sweep, output, draws, against):
    """A line a classifier and draw: the sweep's variants first, then the peers."""
    variants = sorted(path for path in sweep.iterdir() if path.is_dir() and run_folders(path))
    reference = {draw.place: hits(sweep / against / draw.place, draw) for draw in draws}
    rows = []
    for folder in [*variants, *(output / name for name in PEERS)]:
        ours = folder.parent == sweep
        for draw in draws:
            run = folder / draw.place
            if not (run / ("metrics.json" if ours else "fit.json")).exists():
                continue
            found = hits(run, draw)
            if found is None:
                continue
            fit = {"seconds": seconds_of(run)} if ours else json.loads((run / "fit.json").read_text())
            setting = ", ".join(f"{key} {value}" for key, value in fit.items()
                                if key not in ("held_out_top1", "seconds", "at_edge"))
            difference = 100 * (found.astype(float) - reference[draw.place]).mean()
            rows.append({"classifier": folder.name + ("" if ours else " (peer)"), "shots": draw.shots, "seed": draw.seed,
                         "top1": round(100 * found.mean(), 4), "difference": round(difference, 4),
                         "held_out_top1": round(fit["held_out_top1"], 2) if "held_out_top1" in fit else "",
                         "seconds": round(fit["seconds"], 1), "setting": setting, "at_edge": fit.get("at_edge", "")})
    return rows


def interval(values, draws):
    """Student's t over draws; where each has test images of its own, with Nadeau and Bengio's correction for their overlap."""
    count = len(values)
    if count < 2:
        return None
    own = any(draw.test != draws[0].test for draw in draws)
    ratio = numpy.mean([len(draw.test) / len(draw.train) for draw in draws]) if own else 0
    half = scipy.stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * numpy.std(values, ddof=1) * math.sqrt(1 / count + ratio)
    return numpy.mean(values) - half, numpy.mean(values) + half


def summary_rows(rows, draws, against):
    summary = []
    for name, shots in dict.fromkeys((row["classifier"], row["shots"]) for row in rows):
        own = [row for row in rows if (row["classifier"], row["shots"]) == (name, shots)]
        top1, difference = ([row[key] for row in own] for key in ("top1", "difference"))
        several = len(own) > 1
        line = {"classifier": name, "shots": shots, "draws": len(own), "top1": f"{numpy.mean(top1):.2f}",
                "sd": f"{numpy.std(top1, ddof=1):.2f}" if several else "", "difference": "", "sd_difference": "", "low": "", "high": "",
                "seconds": f"{numpy.mean([row['seconds'] for row in own]):.1f}"}
        if name != against:
            seeds = {row["seed"] for row in own}
            ends = interval(difference, [draw for draw in draws if draw.shots == shots and draw.seed in seeds])
            line |= {"difference": f"{numpy.mean(difference):+.2f}", "sd_difference": f"{numpy.std(difference, ddof=1):.2f}" if several else ""}
            line |= {"low": f"{ends[0]:+.2f}", "high": f"{ends[1]:+.2f}"} if ends else {}
        summary.append(line)
    return summary


def markdown_table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * (len(columns) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(row[column]) for column in columns) + " |" for row in rows]) + "\n"


def page(sweep, against, rows, summary):
    grids = "; ".join(f"{scaling}: {', '.join(map(str, values))}" for scaling, values in CS.items())
    rates = "; ".join(f"{scaling}: {', '.join(map(str, values))}" for scaling, values in RATES.items())
    return (f"# Heads of `{sweep.name}` beside their peers\n\nTest top-1 in percent on the same draws of training and test images. "
            f"Differences are to `{against}`, in points, paired by draw; intervals of {100 * CONFIDENCE:.0f} % are Student's t over draws, with "
            "Nadeau and Bengio's correction where draws have test images of their own. Peers have timm's features in fp32; seconds are "
            "those of the head alone, its choices by cross-validation included (the peers have two processes of one thread each).\n\n"
            + markdown_table(SUMMARY, summary) +
            f"\n- `logistic_cv`: scikit-learn's LogisticRegressionCV, {FOLDS} folds, features as they are and standardised; C of {grids}.\n"
            f"- `sgd_tuned`: a linear layer by SGD, momentum {MOMENTUM}, batches of {BATCH}, cosine. Rates of {rates}, weight decay of "
            f"{', '.join(map(str, DECAYS))} at {FIRST_EPOCHS} epochs on {FIRST_FOLDS} of {FOLDS} folds; the best {KEPT} with "
            f"{', '.join(map(str, EPOCHS))} epochs on all folds.\n"
            "- `sgd_untuned`: the same with rate 0.1, no decay, 30 epochs, features as they are.\n\n## Draws\n\n"
            + markdown_table(DRAWS, rows))


def run(options):
    variant = options.sweep / options.against
    if not variant.is_dir():
        raise Unusable(f"{variant}: no such variant; name one of the sweep's folders with --against")
    draws = read_draws(variant)
    output = options.output or options.sweep.parent / (options.sweep.name + "_peers")
    root = image_root(variant, options.data)
    wanted = [draw for draw in draws if options.seeds is None or draw.seed in options.seeds]
    features = Features(options.features, root, {name for draw in draws for name in (*draw.train, *draw.test)})
    for draw in wanted:
        for name in options.only:
            folder = output / name / draw.place
            if (folder / "fit.json").exists():
                continue
            fit_peer(name, draw, features, folder)
            print(f"{draw.place}: {name}: {json.loads((folder / 'fit.json').read_text())}", flush=True)
    rows = draw_rows(options.sweep, output, draws, options.against)
    summary = summary_rows(rows, draws, options.against)
    write(output / "draws.csv", csv_text(DRAWS, rows))
    write(output / "summary.csv", csv_text(SUMMARY, summary))
    write(output / "summary.md", page(options.sweep, options.against, rows, summary))
    print(output / "summary.md")


def main():
    parser = argparse.ArgumentParser(prog="scripts/compare_heads")
    parser.add_argument("sweep", type=pathlib.Path)
    parser.add_argument("--against", default="auto")
    parser.add_argument("--features", type=pathlib.Path, default=pathlib.Path("runs/peer_features"))
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, nargs="+")
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--output", type=pathlib.Path)
    try:
        run(parser.parse_args())
    except Unusable as error:
        print(f"compare_heads: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
