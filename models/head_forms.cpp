#include "models/head_forms.hpp"

#include "core/config/words.hpp"
#include "core/error.hpp"
#include "models/source_head.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace kaziranga::models {
namespace {

using Json = nlohmann::ordered_json;

/// A size that only some forms have, and its name in files.
struct Size {
    const char* name;
    int64_t HeadSpec::* member;
};

constexpr Size kSourceClasses{"source_classes", &HeadSpec::source_classes};
constexpr Size kHidden{"hidden", &HeadSpec::hidden};
constexpr Size kBank{"bank", &HeadSpec::bank};
constexpr Size kNeighbours{"neighbours", &HeadSpec::neighbours};
constexpr Size kSizes[] = {kSourceClasses, kHidden, kBank, kNeighbours};

constexpr Size kSizesOfSource[] = {kSourceClasses};
constexpr Size kSizesOfMlp[] = {kHidden};
constexpr Size kSizesOfNeighbours[] = {kBank, kNeighbours};

template <class SomeHead>
std::shared_ptr<Head> make(const HeadSpec& spec) {
    return std::make_shared<SomeHead>(spec);
}

int64_t linear_elements(const HeadSpec& s) {
    return s.classes * (s.features + s.source_classes + 1) + s.source_classes * (s.features - s.stage_features + 1);
}

int64_t standardised_elements(const HeadSpec& s) {
    return 2 * s.features;
}

int64_t cosine_elements(const HeadSpec& s) {
    return standardised_elements(s) + s.classes * s.features;
}

int64_t mlp_elements(const HeadSpec& s) {
    return standardised_elements(s) + s.hidden * (s.features + 1 + s.classes) + s.classes;
}

int64_t neighbours_elements(const HeadSpec& s) {
    return standardised_elements(s) + s.bank * (s.features + 1);
}

struct Form {
    HeadForm form;
    std::shared_ptr<Head> (*make)(const HeadSpec&);
    int64_t (*elements)(const HeadSpec&);
    std::span<const Size> sizes = {};
    bool votes = false;  ///< has a temperature
};

constexpr Form kForms[] = {
    {HeadForm::kLinear, make<LinearHead>, linear_elements},
    {HeadForm::kSource, make<SourceHead>, linear_elements, kSizesOfSource},
    {HeadForm::kCosine, make<CosineHead>, cosine_elements},
    {HeadForm::kMlp, make<MlpHead>, mlp_elements, kSizesOfMlp},
    {HeadForm::kNeighbours, make<NeighboursHead>, neighbours_elements, kSizesOfNeighbours, true},
};

const Form& form_of(const HeadSpec& spec) {
    return *std::ranges::find(kForms, spec.form, &Form::form);
}

void require(bool right, const char* what) {
    if (!right) throw core::Error(core::Problem{.what = what, .where = "output layer"});
}

}  // namespace

std::shared_ptr<Head> make_head(const HeadSpec& spec) {
    require(spec.features > 0 && spec.classes > 0, "an output layer needs features and classes");
    require(spec.stage_features >= 0 && spec.stage_features < spec.features,
            "features of the last stage cannot be left out");
    require((spec.form == HeadForm::kSource) == (spec.source_classes > 0),
            "source classes belong to a source head, and to no other");
    require(spec.form != HeadForm::kMlp || spec.hidden > 0, "a hidden layer needs units");
    require(spec.form != HeadForm::kNeighbours ||
                (spec.neighbours > 0 && spec.neighbours <= spec.bank && spec.temperature > 0),
            "nearest neighbours need a bank that is large enough, and a temperature above 0");
    return form_of(spec).make(spec);
}

int64_t head_elements(const HeadSpec& spec) {
    return form_of(spec).elements(spec);
}

std::shared_ptr<Head> copy_head(const Head& head, const HeadSpec& spec) {
    auto copy = make_head(spec);
    load_state_dict(*copy, state_dict(head), {.source = "another head", .classifier_name = ""});
    return copy;
}

Json head_spec_json(const HeadSpec& spec) {
    const Form& form = form_of(spec);
    Json json = {{"kind", core::config::word_of(spec.form)}, {"features", spec.features}, {"classes", spec.classes}};
    if (spec.stage_features > 0) json["stage_features"] = spec.stage_features;
    for (const Size& size : form.sizes) json[size.name] = spec.*size.member;
    if (form.votes) json["temperature"] = spec.temperature;
    return json;
}

HeadSpec head_spec_from(const Json& json) {
    const auto form = core::config::find_value<HeadForm>(json.at("kind").get<std::string>());
    if (!form) throw std::invalid_argument("an unknown kind of output layer");
    HeadSpec spec{.form = *form, .features = json.at("features"), .classes = json.at("classes")};
    spec.stage_features = json.value("stage_features", int64_t{0});
    for (const Size& size : kSizes) spec.*size.member = json.value(size.name, int64_t{0});
    spec.temperature = json.value("temperature", 1.0);
    constexpr int64_t kLargest = int64_t{1} << 24;
    for (const int64_t size : {spec.features, spec.classes, spec.stage_features, spec.source_classes, spec.hidden,
                               spec.bank, spec.neighbours}) {
        if (size < 0 || size > kLargest) throw std::invalid_argument("sizes of the head out of range");
    }
    return spec;
}

}  // namespace kaziranga::models
