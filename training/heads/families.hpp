#pragma once

#include "models/heads.hpp"
#include "training/heads/held_out.hpp"
#include "training/heads/options.hpp"
#include "training/heads/prepared_rows.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// What of a family is chosen by comparison.
struct Setting {
    std::string said;        ///< "shrinkage 0.3"; empty where there is nothing to choose
    double value = 0;        ///< penalty, shrinkage, or temperature of the votes
    int64_t neighbours = 0;  ///< of knn
};

/// Values of a parameter that are tried only where the end of a grid is chosen, one after another: a grid that is too
/// narrow is seen by that, and one that is wide for all cases costs time in each.
struct Reserve {
    const char* parameter = "";
    std::vector<double> values = {};  ///< rising, on both sides of the grid; none: the grid stays as it is

    /// What to try next: where the chosen one of the settings tried has the largest or the smallest of their values,
    /// the next value beyond it, as long as there is one.
    std::optional<Setting> beyond(const std::vector<Setting>& tried, size_t chosen) const;
};

/// A head that was fitted with a setting.
struct Fitted {
    Setting setting;
    std::shared_ptr<models::Head> head;
};

/// How a kind of head is found at once, and the settings of it that are worth comparing.
struct Family {
    std::vector<Setting> settings;  ///< at least one
    Reserve reserve = {};
    bool starts_from_fitted = false;  ///< the fit is an iteration that need not start from nothing

    /// Heads for raw features, one for each of the settings asked for.
    /// @param before  of the same rows; its head may be null
    std::function<std::vector<std::shared_ptr<models::Head>>(
        const PreparedRows& rows, const std::vector<Setting>& settings, const Fitted& before)>
        fit;
};

/// Calls work(s) for s < count, by LibTorch's number of threads, each computing alone: factorisations and rows of few
/// numbers keep one thread busier than they keep several.
void for_each_setting(size_t count, const std::function<void(size_t)>& work);

}  // namespace kaziranga::training
