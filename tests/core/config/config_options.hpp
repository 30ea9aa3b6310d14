#pragma once

#include "core/config/config.hpp"
#include "core/error.hpp"

#include <string>
#include <vector>

/// Options made up for the tests of core/config: every type, bounds on both sides, sections in sections, checks.
namespace kaziranga::core::config::testing_options {

struct InnerOptions {
    std::string label = "inner";
    int64_t depth = 2;
    bool operator==(const InnerOptions&) const = default;

    static void describe(Description<InnerOptions>& d) {
        d.field("label", &InnerOptions::label, "A name");
        d.field("depth", &InnerOptions::depth, "How deep").at_least(1).at_most(9).unit("layers");
    }
};

struct OptimizerOptions {
    std::string name = "sgd";
    double lr = 0.1;
    double momentum = 0.9;
    bool nesterov = false;
    OrAuto<double> decay = {};
    InnerOptions inner;
    bool operator==(const OptimizerOptions&) const = default;

    static void describe(Description<OptimizerOptions>& d) {
        d.field("name", &OptimizerOptions::name, "The method").one_of({"sgd", "adamw", "lbfgs"});
        d.field("lr", &OptimizerOptions::lr, "Step size").greater_than(0).at_most(100);
        d.field("momentum", &OptimizerOptions::momentum, "Share kept | of a step").at_least(0).less_than(1);
        d.field("nesterov", &OptimizerOptions::nesterov, "Looks ahead");
        d.field("decay", &OptimizerOptions::decay, "Weight decay").at_least(0);
        d.section("inner", &OptimizerOptions::inner, "A section in a section.");
        d.check([](const OptimizerOptions& o, Problems& problems) {
            if (o.nesterov && o.momentum == 0) problems.add("nesterov", "needs momentum", "set momentum above 0");
            if (o.inner.depth == 9 && o.name == "lbfgs") problems.add("inner.depth", "too deep for lbfgs");
            if (o.lr == 77) problems.add("", "does not like 77");
        });
    }
};

struct RunOptions {
    std::string out = "runs";
    bool operator==(const RunOptions&) const = default;

    static void describe(Description<RunOptions>& d) {
        d.field("out", &RunOptions::out, "Where results go").transient();
    }
};

struct RootOptions {
    std::string title;
    int64_t seed = 7;
    Strings tags = {"a", "b"};
    OrAuto<int64_t> batch = {32};
    double wait = 1.5;
    int64_t workers = 0;
    OptimizerOptions optimizer;
    RunOptions run;
    bool operator==(const RootOptions&) const = default;

    static void describe(Description<RootOptions>& d) {
        d.field("title", &RootOptions::title, "Free text");
        d.field("seed", &RootOptions::seed, "Where randomness starts");
        d.field("tags", &RootOptions::tags, "Words");
        d.field("batch", &RootOptions::batch, "Images a step").at_least(1).unit("images");
        d.field("wait", &RootOptions::wait, "Patience").at_least(0).unit("seconds");
        d.field("workers", &RootOptions::workers, "Threads").at_least(0).transient();
        d.section("optimizer", &RootOptions::optimizer, "How weights move.");
        d.section("run", &RootOptions::run, "Where a run leaves its files.");
        d.check([](const RootOptions& o, Problems& problems) {
            if (o.seed == 13) problems.add("optimizer.lr", "unlucky with seed 13");
        });
    }
};

/// Words to choose from, in a list and as numbers.
struct Chosen {
    Strings layers;
    int64_t bits = 32;
    static void describe(Description<Chosen>& d) {
        d.field("layers", &Chosen::layers, "Layers").one_of({"stem", "layer1", "layer2"});
        d.field("bits", &Chosen::bits, "Bits").one_of({"16", "32"});
    }
};

}  // namespace kaziranga::core::config::testing_options
