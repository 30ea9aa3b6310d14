#include "studies/reproduce/overfitting.hpp"

#include <algorithm>
#include <vector>

namespace kaziranga::studies {

std::map<const ArmResult*, Turn> turns_of(const Runs& runs) {
    std::map<const ArmResult*, Turn> turns;
    for (const auto& row : runs) {
        for (const ArmResult* run : row) {
            const size_t epochs = run->curve.test_loss.size();
            std::vector<double> others(epochs, 0);
            for (const ArmResult* other : row) {
                if (other == run || other->curve.test_loss.size() != epochs) continue;
                for (size_t e = 0; e < epochs; ++e) others[e] += other->curve.test_loss[e];
            }
            if (epochs == 0 || row.size() < 2) continue;
            const auto lowest = static_cast<size_t>(std::ranges::min_element(others) - others.begin());
            turns[run] = {run->curve.test_loss.back() - run->curve.test_loss[lowest],
                          run->curve.train_loss[lowest] - run->curve.train_loss.back()};
        }
    }
    return turns;
}

}  // namespace kaziranga::studies
