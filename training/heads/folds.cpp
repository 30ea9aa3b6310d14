#include "training/heads/folds.hpp"

#include "core/random.hpp"

namespace kaziranga::training {

std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed) {
    std::vector<std::vector<size_t>> images(static_cast<size_t>(classes));
    const auto* labels = y.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < y.size(0); ++i) images[static_cast<size_t>(labels[i])].push_back(static_cast<size_t>(i));
    std::vector<int64_t> fold_of(static_cast<size_t>(y.size(0)), -1);
    int64_t next = 0;  // goes on from class to class, so that folds are of one size
    for (size_t k = 0; k < images.size(); ++k) {
        if (images[k].size() < 2) continue;
        const auto order = core::permutation(static_cast<int64_t>(images[k].size()), {seed, core::Purpose::kFolds, {k}});
        for (const int64_t position : order) fold_of[images[k][static_cast<size_t>(position)]] = next++ % folds;
    }
    return fold_of;
}

}  // namespace kaziranga::training
