#include "training/heads/fold_moments.hpp"

#include <ATen/ops/_unique.h>

namespace kaziranga::training {

FoldMoments::FoldMoments(const WeightedRows& rows, const at::Tensor& fold_of) {
    const at::Tensor folds = std::get<0>(at::_unique(fold_of));
    for (int64_t i = 0; i < folds.size(0); ++i) {
        const auto fold = folds[i].item<int64_t>();
        const at::Tensor index = fold_of.eq(fold).nonzero().flatten();
        of_fold_.emplace(fold, RowMoments::of_features({rows.x.index_select(0, index), rows.y.index_select(0, index),
                                                        rows.classes, rows.w.index_select(0, index)}));
    }
}

RowMoments FoldMoments::without(std::optional<int64_t> fold) const {
    std::vector<const RowMoments*> others;
    for (const auto& [number, moments] : of_fold_) {
        if (number != fold) others.push_back(&moments);
    }
    TORCH_CHECK(!others.empty(), "nothing is left without the only fold");
    return RowMoments::joined(others);
}

}  // namespace kaziranga::training
