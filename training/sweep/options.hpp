#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::training {

/// All options of a sweep, as read from its YAML file: the trainings that are compared.
struct SweepOptions {
    std::string output = "runs/sweep";
    std::string base;
    core::config::Strings set;
    core::config::Numbers seeds = {0};
    core::config::Numbers shots;
    core::config::Table variants;
    core::config::Table grid;
    double confidence = 0.95;
    bool overwrite = false;

    static void describe(core::config::Description<SweepOptions>& d);
};

}  // namespace kaziranga::training
