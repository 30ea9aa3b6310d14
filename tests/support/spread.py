"""What evaluation/variance_components.hpp estimates, written once more: slowly, from its formulas, with nothing shared."""

import math

import numpy
import scipy.stats



def total(a, b, shared):
    """Variance and degrees of freedom of a + b - shared, which is no less than a or b."""
    variance = a[0] + b[0] - shared[0]
    larger = max(a, b)
    if variance <= larger[0]:
        return larger
    return variance, variance ** 2 / sum(v ** 2 / d for v, d in (a, b, shared))


def half_width(part, confidence):
    return math.sqrt(part[0]) * scipy.stats.t.ppf((1 + confidence) / 2, max(1, math.floor(part[1])))


def spread(draws, ratio, confidence):
    """draws: of each draw {name: (class, value)}. Every class needs two images, and there are two draws and classes or more."""
    count, classes = len(draws), sorted({label for draw in draws for label, _ in draw.values()})
    same_images = all(draw.keys() == draws[0].keys() for draw in draws)
    means = [numpy.mean([value for _, value in draw.values()]) for draw in draws]
    of_draws = numpy.var(means, ddof=1) / count, count - 1

    shares, variances, degrees, left, left_degrees = [], [], [], [], []
    for label in classes:
        rows = {}
        for draw in draws:
            for name, (of, value) in draw.items():
                if of == label:
                    rows.setdefault(name, []).append((value, 1 / (count * len(draw))))
        weights = {name: sum(w for _, w in values) for name, values in rows.items()}
        share = sum(weights.values())
        middle = sum(v * w for values in rows.values() for v, w in values) / share
        squares = sum((sum(w * (v - middle) for v, w in values)) ** 2 for values in rows.values())
        m = len(rows)
        variances.append(m / (m - 1) * squares)
        degrees.append(m - 1)
        shares.append(share)
        if same_images:
            table = numpy.array([[value for value, _ in values] for values in rows.values()]).T  # draws by images
            rest = table - table.mean(0, keepdims=True) - table.mean(1, keepdims=True) + table.mean()
            d = (count - 1) * (m - 1)
            left.append(share ** 2 * (rest ** 2).sum() / d / (count * m))
            left_degrees.append(d)

    def together(parts, of):
        weighted = sum(v ** 2 / d for v, d in zip(parts, of))
        return sum(parts), sum(parts) ** 2 / weighted if weighted else sum(of)

    of_images = together(variances, degrees)
    deviations = numpy.array([[sum(value - mean for of, value in draw.values() if of == label) / len(draw) for label in classes]
                              for draw, mean in zip(draws, means)])
    c = len(classes)
    of_classes = c / (c - 1) * (deviations.mean(0) ** 2).sum(), c - 1
    pairs = c / (c - 1) * ((deviations - deviations.mean(0)) ** 2).sum() / (count * (count - 1)), (c - 1) * (count - 1)
    if same_images:
        same = total(of_draws, of_images, together(left, left_degrees))
        other = total(of_draws, of_classes, pairs)
    else:
        same = count * of_draws[0] * (1 / count + ratio), count - 1
        other = total(same, of_classes, pairs)
    other = max(other, same)
    return {"mean": numpy.mean(means), "sd_draws": math.sqrt(count * of_draws[0]), "se_images": math.sqrt(of_images[0]),
            "se_classes": math.sqrt(of_classes[0]), "se_same_classes": math.sqrt(same[0]), "se_other_classes": math.sqrt(other[0]),
            "same_classes": half_width(same, confidence), "other_classes": max(half_width(other, confidence), half_width(same, confidence))}
