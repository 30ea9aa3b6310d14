#include "app/commands/commands.hpp"
#include "app/commands/config_kinds.hpp"
#include "app/console.hpp"
#include "core/log.hpp"
#include "training/run/workflow.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kaziranga::app {
namespace {

std::vector<std::vector<std::string>> splits_table(const training::RunResult& result) {
    std::vector<std::vector<std::string>> rows = {{"split", "images", "top-1 %", "top-5 %", "loss", "macro F1", "ECE"}};
    for (const char* split : {"train", "val", "test"}) {
        const auto found = result.splits.find(split);
        if (found == result.splits.end()) continue;
        const evaluation::Metrics& m = found->second;
        rows.push_back({split, std::to_string(m.n), fmt::format("{:.2f}", m.top1), fmt::format("{:.2f}", m.top5),
                        fmt::format("{:.4f}", m.loss), fmt::format("{:.4f}", m.macro_f1),
                        fmt::format("{:.4f}", m.ece)});
    }
    return rows;
}

/// Describes which other library can load the checkpoint.
std::string opens_in(const training::RunResult& result) {
    if (result.peer.library.empty()) {
        return "for kaziranga alone: neither torchvision nor timm has this head or this network";
    }
    const core::Preprocessing& p = result.preprocessing;
    return fmt::format("for {} too: {} with {} classes; resize to {} ({}), centre crop {}, mean {:.4g}, std {:.4g}",
                       result.peer.library, result.peer.model, result.classes, p.resize,
                       core::config::word_of(p.interpolation), p.crop, fmt::join(p.mean, " "), fmt::join(p.std, " "));
}

void report(const training::RunResult& result) {
    std::string seconds;
    for (const auto& [phase, value] : result.seconds) seconds += fmt::format("  {} {:.1f}", phase, value);
    const std::string best = result.best_epoch > 0 ? std::to_string(result.best_epoch) : "where training started";
    const std::string epochs =
        result.epochs > 0 ? fmt::format("{} epochs, best {}", result.epochs, best) : "head solved without epochs";
    say("");
    say("{} classes, {}", result.classes, epochs);
    say_table(splits_table(result));
    say("seconds:{}", seconds);
    if (result.backbone_before == result.backbone_after) {
        say("backbone unchanged: {}", result.backbone_after);
    }
    if (!result.skipped.empty()) {
        say("{} image(s) left out, listed in {}", result.skipped.size(), result.folder.skipped().string());
    }
    say("{}", opens_in(result));
    say("{}", result.folder.best().string());
}

}  // namespace

void add_train(CLI::App& program) {
    auto* verb =
        program.add_subcommand("train", "Train a classifier as a config says, evaluate it, fill its run folder");
    struct Arguments {
        std::string config;
        std::vector<std::string> overrides;
    };
    const auto arguments = std::make_shared<Arguments>();
    verb->add_option("config", arguments->config, "The experiment's YAML file")->required();
    verb->add_option("overrides", arguments->overrides, kOverridesHelp);
    verb->callback([arguments] {
        const auto options = load_config<training::Options>(arguments->config, arguments->overrides);
        if (options.resume && !std::filesystem::exists(options.output))
            core::log().warn("{}: no run is there to go on with; a new one begins", options.output);
        report(training::run_training(options));
    });
}

}  // namespace kaziranga::app
