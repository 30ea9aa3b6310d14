#include "data/balance.hpp"

#include "core/random.hpp"

#include <ATen/ops/bincount.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>

namespace kaziranga::data {
namespace {

std::vector<int64_t> balanced_order(const at::Tensor& y, uint64_t seed, uint64_t epoch) {
    const int64_t count = y.size(0);
    const auto* labels = y.const_data_ptr<int64_t>();
    const int64_t classes = y.max().item<int64_t>() + 1;
    std::vector<std::vector<int64_t>> samples(static_cast<size_t>(classes));
    for (int64_t i = 0; i < count; ++i) samples[static_cast<size_t>(labels[i])].push_back(i);
    std::erase_if(samples, [](const auto& some) { return some.empty(); });

    // If the draws cannot be divided equally, different classes get one more draw in every epoch.
    const auto present = static_cast<int64_t>(samples.size());
    const auto turn = core::permutation(present, {seed, core::Purpose::kShuffle, {epoch, 1}});
    std::vector<int64_t> order;
    std::vector<std::vector<int64_t>> inside;
    for (size_t k = 0; k < samples.size(); ++k) {
        inside.push_back(
            core::permutation(static_cast<int64_t>(samples[k].size()), {seed, core::Purpose::kShuffle, {epoch, 2, k}}));
    }
    for (int64_t draw = 0; draw < count; ++draw) {
        const auto k = static_cast<size_t>(turn[static_cast<size_t>(draw % present)]);
        const auto position = static_cast<size_t>(draw / present) % inside[k].size();
        order.push_back(samples[k][static_cast<size_t>(inside[k][position])]);
    }
    const auto shuffled = core::permutation(count, {seed, core::Purpose::kShuffle, {epoch, 3}});
    std::vector<int64_t> result;
    for (const int64_t i : shuffled) result.push_back(order[static_cast<size_t>(i)]);
    return result;
}

at::Tensor counts_of(const at::Tensor& y, int64_t classes) {
    return at::bincount(y, {}, classes).to(at::kDouble);
}

}  // namespace

void BalanceOptions::describe(core::config::Description<BalanceOptions>& d) {
    d.field("class_weights", &BalanceOptions::class_weights,
            "balanced gives images of rare classes a higher weight, so that every class counts equally. Use it if "
            "classes have very different numbers of images");
    d.field("sampling", &BalanceOptions::sampling,
            "Order of the training images. balanced takes every class equally often and repeats images of rare "
            "classes; shuffle takes every image once per epoch");
    d.field("logit_adjustment", &BalanceOptions::logit_adjustment,
            "Share of the logarithm of the class frequencies that is taken out of the logits, so that frequent classes "
            "are preferred less; 1 aims at balanced accuracy")
        .at_least(0)
        .at_most(10)
        .synonyms({"tau"});
    d.check([](const BalanceOptions& o, core::config::Problems& problems) {
        const int means = (o.class_weights == ClassWeights::kBalanced) + (o.sampling == Sampling::kBalanced) +
                          (o.logit_adjustment > 0);
        if (means > 1) {
            problems.add("", "class weights, balanced sampling and logit adjustment do the same thing",
                         "use one of them");
        }
    });
}

std::vector<int64_t> epoch_order(const at::Tensor& y, Sampling sampling, uint64_t seed, int64_t epoch) {
    const auto number = static_cast<uint64_t>(epoch);
    if (sampling == Sampling::kBalanced) return balanced_order(y, seed, number);
    return core::permutation(y.size(0), {seed, core::Purpose::kShuffle, {number}});
}

at::Tensor balanced_class_weights(const at::Tensor& y, int64_t classes) {
    const at::Tensor counts = counts_of(y, classes);
    const at::Tensor weights = static_cast<double>(y.size(0)) / (static_cast<double>(classes) * counts);
    return at::where(counts > 0, weights, at::ones_like(weights)).to(at::kFloat);
}

at::Tensor log_frequencies(const at::Tensor& y, int64_t classes) {
    constexpr double kHalfASample = 0.5;  // count of a class without samples
    const at::Tensor counts = counts_of(y, classes).clamp_min(kHalfASample);
    return (counts / counts.sum()).log().to(at::kFloat);
}

}  // namespace kaziranga::data
