#include "models/backbone.hpp"

namespace kaziranga::models {

void Backbone::register_classifier(const std::string& name, int64_t feature_dim, int64_t num_classes) {
    TORCH_CHECK(num_classes > 0, "a network needs at least one class");
    classifier_name_ = name;
    classifier_ = register_module(name, torch::nn::Linear(feature_dim, num_classes));
}

}  // namespace kaziranga::models
