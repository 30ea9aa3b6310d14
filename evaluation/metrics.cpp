#include "evaluation/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <ATen/ops/arange.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/topk.h>
#include <c10/util/Exception.h>

namespace kaziranga::evaluation {
namespace {

/// Expected calibration error of the winning class's probability.
double calibration_error(const at::Tensor& confidence, const at::Tensor& correct) {
    constexpr int64_t kBins = 15;
    std::array<double, kBins> gap{};
    const auto p = confidence.accessor<double, 1>();
    const auto right = correct.accessor<bool, 1>();
    for (int64_t i = 0; i < p.size(0); ++i) {
        const auto bin = std::min(kBins - 1, static_cast<int64_t>(p[i] * kBins));
        gap[static_cast<size_t>(bin)] += (right[i] ? 1.0 : 0.0) - p[i];
    }
    double total = 0;
    for (const double g : gap) total += std::abs(g);
    return total / static_cast<double>(p.size(0));
}

double macro_f1(const std::vector<ClassMetrics>& classes) {
    double sum = 0;
    int64_t occurring = 0;
    for (const ClassMetrics& c : classes) {
        if (c.n == 0) continue;
        sum += c.f1;
        ++occurring;
    }
    return occurring > 0 ? sum / static_cast<double>(occurring) : 0;
}

}  // namespace

Metrics measure(const at::Tensor& logits, const at::Tensor& labels) {
    TORCH_CHECK(logits.dim() == 2 && labels.dim() == 1 && logits.size(0) == labels.size(0) && labels.size(0) > 0,
                "measure takes [N, K] logits and [N] labels");
    const at::Tensor scores = logits.detach().cpu().to(at::kDouble);
    const at::Tensor y = labels.cpu();
    const int64_t shown = std::min<int64_t>(5, scores.size(1));
    const at::Tensor hits = std::get<1>(scores.topk(shown, 1)).eq(y.unsqueeze(1));
    const at::Tensor confidence = std::get<0>(scores.softmax(1).max(1));
    const at::Tensor correct = hits.select(1, 0).contiguous();

    Metrics metrics;
    metrics.n = y.size(0);
    metrics.top1 = 100 * correct.to(at::kDouble).mean().item<double>();
    metrics.top5 = 100 * hits.any(1).to(at::kDouble).mean().item<double>();
    metrics.loss = at::cross_entropy_loss(scores, y).item<double>();
    metrics.ece = calibration_error(confidence, correct);
    metrics.macro_f1 = macro_f1(measure_classes(scores, y));
    return metrics;
}

std::vector<ClassMetrics> measure_classes(const at::Tensor& logits, const at::Tensor& labels) {
    const int64_t classes = logits.size(1);
    const at::Tensor guesses = std::get<1>(logits.detach().cpu().topk(1, 1)).squeeze(1);
    const at::Tensor pairs = labels.cpu() * classes + guesses;
    const at::Tensor confusion = at::bincount(pairs, {}, classes * classes).view({classes, classes});
    const auto count = confusion.accessor<int64_t, 2>();
    const at::Tensor predicted = confusion.sum(0), present = confusion.sum(1);

    std::vector<ClassMetrics> result(static_cast<size_t>(classes));
    for (int64_t k = 0; k < classes; ++k) {
        ClassMetrics& c = result[static_cast<size_t>(k)];
        const auto hits = static_cast<double>(count[k][k]);
        c.n = present[k].item<int64_t>();
        c.predicted = predicted[k].item<int64_t>();
        c.precision = c.predicted > 0 ? hits / static_cast<double>(c.predicted) : 0;
        c.recall = c.n > 0 ? hits / static_cast<double>(c.n) : 0;
        c.f1 = c.n + c.predicted > 0 ? 2 * hits / static_cast<double>(c.n + c.predicted) : 0;
        for (int64_t other = 0; other < classes; ++other) {
            if (other != k && count[k][other] > c.confusions) {
                c.most_confused = other;
                c.confusions = count[k][other];
            }
        }
    }
    return result;
}

}  // namespace kaziranga::evaluation
