#include "training/heads/folds.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kaziranga::training {

std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed,
                                const std::vector<core::Hash128>& contents) {
    using Copies = std::vector<size_t>;  // positions of the images with the same content
    std::vector<std::vector<Copies>> images(static_cast<size_t>(classes));
    std::map<std::pair<int64_t, core::Hash128>, size_t> seen;  // class and content: the index in images[class]
    const auto* labels = y.const_data_ptr<int64_t>();
    for (size_t i = 0; i < static_cast<size_t>(y.size(0)); ++i) {
        std::vector<Copies>& of_class = images[static_cast<size_t>(labels[i])];
        const core::Hash128 content = contents.empty() ? core::Hash128{.low = i} : contents[i];
        const auto [place, is_new] = seen.try_emplace({labels[i], content}, of_class.size());
        if (is_new) of_class.emplace_back();
        of_class[place->second].push_back(i);
    }
    if (std::ranges::all_of(images, [](const auto& of_class) { return of_class.size() <= 2; })) folds = 2;
    std::vector<int64_t> fold_of(static_cast<size_t>(y.size(0)), -1);
    int64_t next = 0;  // continues from class to class, so that folds have the same size
    for (size_t k = 0; k < images.size(); ++k) {
        if (images[k].size() < 2) continue;
        const auto order =
            core::permutation(static_cast<int64_t>(images[k].size()), {seed, core::Purpose::kFolds, {k}});
        for (const int64_t position : order) {
            for (const size_t i : images[k][static_cast<size_t>(position)]) fold_of[i] = next % folds;
            ++next;
        }
    }
    return fold_of;
}

}  // namespace kaziranga::training
