#include "models/backbone.hpp"

namespace kaziranga::models {

void Backbone::register_classifier(const std::string& name, int64_t feature_dim, int64_t num_classes) {
    TORCH_CHECK(num_classes > 0, "a network needs at least one class");
    classifier_name_ = name;
    head_ = register_module(name, make_head({.features = feature_dim, .classes = num_classes}));
}

void Backbone::set_head(std::shared_ptr<Head> head) {
    TORCH_CHECK(head->spec().features == feature_dim(), "the head takes other features than the network has");
    head_ = replace_module(classifier_name_, std::move(head));
}

}  // namespace kaziranga::models
