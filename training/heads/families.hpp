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

/// A setting of a family. Settings are compared, and one is chosen.
struct Setting {
    std::string said;        ///< "shrinkage 0.3"; empty if there is nothing to choose
    double value = 0;        ///< penalty, shrinkage, or temperature of the votes
    int64_t neighbours = 0;  ///< for knn
};

/// Further values of a parameter. They are tried one after another, and only if the end of a grid is chosen. That shows
/// a grid that is too narrow; a grid wide enough for all cases would cost time in each case.
struct Reserve {
    const char* parameter = "";
    std::vector<double> values = {};  ///< ascending, on both sides of the grid; empty: the grid is not extended

    /// Returns the next setting to try: if the chosen setting has the largest or smallest value of all settings tried,
    /// the next value beyond it, if there is one; otherwise nothing.
    std::optional<Setting> beyond(const std::vector<Setting>& tried, size_t chosen) const;
};

/// A head that was fitted with a setting.
struct Fitted {
    Setting setting;
    std::shared_ptr<models::Head> head;
};

/// A solver for one kind of head, and the settings that are worth comparing.
struct Family {
    std::vector<Setting> settings;  ///< at least one
    Reserve reserve = {};
    bool starts_from_fitted = false;  ///< the fit is iterative and can start from an earlier fit

    /// Fits heads for raw features, one for each setting.
    /// @param before  an earlier fit to the same rows; its head may be null
    std::function<std::vector<std::shared_ptr<models::Head>>(
        const PreparedRows& rows, const std::vector<Setting>& settings, const Fitted& before)>
        fit;
};

/// Calls work(s) for every s < count, on as many threads as LibTorch has; each call computes on one thread.
/// Factorisations and rows of few numbers use one thread better than several.
void for_each_setting(size_t count, const std::function<void(size_t)>& work);

}  // namespace kaziranga::training
