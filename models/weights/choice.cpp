#include "models/weights/choice.hpp"

#include "core/error.hpp"
#include "models/weights/names.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace kaziranga::models {
namespace {

constexpr std::array<std::string_view, 2> kTimmAverages = {"state_dict_ema", "model_ema"};
constexpr std::array<std::string_view, 4> kHomes = {"state_dict", "model", "model_state", "model_state_dict"};
constexpr std::array<std::string_view, 5> kAveraged = {"ema", "swa", "avg", "average", "averaged"};

/// More words than any wrapper puts before names: `module.model.backbone.encoder_q._orig_mod.` has five.
constexpr int kMostPrefixWords = 8;

/// True if a word of a key or of a prefix means an average: "model_ema", "EMA", "swa_model.module."
bool says_averaged(std::string_view text) {
    std::string word;
    for (size_t i = 0; i <= text.size(); ++i) {
        const auto letter = i < text.size() ? static_cast<unsigned char>(text[i]) : '.';
        if (std::isalnum(letter) != 0) {
            word += static_cast<char>(std::tolower(letter));
        } else {
            if (std::ranges::count(kAveraged, word) > 0) return true;
            word.clear();
        }
    }
    return false;
}

/// The tensors that a network needs from a file, without those that may be missing or different.
class Needs {
  public:
    Needs(const torch::nn::Module& network, const std::string& classifier) : map_(network) {
        for (const auto& [name, tensor] : state_dict(network)) {
            if (!may_be_missing(name) && !in_layer(name, classifier)) sizes_[name] = tensor.sizes().vec();
        }
    }
    size_t count() const { return sizes_.size(); }

    /// The shape of the tensor with this name, in any known spelling.
    const std::vector<int64_t>* find(std::string_view name) const {
        if (const auto found = sizes_.find(name); found != sizes_.end()) return &found->second;
        const std::optional<std::string> registered = map_.registered(name);
        const auto found = registered ? sizes_.find(*registered) : sizes_.end();
        return found != sizes_.end() ? &found->second : nullptr;
    }

  private:
    NameMap map_;
    std::map<std::string, std::vector<int64_t>, std::less<>> sizes_;
};

/// The number of a network's tensors that a dict has under a prefix.
struct Fit {
    std::string_view prefix = {};
    size_t named = 0;   ///< with a matching name
    size_t shaped = 0;  ///< with a matching name and shape
    size_t first = 0;   ///< index of the first of them in the dict
};

std::vector<Fit> fits(const StoredDict& dict, const Needs& needs) {
    std::unordered_map<std::string_view, Fit> by_prefix;
    for (size_t i = 0; i < dict.tensors.size(); ++i) {
        const std::string_view name = dict.tensors[i].name;
        size_t start = 0;
        for (int word = 0; word <= kMostPrefixWords; ++word) {
            if (const std::vector<int64_t>* sizes = needs.find(name.substr(start))) {
                const std::string_view prefix = name.substr(0, start);
                Fit& fit = by_prefix.try_emplace(prefix, Fit{.prefix = prefix, .first = i}).first->second;
                ++fit.named;
                if (*sizes == dict.tensors[i].sizes) ++fit.shaped;
            }
            const size_t dot = name.find('.', start);
            if (dot == std::string_view::npos) break;
            start = dot + 1;
        }
    }
    std::vector<Fit> all;
    for (const auto& [prefix, fit] : by_prefix) all.push_back(fit);
    return all;
}

/// The prefixes that give the whole network, best first; if there are none, the one that gives the largest part.
std::vector<Fit> best_fits(const StoredDict& dict, const Needs& needs) {
    const std::vector<Fit> all = fits(dict, needs);
    std::vector<Fit> complete;
    std::ranges::copy_if(all, std::back_inserter(complete),
                         [&](const Fit& fit) { return fit.shaped >= needs.count(); });
    if (!complete.empty()) {
        std::ranges::sort(complete, {},
                          [](const Fit& fit) { return std::pair(!says_averaged(fit.prefix), fit.first); });
        return complete;
    }
    Fit best;
    for (const Fit& fit : all) {
        // A few names of another network can end like this one's by chance.
        const bool chance = !fit.prefix.empty() && 2 * fit.named <= needs.count();
        if (!chance && std::pair(fit.named, best.first) > std::pair(best.named, fit.first)) best = fit;
    }
    return {best};
}

bool same(const StoredDict& a, const StoredDict& b) {
    return std::ranges::equal(a.tensors, b.tensors, [](const StoredTensor& x, const StoredTensor& y) {
        return x.name == y.name && x.place == y.place && x.type == y.type && x.sizes == y.sizes;
    });
}

/// Throws if the dict is no state dict.
void check(const StoredDict& dict, const std::string& where) {
    const auto refuse = [&](const std::string& problem) {
        throw core::Error({.what = "the weights are no state dict: " + problem,
                           .where = where,
                           .expected = "tensors by name, each name once",
                           .found = place_text(dict.keys),
                           .remedy = "save the weights alone: torch.save(model.state_dict(), 'weights.pth')"});
    };
    if (!dict.problem.empty()) refuse(dict.problem);
    std::unordered_set<std::string_view> names;
    for (const StoredTensor& tensor : dict.tensors) {
        if (!names.insert(tensor.name).second) refuse("the name '" + tensor.name + "' appears twice");
    }
}

/// The index of the dict with the lowest rank; of equal ranks, the one nearest to the top.
size_t first_ranked(const std::vector<const StoredDict*>& dicts, const std::string& where) {
    const auto order = [](const StoredDict* dict) { return std::pair(rank_of(dict->keys), dict->keys.size()); };
    const auto best = std::ranges::min_element(dicts, {}, order);
    for (const StoredDict* dict : dicts) {
        if (order(dict) != order(*best) || same(*dict, **best)) continue;
        throw core::Error({.what = "the file holds weights in two places, and they differ",
                           .where = where,
                           .expected = "one state dict",
                           .found = place_text((*best)->keys) + " and " + place_text(dict->keys),
                           .remedy = "save the one that is meant: torch.save(model.state_dict(), 'weights.pth')"});
    }
    return static_cast<size_t>(best - dicts.begin());
}

}  // namespace

std::string place_text(const std::vector<std::string>& keys) {
    if (keys.empty()) return "the top of the file";
    std::string text;
    for (const std::string& key : keys) text += (text.empty() ? "" : ".") + key;
    return "'" + text + "'";
}

bool is_averaged(const std::vector<std::string>& keys) {
    return std::ranges::any_of(keys, says_averaged);
}

int rank_of(const std::vector<std::string>& keys) {
    constexpr int kOfTimm = 0, kAverage = 2, kHome = 3, kTop = 4, kElsewhere = 5;
    if (keys.empty()) return kTop;
    const auto timms = std::ranges::find(kTimmAverages, keys.back());
    if (timms != kTimmAverages.end()) return kOfTimm + static_cast<int>(timms - kTimmAverages.begin());
    if (is_averaged(keys)) return kAverage;
    return std::ranges::count(kHomes, keys.back()) > 0 ? kHome : kElsewhere;
}

Choice choose(const std::vector<StoredDict>& dicts, const torch::nn::Module& network, const std::string& classifier,
              const std::string& where) {
    const Needs needs(network, classifier);
    std::vector<std::vector<Fit>> fits;
    std::vector<const StoredDict*> complete;
    std::vector<size_t> places;
    for (const StoredDict& dict : dicts) {
        fits.push_back(best_fits(dict, needs));
        if (fits.back().front().shaped < needs.count()) continue;
        places.push_back(fits.size() - 1);
        complete.push_back(&dict);
    }

    Choice choice{.complete = !complete.empty()};
    size_t chosen = 0;
    if (choice.complete) {
        const size_t best = first_ranked(complete, where);
        chosen = places[best];
        for (const StoredDict* other : complete) {
            if (other != complete[best] && !same(*other, *complete[best])) {
                choice.other_dicts.push_back(place_text(other->keys));
            }
        }
    } else {
        const auto order = [&](size_t i) {
            return std::tuple(needs.count() - std::min(fits[i].front().named, needs.count()), rank_of(dicts[i].keys),
                              dicts[i].keys.size());
        };
        for (size_t i = 1; i < dicts.size(); ++i) {
            if (order(i) < order(chosen)) chosen = i;
        }
    }
    choice.dict = &dicts[chosen];
    check(*choice.dict, where);
    choice.prefix = fits[chosen].front().prefix;
    for (size_t i = 1; i < fits[chosen].size(); ++i) choice.other_prefixes.emplace_back(fits[chosen][i].prefix);
    return choice;
}

const StoredDict& choose(const std::vector<StoredDict>& dicts, const std::string& where) {
    std::vector<const StoredDict*> all;
    for (const StoredDict& dict : dicts) all.push_back(&dict);
    const StoredDict& chosen = *all[first_ranked(all, where)];
    check(chosen, where);
    return chosen;
}

}  // namespace kaziranga::models
