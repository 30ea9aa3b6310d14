#include "training/run/checkpoint.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "data/options.hpp"
#include "models/head_forms.hpp"
#include "models/weights/safetensors.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string_view>

#include <nlohmann/json.hpp>

namespace kaziranga::training {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kInfoKey = "kaziranga.checkpoint";

/// Largest description in bytes; a hundred thousand classes with long names need less. Parsed, it takes about ten times
/// as much memory.
constexpr size_t kLongestInfo = size_t{16} << 20;

Json to_json(const core::Preprocessing& p) {
    return {{"resize", p.resize},
            {"crop", p.crop},
            {"interpolation", core::config::word_of(p.interpolation)},
            {"mean", p.mean},
            {"std", p.std},
            {"reduced", p.reduced},
            {"box", {{"margin", p.box.margin}, {"square", p.box.square}}}};
}

core::Interpolation interpolation_from(const std::string& name) {
    if (const auto found = core::config::find_value<core::Interpolation>(name)) return *found;
    throw std::invalid_argument("interpolation '" + name + "', neither bicubic nor bilinear");
}

core::Preprocessing preprocessing_from(const Json& json) {
    core::Preprocessing p;
    p.resize = json.at("resize");
    p.crop = json.at("crop");
    p.interpolation = interpolation_from(json.at("interpolation"));
    p.mean = json.at("mean").get<std::array<double, 3>>();
    p.std = json.at("std").get<std::array<double, 3>>();
    p.reduced = json.value("reduced", false);
    if (json.contains("box")) p.box = {.margin = json["box"].at("margin"), .square = json["box"].at("square")};
    constexpr int64_t kLargestSide = 1024;  // more than any network here takes
    const bool sane = p.resize > 0 && p.resize <= kLargestSide && p.crop > 0 && p.crop <= kLargestSide &&
                      std::ranges::all_of(p.std, [](double s) { return s > 0 && std::isfinite(s); }) &&
                      std::ranges::all_of(p.mean, [](double m) { return std::isfinite(m); }) && p.box.margin >= 0 &&
                      p.box.margin <= data::kLargestMargin;
    if (!sane) throw std::invalid_argument("preprocessing out of range");
    return p;
}

/// Throws if a class name is not plain text, or is given twice. Names are written into tables unchanged.
void require_class_names(const std::vector<std::string>& classes) {
    std::set<std::string_view> seen;
    for (const std::string& name : classes) {
        if (!core::is_plain_text(name)) throw std::invalid_argument("a class name that is no plain text on one line");
        if (!seen.insert(name).second) throw std::invalid_argument("two classes called '" + name + "'");
    }
}

/// Throws if a view is unknown or is given twice, because features are computed for every view.
std::vector<ViewKind> views_from(const std::vector<std::string>& names) {
    std::set<std::string_view> seen;
    std::vector<ViewKind> views;
    for (const std::string& name : names) {
        const auto view = core::config::find_value<ViewKind>(name);
        if (!view) throw std::invalid_argument("the unknown view '" + name + "'");
        if (!seen.insert(name).second) throw std::invalid_argument("the view '" + name + "' twice");
        views.push_back(*view);
    }
    if (names.empty()) throw std::invalid_argument("no view of an image");
    return views;
}

/// Throws if the head does not fit the classes or needs more numbers than the file has, before memory is allocated for
/// it.
void require_room(const models::HeadSpec& head, const std::vector<std::string>& classes,
                  const models::StateDict& weights) {
    if (head.classes != static_cast<int64_t>(classes.size())) {
        throw std::invalid_argument("an output layer of " + std::to_string(head.classes) + " classes, and " +
                                    std::to_string(classes.size()) + " names");
    }
    int64_t elements = 0;
    for (const auto& [name, tensor] : weights) elements += tensor.numel();
    if (models::head_elements(head) > elements) throw std::invalid_argument("a larger output layer than the file has");
}

CheckpointInfo info_from(const Json& json, bool sealed) {
    const int64_t version = json.at("version");
    if (version != kCheckpointVersion && version != kUnsealedVersion) {
        throw std::invalid_argument("format version " + std::to_string(version) + ", this program reads version " +
                                    std::to_string(kCheckpointVersion));
    }
    if (version == kCheckpointVersion && !sealed) throw std::invalid_argument("no checksum (kaziranga.seal)");
    require_class_names(json.at("classes"));
    return {.architecture = json.at("architecture"),
            .preprocessing = preprocessing_from(json.at("preprocessing")),
            .classes = json.at("classes").get<std::vector<std::string>>(),
            .test_views = views_from(json.at("test_views")),
            .head = json.at("head"),
            .head_spec = models::head_spec_from(json.at("head_spec")),
            .config = json.at("config"),
            .backbone_hash = json.at("backbone_hash"),
            .head_hash = json.at("head_hash"),
            .epoch = json.at("epoch")};
}

}  // namespace

models::Peer peer_of(const models::Architecture& architecture, const models::HeadSpec& head) {
    const bool linear = head.form == models::HeadForm::kLinear && head.stage_features == 0;
    return linear ? architecture.peer : models::Peer{};
}

void save_checkpoint(const std::filesystem::path& path, const models::Backbone& network, const CheckpointInfo& info) {
    const models::Peer peer = peer_of(models::find_architecture(info.architecture), info.head_spec);
    const Json json = {{"version", kCheckpointVersion},
                       {"architecture", info.architecture},
                       {"peer", peer.library.empty() ? Json() : Json{{"library", peer.library}, {"model", peer.model}}},
                       {"preprocessing", to_json(info.preprocessing)},
                       {"classes", info.classes},
                       {"test_views", core::config::words_of_all(info.test_views)},
                       {"head", info.head},
                       {"head_spec", models::head_spec_json(info.head_spec)},
                       {"config", info.config},
                       {"backbone_hash", info.backbone_hash},
                       {"head_hash", info.head_hash},
                       {"epoch", info.epoch}};
    models::write_sealed(path, models::state_dict(network), {{"format", "pt"}, {kInfoKey, json.dump()}});
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
    models::SafeTensors file = models::read_safetensors(path);
    const bool sealed = models::check_seal(file, path);
    const auto found = file.metadata.find(kInfoKey);
    if (found == file.metadata.end()) {
        throw core::Error(
            {.what = "weights without a description, no checkpoint of this program",
             .where = path.string(),
             .remedy =
                 "name a run folder or its weights/best.safetensors; bare weights go into model.weights of a config"});
    }
    try {
        if (found->second.size() > kLongestInfo)
            throw std::invalid_argument("a longer description than any that is written");
        CheckpointInfo info = info_from(Json::parse(found->second), sealed);
        require_room(info.head_spec, info.classes, file.tensors);
        if (!sealed) {
            core::log().warn("{}: a checkpoint of an earlier version, which has no checksum of its description",
                             path.string());
        }
        return {std::move(info), std::move(file.tensors)};
    } catch (const std::exception& error) {
        throw core::Error({.what = "the checkpoint's description cannot be used",
                           .where = path.string(),
                           .found = error.what(),
                           .remedy = "take another copy of the file, or train again"});
    }
}

}  // namespace kaziranga::training
