"""The parts of a mean's uncertainty: equal to a slow implementation, unbiased on tables with known components, and their
intervals hold the truth as often as they say."""

import os
import pathlib
import subprocess
import sys

import numpy
import pytest
import scipy.stats

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", ROOT / "build")) / "dump_spread"
sys.path.insert(0, str(ROOT / "tests/support"))
from spread import spread  # noqa: E402

FIELDS = ("mean", "sd_draws", "se_images", "se_classes", "se_same_classes", "se_other_classes", "same_classes", "other_classes")
DRAWS, CLASSES, IMAGES = 5, 30, 8  # of the simulations
TABLES = 1500


def ours(tables, ratio=0.0, confidence=0.95):
    """tables: lists of draws, {name: (class, value)} each. Returns a column a field."""
    words = []
    for draws in tables:
        words.append(f"{len(draws)} {ratio} {confidence}")
        for draw in draws:
            words.append(f"{len(draw)} " + " ".join(f"{name} {label} {value!r}" for name, (label, value) in draw.items()))
    done = subprocess.run([PROGRAM], input="\n".join(words), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    columns = numpy.array([[float(word) for word in line.split()] for line in done.stdout.splitlines()]).T
    return dict(zip(FIELDS, columns))


def as_draws(table):
    """[draws, classes, images] values, the same images in every draw."""
    _, classes, images = table.shape
    return [{c * images + i: (c, float(draw[c, i])) for c in range(classes) for i in range(images)} for draw in table]


@pytest.mark.parametrize("same", [True, False], ids=["same images", "own images"])
@pytest.mark.parametrize("seed", range(8))
def test_equals_the_slow_implementation(same, seed):
    random = numpy.random.default_rng(seed)
    label = {name: name % 7 for name in range(60)}
    chosen = sorted(name for name in label if name < 14 or random.random() < 0.6)
    draws = []
    for _ in range(random.integers(2, 6)):
        if not same:
            chosen = sorted(name for name in label if name < 14 or random.random() < 0.6)
        draws.append({name: (label[name], float(random.choice([0, 100], p=[0.1 * (1 + label[name]), 0.9 - 0.1 * label[name]])))
                      for name in chosen})
    found = ours([draws], 0.4, 0.9)
    for field, value in spread(draws, 0.4, 0.9).items():
        assert found[field][0] == pytest.approx(value, rel=1e-9, abs=1e-9), field


def gaussian(random, draw, of_class, image, draw_class, pair, fixed_classes=None):
    """A table of DRAWS by CLASSES by IMAGES with those standard deviations."""
    classes = random.normal(0, of_class, CLASSES) if fixed_classes is None else fixed_classes
    return (random.normal(0, draw, (DRAWS, 1, 1)) + classes[:, None] + random.normal(0, image, (CLASSES, IMAGES))
            + random.normal(0, draw_class, (DRAWS, CLASSES, 1)) + random.normal(0, pair, (DRAWS, CLASSES, IMAGES)))


def assert_unbiased(squares, expected):
    error = scipy.stats.sem(squares)
    assert abs(squares.mean() - expected) < 4 * error, f"{squares.mean()} of {expected} +- {error}"
    assert error < 0.05 * expected  # or it could not fail


def test_estimates_are_unbiased_with_fixed_classes():
    random = numpy.random.default_rng(10)
    classes = random.normal(0, 3, CLASSES)
    found = ours(as_draws(gaussian(random, 1.0, 0, 4.0, 2.0, 5.0, classes)) for _ in range(TABLES))
    images = CLASSES * IMAGES
    of_draw = 1 + 4 / CLASSES
    assert_unbiased(found["sd_draws"] ** 2, of_draw + 25 / images)
    assert_unbiased(found["se_images"] ** 2, (16 + 25 / DRAWS) / images)
    expected = of_draw / DRAWS + 16 / images + 25 / (DRAWS * images)
    assert_unbiased(found["se_same_classes"] ** 2, expected)
    assert_unbiased((found["mean"] - classes.mean()) ** 2, expected)  # the mean itself strays as said


def test_estimates_are_unbiased_with_random_classes():
    random = numpy.random.default_rng(11)
    found = ours(as_draws(gaussian(random, 1.0, 3.0, 4.0, 2.0, 5.0)) for _ in range(TABLES))
    images = CLASSES * IMAGES
    assert_unbiased(found["se_classes"] ** 2, 9 / CLASSES + 16 / images + (4 / CLASSES + 25 / images) / DRAWS)
    expected = 1 / DRAWS + 9 / CLASSES + 16 / images + (4 / CLASSES + 25 / images) / DRAWS
    assert_unbiased(found["se_other_classes"] ** 2, expected)
    assert_unbiased(found["mean"] ** 2, expected)


def hits(random, easy, draw, image, pair, classes):
    """0 and 100 where a normal variable with these standard deviations is above 0, around how easy its class is."""
    latent = (easy + random.normal(0, draw, (DRAWS, 1, 1)) + classes[:, None] + random.normal(0, image, (CLASSES, IMAGES))
              + random.normal(0, pair, (DRAWS, CLASSES, IMAGES)))
    return 100.0 * (latent > 0)


def held(found, truth, field):
    return numpy.mean(numpy.abs(found["mean"] - truth) <= found[field])


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Differences of two classifiers' hits, by images, draws and classes that both have a part of their own of."""
    random = numpy.random.default_rng(12)
    sds = {"draw": 0.12, "image": 0.8, "pair": 0.4}
    chance = lambda easy, of_class: 100 * scipy.stats.norm.cdf(  # noqa: E731
        easy / numpy.sqrt(of_class ** 2 + sum(sd ** 2 for sd in sds.values())))

    def difference(ours_of_class, theirs_of_class):
        return as_draws(hits(random, 0.6, classes=ours_of_class, **sds) - hits(random, 0.3, classes=theirs_of_class, **sds))

    found = ours(difference(*random.normal(0, 0.8, (2, CLASSES))) for _ in range(TABLES))
    truth = chance(0.6, 0.8) - chance(0.3, 0.8)
    assert 0.93 <= held(found, truth, "other_classes") <= 0.985
    assert held(found, truth, "same_classes") < 0.85  # it does not speak of other classes
    over_draws = found["sd_draws"] / DRAWS ** 0.5 * scipy.stats.t.ppf(0.975, DRAWS - 1)
    assert numpy.mean(numpy.abs(found["mean"] - truth) <= over_draws) < 0.85  # nor does Student's t over draws

    fixed = random.normal(0, 0.8, (2, CLASSES))
    found = ours(difference(*fixed) for _ in range(TABLES))
    truth = numpy.mean(chance(0.6 + fixed[0], 0) - chance(0.3 + fixed[1], 0))
    assert 0.93 <= held(found, truth, "same_classes") <= 0.985
    assert held(found, truth, "other_classes") >= 0.97  # wider than needed
    assert numpy.mean(numpy.abs(found["mean"] - truth) <= 1.96 * found["se_images"]) < 0.93  # the draws' part is missing


def test_overlapping_draws_from_one_pool():
    """Five draws of 8 training and 8 test images of a class from 16 that are given: with Nadeau and Bengio's correction the
    interval of nearest-mean's gain over a fixed rule holds the truth; without it does not."""
    random = numpy.random.default_rng(13)
    classes, pool, train, dims = 6, 16, 8, 4
    centres = random.normal(0, 0.7, (classes, dims))

    def gain(x, means, hard):
        """Images [classes, n, dims]: hits of the nearest of `means`, minus those of the nearest of fixed centres."""
        nearest = ((x[:, :, None] - means) ** 2).sum(-1).argmin(-1) == numpy.arange(classes)[:, None]
        fixed = ((x[:, :, None] - hard) ** 2).sum(-1).argmin(-1) == numpy.arange(classes)[:, None]
        return 100.0 * (nearest.astype(float) - fixed)

    hard = centres + random.normal(0, 0.4, centres.shape)
    tables, truths = [], []
    for _ in range(400):
        x = centres[:, None] + random.normal(0, 1, (classes, pool, dims))
        draws = []
        for _ in range(DRAWS):
            order = numpy.argsort(random.random((classes, pool)), 1)
            means = numpy.take_along_axis(x, order[:, :train, None], 1).mean(1)
            test = order[:, train:]
            values = gain(numpy.take_along_axis(x, test[:, :, None], 1), means, hard)
            draws.append({int(c * pool + test[c, i]): (c, float(values[c, i])) for c in range(classes) for i in range(test.shape[1])})
        tables.append(draws)
        fresh = centres[:, None] + random.normal(0, 1, (classes, 300, dims))
        means = centres + random.normal(0, 1, centres.shape) / train ** 0.5  # of images of their own
        truths.append(gain(fresh, means, hard).mean())
    truth = numpy.mean(truths)
    found = ours(tables, (pool - train) / train)
    assert 0.92 <= held(found, truth, "same_classes") <= 0.995
    naive = found["sd_draws"] / DRAWS ** 0.5 * scipy.stats.t.ppf(0.975, DRAWS - 1)
    assert numpy.mean(numpy.abs(found["mean"] - truth) <= naive) < 0.9
