#pragma once

#include <string>
#include <vector>

namespace kaziranga::models {

/// A class of ImageNet-1k, the thousand classes that published weights were trained on.
struct ImagenetClass {
    std::string wnid;  ///< WordNet id, "n02504013"
    std::string name;  ///< "Indian elephant"
};

/// [1000] in index order.
const std::vector<ImagenetClass>& imagenet_classes();

}  // namespace kaziranga::models
