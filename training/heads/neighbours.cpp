#include "training/heads/neighbours.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/topk.h>
#include <ATen/ops/zeros.h>

namespace kaziranga::training {

at::Tensor neighbour_scores(const at::Tensor& bank, const at::Tensor& labels, int64_t classes, const at::Tensor& query,
                            int64_t k, double temperature) {
    constexpr double kLeastTemperature = 0.01;  // exp(-2 / temperature) must stay above double's smallest number
    constexpr int64_t kQueriesAtOnce = 1024;    // bounds the memory of the cosines
    TORCH_CHECK(k > 0 && temperature >= kLeastTemperature, "k = ", k, ", temperature = ", temperature);
    const int64_t neighbours = std::min(k, bank.size(0)), queries = query.size(0);
    at::Tensor scores = at::zeros({queries, classes}, query.options().dtype(at::kDouble));
    for (int64_t begin = 0; begin < queries; begin += kQueriesAtOnce) {
        const int64_t count = std::min(kQueriesAtOnce, queries - begin);
        const auto [cosines, nearest] = at::topk(query.narrow(0, begin, count).matmul(bank.t()), neighbours, 1);
        // Against overflow every weight is divided by exp(1 / temperature), the largest there can be.
        const at::Tensor weights = ((cosines.to(at::kDouble).clamp(-1, 1) - 1) / temperature).exp();
        scores.narrow(0, begin, count).scatter_add_(1, labels.index({nearest}), weights);
    }
    return scores.clamp_min(std::exp(-2 / temperature)).log() + 1 / temperature;
}

}  // namespace kaziranga::training
