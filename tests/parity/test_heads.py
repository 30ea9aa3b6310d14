"""The heads against scikit-learn: the same maps for ridge and discriminant analysis, the same optimum for logistic."""

import os
import pathlib
import subprocess

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.linear_model import Ridge

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("KAZIRANGA_BUILD", ROOT / "build")) / "dump_heads"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")

SHAPES = {"many rows": (300, 40, 6), "few rows": (40, 120, 6)}


@pytest.fixture(params=SHAPES, ids=lambda name: name.replace(" ", "_"))
def problem(request):
    """Classes that overlap, features of unlike scales and away from zero, one of them constant, and row weights."""
    rows, columns, classes = SHAPES[request.param]
    random = np.random.default_rng(3)
    y = np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)])
    x = 0.5 * random.normal(size=(classes, columns))[y] + random.normal(size=(rows, columns))
    x = x @ random.normal(size=(columns, columns)) / np.arange(1, columns + 1) ** 0.5 + 0.5
    x[:, -1] = 2
    return x.astype(np.float32), y.astype(np.int64), random.uniform(0.2, 3, rows)


def fit(head, value, folder, x, y, w=None):
    tensors = {"x": x, "y": y} | ({} if w is None else {"w": w})
    save_file(tensors, folder / "in.safetensors")
    done = subprocess.run([PROGRAM, head, folder / "in.safetensors", repr(value), folder / "out.safetensors"],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return load_file(folder / "out.safetensors")


def assert_close(ours, theirs, relative):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=relative * np.abs(theirs).max())


@pytest.mark.parametrize("penalty", [1e-3, 0.1, 10])
@pytest.mark.parametrize("weighted", [False, True])
def test_ridge_equals(problem, penalty, weighted, tmp_path):
    x, y, w = problem
    if not weighted:
        w = np.ones(len(y))
    ours = fit("ridge", penalty, tmp_path, x, y, w if weighted else None)
    x = x.astype(np.float64)
    variance = np.average((x - np.average(x, 0, w)) ** 2, 0, w).mean()
    peer = Ridge(alpha=penalty * w.sum() * variance, solver="cholesky").fit(x, np.eye(y.max() + 1)[y], w)
    assert_close(ours["weight"], peer.coef_, 1e-8)
    assert_close(ours["bias"], peer.intercept_, 1e-8)


@pytest.mark.parametrize("shrinkage", [0.01, 0.3, 1.0])
def test_lda_equals(problem, shrinkage, tmp_path):
    x, y, _ = problem
    ours = fit("lda", shrinkage, tmp_path, x, y)
    x = x.astype(np.float64)
    peer = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage).fit(x, y)
    scores = x @ ours["weight"].T + ours["bias"]
    assert_close(scores, peer.decision_function(x), 1e-6)
    np.testing.assert_array_equal(scores.argmax(1), peer.predict(x))


def test_lda_of_balanced_weights_equals_uniform_priors(problem, tmp_path):
    x, y, _ = problem
    classes = y.max() + 1
    ours = fit("lda", 0.2, tmp_path, x, y, 1 / np.bincount(y)[y])
    x = x.astype(np.float64)
    peer = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.2, priors=np.full(classes, 1 / classes)).fit(x, y)
    assert_close(x @ ours["weight"].T + ours["bias"], peer.decision_function(x), 1e-6)


def test_analytic_shrinkage_equals(problem, tmp_path):
    x, y, _ = problem
    ours = fit("lda", 0.5, tmp_path, x, y)
    x = x.astype(np.float64)
    deviations = x - np.stack([x[y == k].mean(0) for k in range(y.max() + 1)])[y]
    np.testing.assert_allclose(ours["analytic_shrinkage"][0], ledoit_wolf_shrinkage(deviations), rtol=1e-9)


def cross_entropy(x, y, w, weight, bias):
    logits = x @ weight.T + bias
    logits -= logits.max(1, keepdims=True)
    return np.average(np.log(np.exp(logits).sum(1)) - logits[np.arange(len(y)), y], weights=w)


def assert_optimal(x, y, w, penalty, folder, tolerances):
    """Ours is at most a millionth above what scikit-learn finds at any of the tolerances."""
    ours = fit("logistic", penalty, folder, x, y, w)
    x = x.astype(np.float64)

    def objective(weight, bias):
        return cross_entropy(x, y, w, weight, bias) + penalty / 2 * (weight ** 2).sum()

    reached = objective(ours["weight"], ours["bias"])
    np.testing.assert_allclose(ours["objective"][0], reached, rtol=1e-9)
    for tolerance in tolerances:
        peer = LogisticRegression(C=1 / (penalty * w.sum()), tol=tolerance, max_iter=5000).fit(x, y, w)
        assert reached <= objective(peer.coef_, peer.intercept_) * (1 + 1e-6)


@pytest.mark.parametrize("penalty", [1e-3, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
def test_logistic_reaches_the_optimum(problem, penalty, weighted, tmp_path):
    x, y, w = problem
    assert_optimal(x, y, w if weighted else np.ones(len(y)), penalty, tmp_path, [1e-4, 1e-8])


@pytest.mark.parametrize("penalty", [1e-2, 1e-3, 1e-4])
def test_logistic_reaches_a_hard_optimum(penalty, tmp_path):
    """Many classes, overlapping, under penalties that hardly hold the weights."""
    random = np.random.default_rng(5)
    rows, columns, classes = 600, 90, 12
    y = np.concatenate([np.arange(classes), random.integers(0, classes, rows - classes)])
    x = random.normal(size=(classes, columns))[y] * 0.6 + random.normal(size=(rows, columns))
    x = x @ random.normal(size=(columns, columns)) / np.arange(1, columns + 1) ** 0.5 + 0.5
    assert_optimal(x.astype(np.float32), y.astype(np.int64), random.uniform(0.2, 3, rows), penalty, tmp_path, [1e-8])
