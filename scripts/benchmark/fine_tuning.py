"""Steps of fine-tuning: forward, backward, update."""

from backbone import NETWORKS, most_operations
from measure import best, hot_path, interleave, peer, ratios
from page import Goal, Section

FINE_TUNED = ("resnet18", "efficientnet_lite0")
PASSES_OF_A_STEP = 3  # forward; backward to the inputs and to the weights, as many operations each


def fine_tuning(options, _):
    """Images a second through steps on images that are there already."""
    section = Section("Fine-tuning step", ["network", "batch norm", "PyTorch fp32 NCHW", "PyTorch autocast", "kaziranga", "over fp32",
                                           "over autocast", "spread", "of the peak"],
                      "Images a second, 32 of 224×224 a step, all layers trained by SGD with momentum. *Autocast* is channels-last and bf16, which a "
                      "processor without its instructions imitates slowly. kaziranga: the loop of `train`, `train.precision: auto`. Batch norm is frozen (the "
                      "default here) or takes each batch's statistics, in all of them alike. The spread is the worst round below the best, ours. A step has three times a pass's operations.")
    for name in FINE_TUNED:
        said, macs, _ = NETWORKS[name]
        for norm in ("frozen", "train"):
            found = interleave({
                f"{name} {norm} fp32": lambda: peer("step", "--network", name, "--norm", norm, "--form", "eager"),
                f"{name} {norm} autocast": lambda: peer("step", "--network", name, "--norm", norm, "--form", "autocast"),
                f"{name} {norm} kaziranga": lambda: hot_path(f"step/{name}/{norm}"),
            }, options.rounds)
            section.raw[f"{name} {norm}"] = found
            plain, tuned = (best(found[f"{name} {norm} {form}"], "images_per_second")[0] for form in ("fp32", "autocast"))
            ours, spread = best(found[f"{name} {norm} kaziranga"], "items_per_second")
            precision = found[f"{name} {norm} kaziranga"][0]["label"]
            section.row(said, norm, f"{plain:.1f}", f"{tuned:.1f}", f"{ours:.1f} ({precision})", f"{ours / plain:.2f}×",
                        f"{ours / tuned:.2f}×", f"{spread:.0f} %",
                        f"{100 * PASSES_OF_A_STEP * 2e9 * macs * ours / most_operations(precision):.0f} %")
            section.goals += [Goal(f"{said}, batch norm {norm}: step over PyTorch {form}", ours / theirs, bar,
                                   rounds=ratios(found[f"{name} {norm} kaziranga"], found[f"{name} {norm} {form}"]))
                              for form, theirs, bar in [("fp32", plain, 1.5), ("autocast", tuned, 1.0)]]
    return section
