"""Images through frozen backbones."""

import functools

from measure import KEEP_MEMORY, THREADS, best, bf16_is_native, device, hot_path, interleave, peer, ratios
from page import Goal, Section

NETWORKS = {"resnet18": ("ResNet-18", 1.82, 4.5), "resnet50": ("ResNet-50", 4.11, 4.8),
            "efficientnet_lite0": ("EfficientNet-Lite0", 0.40, 8.0)}  # GMAC an image, goal over eager
ROUNDS_OF_PEAKS = 3


@functools.cache
def most_operations(precision):
    """Operations a second that nothing here exceeds: of multiply-adds in registers, of a GPU its matrix product in bf16."""
    name = f"peak/{precision}" if device() == "cpu" else "gemm"
    return max(hot_path(name)["items_per_second"] for _ in range(ROUNDS_OF_PEAKS))


def peaks():
    """Of each precision of a pass, and on the processor what LibTorch's matrix product reaches."""
    if device() != "cpu":
        return {"bf16": most_operations("bf16")}
    precisions = ["fp32", *(["bf16"] if bf16_is_native() else [])]
    return {**{precision: most_operations(precision) for precision in precisions}, "gemm": hot_path("gemm")["items_per_second"]}


def about_peaks(found):
    if device() != "cpu":
        return f"The peak is LibTorch's matrix product of 8,192³ in bf16: {found['bf16'] / 1e12:.0f} Tflop/s."
    bf16 = f", {found['bf16'] / 1e9:.0f} in bf16 (without AMX)" if "bf16" in found else ""
    return (f"The peak is that of multiply-adds in registers, measured on the same threads: {found['fp32'] / 1e9:.0f} Gflop/s in fp32{bf16}; "
            f"LibTorch's fp32 matrix product of 2,048³ reaches {100 * found['gemm'] / found['fp32']:.0f} % of it.")


def backbone_pass(options, scratch):
    """Images a second, beside the peers and beside what the hardware multiplies at most."""
    on_cpu = device() == "cpu"
    where = f"{THREADS} threads, batch 32" if on_cpu else "one GPU, batch 64"
    section = Section("Backbone pass", ["network", "PyTorch eager fp32", "PyTorch tuned", "AOTInductor", "kaziranga", "over eager", "spread",
                                        "of the peak", *(["kaziranga int8", "over eager"] if on_cpu else [])],
                      f"Images a second, 224×224, {where}. *Eager* is fp32 NCHW as scripts run it; *tuned* is channels-last, traced, frozen with "
                      "batch norm folded, and glibc told to keep freed memory; *AOTInductor* is its frozen build, glibc told the same; both in "
                      "bf16 where the hardware has it. kaziranga: as `features.precision: auto`. The spread is the worst round below the best, ours.")
    for name, (said, macs, goal) in NETWORKS.items():
        ours = {"kaziranga": "auto", **({"int8": "int8"} if on_cpu else {})}
        package = ["--package", scratch / f"{name}.pt2"]
        found = interleave({
            f"{name} eager": lambda: peer("pass", "--network", name, "--form", "eager"),
            f"{name} tuned": lambda: peer("pass", "--network", name, "--form", "tuned", environment=KEEP_MEMORY),
            f"{name} AOTInductor": lambda: peer("pass", "--network", name, "--form", "aot", *package, environment=KEEP_MEMORY),
            **{f"{name} {form}": lambda precision=precision: hot_path(f"pass/{name}/{precision}") for form, precision in ours.items()},
        }, options.rounds)
        section.raw[name] = found
        eager, tuned, aot = (best(found[f"{name} {form}"], "images_per_second")[0] for form in ("eager", "tuned", "AOTInductor"))
        speeds = {form: best(found[f"{name} {form}"], "items_per_second") for form in ours}
        plain, spread = speeds["kaziranga"]
        precision = found[f"{name} kaziranga"][0]["label"]
        cells = [said, f"{eager:.1f}", f"{tuned:.1f}", f"{aot:.1f}", f"{plain:.1f} ({precision})", f"{plain / eager:.2f}×", f"{spread:.0f} %",
                 f"{100 * 2e9 * macs * plain / most_operations(precision):.0f} %"]
        if on_cpu:
            cells += [f"{speeds['int8'][0]:.1f}", f"{speeds['int8'][0] / eager:.2f}×"]
        section.row(*cells)
        over = lambda form, peer: ratios(found[f"{name} {form}"], found[f"{name} {peer}"])
        for form, (speed, _) in speeds.items():
            section.goals.append(Goal(f"{said}: pass{' in int8' if form == 'int8' else ''} over PyTorch eager", speed / eager, goal,
                                      rounds=over(form, "eager")))
        section.goals += [Goal(f"{said}: pass over PyTorch tuned", plain / tuned, 1.0, rounds=over("kaziranga", "tuned")),
                          Goal(f"{said}: pass over AOTInductor", plain / aot, 1.0, rounds=over("kaziranga", "AOTInductor"))]
    section.raw["flops"] = peaks()
    section.about += f" {about_peaks(section.raw['flops'])}" + (" *int8* is `features.precision: int8`, which is never chosen by itself." if on_cpu else "")
    return section
