"""What people fit to frozen features: scikit-learn's logistic regression with its penalty cross-validated, and PyTorch's linear
layer by SGD, with its settings searched for and without. Each returns the predicted labels of the test images, what was
chosen and how it did on held-out training images; none sees the test images' labels."""

import itertools
import warnings

import joblib
import numpy
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

FOLDS = 5
SCALINGS = {"as they are": FunctionTransformer, "standardised": StandardScaler}
# C of scikit-learn, half decades around a penalty of 0.01 an image (4,000 images); `at_edge` tells where the best is at an end.
CS = {"as they are": (0.03, 0.1, 0.3, 1, 3), "standardised": (0.001, 0.003, 0.01, 0.03, 0.1)}
RATES = {"as they are": (0.03, 0.1, 0.3, 1, 3), "standardised": (0.0003, 0.001, 0.003, 0.01, 0.03)}
DECAYS = (0, 1e-3, 1e-2)
EPOCHS = (10, 30, 100)
FIRST_EPOCHS = 30  # of the first round of the search
FIRST_FOLDS = 1
KEPT = 3  # settings that go on to the second round
MOMENTUM = 0.9
BATCH = 32
PROCESSES = 2  # of one thread each


def folds(y, seed):
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(numpy.zeros(len(y)), y))


def is_at_edge(value, values):
    return value in (min(values), max(values))


def logistic_cv(x, y, test, seed):
    """LogisticRegressionCV with five folds, on features as they are and standardised; the better of both by the folds."""
    best = None
    for scaling, scaler in SCALINGS.items():
        head = LogisticRegressionCV(Cs=CS[scaling], cv=folds(y, seed), l1_ratios=(0.0,), scoring="accuracy", max_iter=1000,
                                    n_jobs=PROCESSES, use_legacy_attributes=False)
        model = make_pipeline(scaler(), head)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)  # what has not converged is not what it is called
            model.fit(x, y)
        scores = head.scores_.mean(0).ravel()
        if best is None or scores.max() > best[0]:
            best = scores.max(), scaling, float(head.C_), model
    score, scaling, c, model = best
    return model.predict(test), {"features": scaling, "C": c, "held_out_top1": 100 * float(score), "at_edge": is_at_edge(c, CS[scaling])}


def train_layer(x, y, classes, rate, decay, epochs, seed):
    """A linear layer by SGD with momentum and a cosine schedule, as torchvision's and timm's scripts have it."""
    torch.manual_seed(seed)
    layer = torch.nn.Linear(x.shape[1], classes)
    optimizer = torch.optim.SGD(layer.parameters(), rate, MOMENTUM, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(layer(x[batch]), y[batch]).backward()
            optimizer.step()
        schedule.step()
    return layer


def fit_layer(x, y, classes, test, setting, seed):
    """Numbers of the classes of `test` by a layer that was trained on x and y."""
    torch.set_num_threads(1)
    scaling, rate, decay, epochs = setting
    scaler = SCALINGS[scaling]().fit(x)
    layer = train_layer(torch.from_numpy(scaler.transform(x)), torch.from_numpy(y), classes, rate, decay, epochs, seed)
    with torch.no_grad():
        return layer(torch.from_numpy(scaler.transform(test))).argmax(1).numpy()


class Probe:
    """Linear layers on one draw's training images. A setting is (scaling, rate, decay, epochs)."""

    def __init__(self, x, y, seed):
        self.names, self.y = numpy.unique(y, return_inverse=True)
        self.x, self.seed, self.folds, self.scores = x, seed, folds(y, seed), {}

    def judge(self, settings, count):
        """{setting: share right on the first `count` folds}, by layers that were trained on the other images."""
        missing = [(setting, fold) for setting in settings for fold in range(count) if (setting, fold) not in self.scores]

        def job(setting, fold):
            train, out = self.folds[fold]
            return joblib.delayed(fit_layer)(self.x[train], self.y[train], len(self.names), self.x[out], setting, self.seed)

        found = joblib.Parallel(PROCESSES)(job(*pair) for pair in missing)
        for (setting, fold), answers in zip(missing, found):
            self.scores[setting, fold] = numpy.mean(answers == self.y[self.folds[fold][1]])
        return {setting: numpy.mean([self.scores[setting, fold] for fold in range(count)]) for setting in settings}

    def predict(self, test, setting):
        return self.names[fit_layer(self.x, self.y, len(self.names), test, setting, self.seed)]


def search(probe):
    """Features, rate and decay at one number of epochs on the first folds; the best of them with every number on all folds."""
    first = [(scaling, rate, decay, FIRST_EPOCHS) for scaling in SCALINGS for rate, decay in itertools.product(RATES[scaling], DECAYS)]
    scores = probe.judge(first, FIRST_FOLDS)
    kept = sorted(first, key=lambda setting: -scores[setting])[:KEPT]
    scores = probe.judge([(*setting[:3], epochs) for setting in kept for epochs in EPOCHS], FOLDS)
    return max(scores.items(), key=lambda item: item[1])


def sgd_tuned(x, y, test, seed):
    probe = Probe(x, y, seed)
    (scaling, rate, decay, epochs), score = search(probe)
    chosen = {"features": scaling, "rate": rate, "weight_decay": decay, "epochs": epochs, "held_out_top1": 100 * float(score),
              "at_edge": is_at_edge(rate, RATES[scaling]) or decay == max(DECAYS) or epochs == max(EPOCHS)}
    return probe.predict(test, (scaling, rate, decay, epochs)), chosen


def sgd_untuned(x, y, test, seed):
    """The usual recipe's numbers, not looked at: rate 0.1, 30 epochs, features as they are."""
    setting = ("as they are", 0.1, 0, 30)
    return Probe(x, y, seed).predict(test, setting), {"features": setting[0], "rate": setting[1], "weight_decay": 0, "epochs": setting[3]}


PEERS = {"logistic_cv": logistic_cv, "sgd_tuned": sgd_tuned, "sgd_untuned": sgd_untuned}
