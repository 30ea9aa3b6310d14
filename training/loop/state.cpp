#include "training/loop/state.hpp"

#include "core/error.hpp"
#include "models/head_forms.hpp"
#include "models/weights/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::training {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kStateKey = "kaziranga.state";
constexpr const char* kIdentityKey = "kaziranga.identity";

std::string csv_number(const std::optional<double>& value) {
    return value ? fmt::format("{:.6g}", *value) : "";
}

Json to_json(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

std::optional<double> to_optional(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional<double>(json.get<double>());
}

Json to_json(const TrainingState& state) {
    Json rows = Json::array();
    for (const EpochRow& row : state.rows) {
        rows.push_back({row.epoch, row.seconds, row.train_loss, to_json(row.top1), to_json(row.top5),
                        to_json(row.val_loss), row.lr, row.measured});
    }
    return {{"epoch", state.epoch},
            {"step", state.step},
            {"loss_sum", state.loss_sum},
            {"seconds", state.seconds},
            {"features_seconds", state.features_seconds},
            {"finished", state.finished},
            {"best_epoch", state.best_epoch},
            {"best_top1", state.best_top1},
            {"best_loss", state.best_loss},
            {"plateau_factor", state.plateau_factor},
            {"plateau_since", state.plateau_since},
            {"head", models::head_spec_json(state.head)},
            {"rows", rows}};
}

void from_json(const Json& json, TrainingState& state) {
    state.epoch = json.at("epoch");
    state.step = json.at("step");
    state.loss_sum = json.at("loss_sum");
    state.seconds = json.at("seconds");
    state.features_seconds = json.at("features_seconds");
    state.finished = json.at("finished");
    state.best_epoch = json.at("best_epoch");
    state.best_top1 = json.at("best_top1");
    state.best_loss = json.at("best_loss");
    state.plateau_factor = json.at("plateau_factor");
    state.plateau_since = json.at("plateau_since");
    state.head = models::head_spec_from(json.at("head"));
    for (const Json& row : json.at("rows")) {
        state.rows.push_back({row.at(0), row.at(1), row.at(2), to_optional(row.at(3)), to_optional(row.at(4)),
                              to_optional(row.at(5)), row.at(6), row.at(7)});
    }
}

void add_prefixed(models::StateDict& all, const std::string& prefix, const models::StateDict& part) {
    for (const auto& [name, tensor] : part) all.emplace_back(prefix + name, tensor);
}

/// Throws if the state has numbers that no training can have.
void require_possible(const TrainingState& state) {
    constexpr int64_t kMostSteps = int64_t{1} << 40;
    const bool possible = state.epoch >= 0 && state.epoch < kMostSteps && state.step >= 0 && state.step < kMostSteps &&
                          state.best_epoch >= 0 && state.best_epoch <= state.epoch && state.plateau_since >= 0 &&
                          state.plateau_since <= state.epoch && state.seconds >= 0 && state.features_seconds >= 0 &&
                          std::isfinite(state.loss_sum) && std::isfinite(state.plateau_factor) &&
                          static_cast<int64_t>(state.rows.size()) == state.epoch;
    if (!possible) throw std::invalid_argument("numbers that no training comes to");
}

models::SafeTensors read_whole(const std::filesystem::path& path) {
    try {
        return models::read_sealed(path);
    } catch (const core::Error& error) {
        core::Problem problem = error.problems().front();
        problem.remedy = "start afresh with overwrite=true";
        throw core::Error(std::move(problem));
    }
}

}  // namespace

std::string results_csv(const std::vector<EpochRow>& rows) {
    std::string csv = "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0";
    const auto full = std::ranges::max_element(rows, {}, [](const EpochRow& row) { return row.measured.size(); });
    const size_t columns = full == rows.end() ? 0 : full->measured.size();
    for (size_t c = 0; c < columns; ++c) csv += "," + full->measured[c].first;
    csv += "\n";
    for (const EpochRow& row : rows) {
        csv += fmt::format("{},{:.3f},{:.6g},{},{},{},{:.6g}", row.epoch, row.seconds, row.train_loss,
                           csv_number(row.top1), csv_number(row.top5), csv_number(row.val_loss), row.lr);
        for (size_t c = 0; c < columns; ++c) {
            csv += row.measured.empty() ? "," : fmt::format(",{:.6g}", row.measured[c].second);
        }
        csv += "\n";
    }
    return csv;
}

void save_state(const std::filesystem::path& path, const TrainingState& state, core::Hash128 identity) {
    models::StateDict all;
    add_prefixed(all, "weights.", state.weights);
    add_prefixed(all, "averaged.", state.averaged);
    add_prefixed(all, "best.", state.best);
    add_prefixed(all, "optimizer.", state.optimizer);
    models::write_sealed(path, all, {{kIdentityKey, identity.hex()}, {kStateKey, to_json(state).dump()}});
}

std::optional<TrainingState> load_state(const std::filesystem::path& path, core::Hash128 identity) {
    if (!std::filesystem::exists(path)) return std::nullopt;
    const models::SafeTensors file = read_whole(path);
    const auto saved_identity = file.metadata.find(kIdentityKey);
    const auto saved = file.metadata.find(kStateKey);
    if (saved_identity == file.metadata.end() || saved == file.metadata.end()) {
        throw core::Error(
            {.what = "not a training state", .where = path.string(), .remedy = "start afresh with overwrite=true"});
    }
    if (saved_identity->second != identity.hex()) {
        throw core::Error({.what = "the run was started with another config, other images or other weights",
                           .where = path.string(),
                           .remedy = "resume with what it was started with, or start afresh with overwrite=true"});
    }
    TrainingState state;
    try {
        from_json(Json::parse(saved->second), state);
        require_possible(state);
    } catch (const std::exception& error) {
        throw core::Error({.what = "the training state is damaged",
                           .where = path.string(),
                           .found = error.what(),
                           .remedy = "start afresh with overwrite=true"});
    }
    const std::pair<std::string, models::StateDict*> parts[] = {{"weights.", &state.weights},
                                                                {"averaged.", &state.averaged},
                                                                {"best.", &state.best},
                                                                {"optimizer.", &state.optimizer}};
    for (const auto& [name, tensor] : file.tensors) {
        for (const auto& [prefix, part] : parts) {
            if (name.starts_with(prefix)) part->emplace_back(name.substr(prefix.size()), tensor);
        }
    }
    return state;
}

}  // namespace kaziranga::training
