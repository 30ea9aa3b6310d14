"""Augmentation against torchvision: operations with a fixed parameter byte by byte, draws as distributions."""

import os
import pathlib
import subprocess
from collections import Counter

import numpy as np
import pytest
import torch
from scipy import stats
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms.v2 import functional as F

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", REPOSITORY / "build"))
BILINEAR = InterpolationMode.BILINEAR


def run_dump(lines):
    done = subprocess.run([BUILD / "dump_augment"], input="".join(f"{line}\n" for line in lines), text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr


def picture(height, width, seed):
    """Smooth shapes with some noise, of middling contrast so that stretching and clipping both happen."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    planes = [120 + (40 + 30 * c) * np.sin(x / (5 + 3 * c) + y / (11 - 2 * c)) for c in range(3)]
    noisy = np.stack(planes, 2) + random.normal(0, 12, (height, width, 3))
    return np.clip(noisy, 8, 255).astype(np.uint8)


def every_colour():
    """Each combination of 32 levels a channel, the ends included."""
    levels = np.linspace(0, 255, 32).round().astype(np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), 3).reshape(128, 256, 3)


PICTURES = {
    "square": picture(224, 224, 0),
    "odd": picture(61, 83, 1),
    "flat": picture(5, 40, 2),
    "tiny": picture(2, 3, 3),
    "pixel": picture(1, 1, 4),
    "black": np.zeros((30, 31, 3), np.uint8),
    "white": np.full((30, 31, 3), 255, np.uint8),
    "few": np.random.default_rng(6).choice(np.array([3, 90, 91], np.uint8), (50, 50, 3)),
    "colours": every_colour(),
}


def policy_step(name, magnitude):
    """The peers' operation as their policies call it, which fixes centres and conventions."""
    policy = v2.TrivialAugmentWide(interpolation=BILINEAR)
    return lambda image: policy._apply_image_or_video_transform(image, name, magnitude, BILINEAR, policy._fill)


FACTORS = [0.0, 0.3, 0.99, 1.0, 1.5, 1.99, 11.0]
CASES = [("brightness", f, lambda i, f=f: F.adjust_brightness(i, f), 1) for f in FACTORS]
CASES += [("contrast", f, lambda i, f=f: F.adjust_contrast(i, f), 1) for f in FACTORS]
CASES += [("saturation", f, lambda i, f=f: F.adjust_saturation(i, f), 1) for f in FACTORS]
CASES += [("sharpness", f, lambda i, f=f: F.adjust_sharpness(i, f), 1) for f in FACTORS]
CASES += [("hue", h, lambda i, h=h: F.adjust_hue(i, h), 1) for h in (-0.5, -0.21, 0.0, 0.05, 1 / 3, 0.5)]
CASES += [("posterize", b, lambda i, b=b: F.posterize(i, b), 0) for b in (0, 1, 4, 7, 8)]
CASES += [("solarize", t, lambda i, t=t: F.solarize(i, t), 0) for t in (0, 17.000001, 118.5, 128, 255)]
CASES += [("autocontrast", 0, F.autocontrast, 1), ("equalize", 0, F.equalize, 0)]
CASES += [("shear_x", s, policy_step("ShearX", s), 2) for s in (-0.99, -0.1, 0.3)]
CASES += [("shear_y", s, policy_step("ShearY", s), 2) for s in (-0.99, -0.1, 0.3)]
CASES += [("translate_x", p, policy_step("TranslateX", p), 0) for p in (-32, -1, 0, 7, 500)]
CASES += [("translate_y", p, policy_step("TranslateY", p), 0) for p in (-32, -1, 0, 7, 500)]
CASES += [("rotate", d, policy_step("Rotate", d), 2) for d in (-135.0, -90.0, -4.5, 0.0, 30.0, 90.0, 135.0)]


@pytest.mark.parametrize("name", sorted({case[0] for case in CASES}))
def test_operations_equal_torchvision(name, tmp_path):
    cases = [case for case in CASES if case[0] == name]
    lines = []
    for which, image in PICTURES.items():
        (tmp_path / which).write_bytes(image.tobytes())
        height, width, _ = image.shape
        for number, (_, parameter, _, _) in enumerate(cases):
            lines.append(f"apply {name} {parameter} {height} {width} {tmp_path / which} {tmp_path / which}.{number}")
    run_dump(lines)
    for which, image in PICTURES.items():
        planes = torch.from_numpy(image).permute(2, 0, 1).contiguous()
        for number, (_, parameter, peer, tolerance) in enumerate(cases):
            ours = np.frombuffer((tmp_path / f"{which}.{number}").read_bytes(), np.uint8).reshape(image.shape)
            expected = peer(planes).permute(1, 2, 0).numpy()
            difference = np.abs(ours.astype(np.int16) - expected)
            assert difference.max() <= tolerance, (which, parameter)


def mix_batch(tmp_path, verb, images, targets):
    """Our mix of a batch; `verb` is the line up to the sizes."""
    batch, _, height, width = images.shape
    (tmp_path / "in").write_bytes(images.tobytes() + targets.tobytes())
    run_dump([f"{verb} {batch} {height} {width} {targets.shape[1]} {tmp_path / 'in'} {tmp_path / 'out'}"])
    mixed = np.frombuffer((tmp_path / "out").read_bytes(), np.float32)
    return mixed[:images.size].reshape(images.shape), mixed[images.size:].reshape(targets.shape)


def random_batch(batch, height, width, classes, seed=0):
    random = np.random.default_rng(seed)
    targets = random.random((batch, classes)).astype(np.float32)
    return random.normal(size=(batch, 3, height, width)).astype(np.float32), targets / targets.sum(1, keepdims=True)


def peer_mix(transform, params, images, targets):
    images, targets = torch.from_numpy(images), torch.from_numpy(targets)
    params = dict(params, labels=targets, batch_size=len(targets))
    return transform.transform(images, params).numpy(), transform.transform(targets, params).numpy()


@pytest.mark.parametrize("batch", [1, 2, 7])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_mixup_equals_torchvision(batch, share, tmp_path):
    images, targets = random_batch(batch, 9, 13, 5)
    expected = peer_mix(v2.MixUp(num_classes=5), {"lam": share}, images, targets)
    for ours, peers in zip(mix_batch(tmp_path, f"mixup {share}", images, targets), expected):
        np.testing.assert_allclose(ours, peers, rtol=0, atol=1e-6)


@pytest.mark.parametrize("batch", [1, 2, 7])
@pytest.mark.parametrize("box", [(0, 0, 9, 13), (3, 4, 5, 6), (8, 0, 1, 13), (2, 2, 0, 0)])
def test_cutmix_equals_torchvision(batch, box, tmp_path):
    images, targets = random_batch(batch, 9, 13, 5)
    top, left, height, width = box
    params = {"box": (left, top, left + width, top + height), "lam_adjusted": 1.0 - width * height / (9 * 13)}
    expected = peer_mix(v2.CutMix(num_classes=5), params, images, targets)
    ours = mix_batch(tmp_path, f"cutmix {top} {left} {height} {width}", images, targets)
    np.testing.assert_array_equal(ours[0], expected[0])
    np.testing.assert_allclose(ours[1], expected[1], rtol=0, atol=1e-6)


DRAWS = 20_000
SMALLEST_P = 1e-3  # seeds are fixed on both sides, so that a test which passes passes always


def our_draws(tmp_path, kind, *arguments):
    arguments = " ".join(str(a) for a in (*arguments, 0, 0, 0)[:3])
    run_dump([f"draw {kind} {DRAWS} {arguments} {tmp_path / 'draws'}"])
    return [line.split() for line in (tmp_path / "draws").read_text().splitlines()]


def peer_draws(draw):
    torch.manual_seed(5)
    return [draw() for _ in range(DRAWS)]


def assert_equally_often(ours, peers):
    """Chi-square of two samples of the same things; each thing must be in both."""
    ours, peers = Counter(ours), Counter(peers)
    assert ours.keys() == peers.keys()
    table = [[counts[key] for key in peers] for counts in (ours, peers)]
    assert stats.chi2_contingency(table).pvalue > SMALLEST_P


def assert_same_distribution(ours, peers):
    assert stats.ks_2samp(np.array(ours, float), np.array(peers, float)).pvalue > SMALLEST_P


OUR_NAMES = {"Identity": "identity", "ShearX": "shear_x", "ShearY": "shear_y", "TranslateX": "translate_x",
             "TranslateY": "translate_y", "Rotate": "rotate", "Brightness": "brightness", "Color": "saturation",
             "Contrast": "contrast", "Sharpness": "sharpness", "Posterize": "posterize", "Solarize": "solarize",
             "AutoContrast": "autocontrast", "Equalize": "equalize"}


def as_our_step(name, magnitude):
    """What the peers' _apply_image_or_video_transform makes of a magnitude."""
    parameter = float(magnitude)
    if name in ("Brightness", "Color", "Contrast", "Sharpness"):
        parameter = 1.0 + magnitude
    elif name in ("TranslateX", "TranslateY", "Posterize"):
        parameter = float(int(magnitude))
    elif name == "Solarize":
        parameter = 255 * magnitude
    return OUR_NAMES[name], round(parameter, 9) + 0.0


def peer_policy_steps(policy, height, width):
    steps = []

    def record(image, name, magnitude, **_):
        steps.append(as_our_step(name, magnitude))
        return image

    policy._apply_image_or_video_transform = record
    image = torch.zeros(3, height, width, dtype=torch.uint8)
    peer_draws(lambda: policy(image))
    return steps


def our_policy_steps(lines):
    return [(name, round(float(parameter), 9) + 0.0) for name, parameter in lines]


def test_trivial_augment_draws_as_torchvision_does(tmp_path):
    ours = our_policy_steps(our_draws(tmp_path, "trivial"))
    peers = peer_policy_steps(v2.TrivialAugmentWide(), 224, 224)
    assert_equally_often([name for name, _ in ours], [name for name, _ in peers])
    assert_equally_often(ours, peers)


@pytest.mark.parametrize("magnitude", [0, 9, 30])
def test_randaugment_draws_as_torchvision_does(magnitude, tmp_path):
    ours = our_policy_steps(our_draws(tmp_path, "randaugment", 224, 180, magnitude))
    peers = peer_policy_steps(v2.RandAugment(num_ops=1, magnitude=magnitude), 224, 180)
    assert_equally_often(ours, peers)


@pytest.mark.parametrize("brightness, contrast, hue", [(0.4, 1.8, 0.1), (0.2, 0.3, 0.5)])
def test_jitter_draws_as_torchvision_does(brightness, contrast, hue, tmp_path):
    transform = v2.ColorJitter(brightness, contrast, 0.7, hue)
    names = ["brightness", "contrast", "saturation", "hue"]
    peers = peer_draws(lambda: transform.make_params([]))
    lines = our_draws(tmp_path, "jitter", brightness, contrast, hue)
    assert_equally_often([tuple(line[::2]) for line in lines],
                         [tuple(names[i] for i in draw["fn_idx"]) for draw in peers])
    factors = [dict(zip(line[::2], line[1::2])) for line in lines]
    for name in names:
        assert_same_distribution([f[name] for f in factors], [draw[f"{name}_factor"] for draw in peers])
        low, high = getattr(transform, name)
        assert all(low <= float(f[name]) < high for f in factors)


def assert_same_boxes(ours, peers, height, width):
    ours, peers = np.array(ours, float), np.array(peers, float)
    assert ours.shape == peers.shape == (DRAWS, 4)
    assert (ours[:, 0] + ours[:, 2]).max() <= height and (ours[:, 1] + ours[:, 3]).max() <= width
    for edge in range(4):
        assert_same_distribution(ours[:, edge], peers[:, edge])
    assert_same_distribution(ours[:, 2] * ours[:, 3], peers[:, 2] * peers[:, 3])
    assert_same_distribution((ours[:, 2] + 1) / (ours[:, 3] + 1), (peers[:, 2] + 1) / (peers[:, 3] + 1))


@pytest.mark.parametrize("height, width, min_area", [(300, 400, 0.35), (224, 224, 0.08), (100, 350, 0.5)])
def test_crop_boxes_as_torchvision_draws_them(height, width, min_area, tmp_path):
    transform = v2.RandomResizedCrop(224, scale=(min_area, 1.0))
    image = torch.empty(3, height, width)
    peers = peer_draws(lambda: transform.make_params([image]))
    peers = [(draw["top"], draw["left"], draw["height"], draw["width"]) for draw in peers]
    assert_same_boxes(our_draws(tmp_path, "crop", height, width, min_area), peers, height, width)


@pytest.mark.parametrize("height, width", [(224, 224), (40, 300)])
def test_erased_boxes_as_torchvision_draws_them(height, width, tmp_path):
    transform = v2.RandomErasing()
    image = torch.empty(3, height, width)
    peers = peer_draws(lambda: transform.make_params([image]))
    peers = [(p["i"], p["j"], p["h"], p["w"]) if p["v"] is not None else (0, 0, 0, 0) for p in peers]
    assert_same_boxes(our_draws(tmp_path, "erasing", height, width), peers, height, width)


@pytest.mark.parametrize("alpha", [0.2, 0.8, 1.0, 8.0])
def test_shares_are_from_the_beta_distribution(alpha, tmp_path):
    shares = np.array(our_draws(tmp_path, "share", alpha), float)[:, 0]
    assert 0 <= shares.min() and shares.max() <= 1
    assert stats.kstest(shares, stats.beta(alpha, alpha).cdf).pvalue > SMALLEST_P


def test_cutmix_boxes_as_torchvision_draws_them(tmp_path):
    transform = v2.CutMix(alpha=1.0, num_classes=2)
    image = torch.empty(2, 3, 96, 150)
    peers = [draw["box"] for draw in peer_draws(lambda: transform.make_params([image]))]
    peers = [(y1, x1, y2 - y1, x2 - x1) for x1, y1, x2, y2 in peers]
    assert_same_boxes(our_draws(tmp_path, "cutmix", 96, 150, 1.0), peers, 96, 150)
