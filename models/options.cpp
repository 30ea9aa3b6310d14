#include "models/options.hpp"

#include "models/registry.hpp"

#include <algorithm>

namespace kaziranga::models {

using core::config::Description;
using core::config::Problems;

void ModelOptions::describe(Description<ModelOptions>& d) {
    d.field("name", &ModelOptions::name, "Architecture of the network")
        .one_of(models::architecture_names())
        .synonyms({"arch", "architecture", "backbone"});
    d.field("weights", &ModelOptions::weights,
            "Weights to start from. pretrained: the published ImageNet weights; random: no trained weights; else a "
            ".pth, .pt or .safetensors file")
        .path();
    d.field("freeze", &ModelOptions::freeze,
            "Parts that keep their weights: backbone (all except the head), none, or a list of module names such as "
            "[conv1, bn1, layer1]");
    d.field("batch_norm", &ModelOptions::batch_norm,
            "Statistics of batch norms in modules that are trained. frozen keeps those of the pretrained network, "
            "train takes those of each batch; frozen modules keep theirs in any case");
    d.field(
         "num_classes", &ModelOptions::num_classes,
         "Number of outputs of the network. auto takes the number of classes in the data; a number must be equal to it")
        .at_least(1)
        .at_most(1'000'000);
    d.check([](const ModelOptions& o, Problems& problems) {
        const bool word = std::any_of(o.freeze.begin(), o.freeze.end(),
                                      [](const std::string& name) { return name == "backbone" || name == "none"; });
        if (o.freeze.empty()) problems.add("freeze", "an empty list", "write none to freeze nothing");
        if (word && o.freeze.size() > 1) {
            problems.add("freeze", "backbone and none stand alone", "give one of them, or module names");
        }
        if (o.weights.empty()) problems.add("weights", "no weights named", "use pretrained, random or a file");
        if (o.weights == "random" && o.batch_norm == BatchNormStatistics::kFrozen && !o.frozen_backbone()) {
            problems.add("batch_norm", "random weights have no statistics to keep", "use batch_norm: train");
        }
    });
}

}  // namespace kaziranga::models
