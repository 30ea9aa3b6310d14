#include "core/files.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLabels = "val/val_annotations.txt";

/// Tiny ImageNet as it unpacks (cs231n.stanford.edu/tiny-imagenet-200.zip): train/<class>/images/<image>, and the
/// images of val/images with their classes in a table of lines "image class left top right bottom", separated by tabs.
/// Those of test/ have no labels.
Manifest read_tiny_imagenet(const DataOptions& options) {
    const fs::path root = options.root;
    DataOptions here = options;
    if (here.base.empty()) here.base = root.string();
    ManifestBuilder builder(root / kLabels, here);
    for (const std::string& name : list_entries(root / "train").folders) {
        for (const std::string& image : list_below(root / "train" / name).images) {
            builder.add({.path = "train/" + name + "/" + image, .label = name, .split = "train"});
        }
    }
    std::istringstream labels(core::read_file(root / kLabels));
    int64_t number = 0;
    for (std::string line; std::getline(labels, line);) {
        ++number;
        std::istringstream fields(line);
        std::string image, label;
        if (!std::getline(fields, image, '\t')) continue;
        std::getline(fields, label, '\t');
        builder.add({.line = number, .path = "val/images/" + image, .label = label, .split = "val"});
    }
    Manifest manifest = builder.finish(/*splits=*/true);
    manifest.read_as = std::string("Tiny ImageNet, the classes of val/ from ") + kLabels;
    std::error_code code;
    if (fs::is_directory(root / "test", code)) {
        manifest.warnings.push_back(
            {.what = counted(list_below(root / "test").images.size(), "image") + " without labels passed over",
             .where = (root / "test").string()});
    }
    return manifest;
}

bool is_tiny_imagenet(const fs::path& root) {
    std::error_code code;
    return fs::is_directory(root / "train", code) && fs::is_directory(root / "val/images", code) &&
           fs::is_regular_file(root / kLabels, code);
}

}  // namespace

const ManifestFormat kTinyImagenetManifest = {.name = "tiny_imagenet",
                                              .help = "Tiny ImageNet as it unpacks",
                                              .is = "the folder of Tiny ImageNet",
                                              .to_set_aside = "set data.val_fraction",
                                              .recognises = is_tiny_imagenet,
                                              .read = read_tiny_imagenet};

}  // namespace kaziranga::data
