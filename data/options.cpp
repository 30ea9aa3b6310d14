#include "data/options.hpp"

#include "core/text.hpp"
#include "data/manifests/columns.hpp"
#include "data/manifests/table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kaziranga::data {

std::vector<std::string> DataOptions::places() const {
    std::vector<std::string> all;
    for (const std::string* place : {&root, &train, &val, &test}) {
        if (!place->empty()) all.push_back(*place);
    }
    return all;
}

void DataOptions::take_places(const DataOptions& other) {
    root = other.root;
    train = other.train;
    val = other.val;
    test = other.test;
    base = other.base;
    moved = other.moved;
    detections = other.detections;
}

void CropOptions::describe(core::config::Description<CropOptions>& d) {
    d.field("margin", &CropOptions::margin,
            "Area added on each side of a box, as a share of its longer side: detectors cut close")
        .at_least(0)
        .at_most(kLargestMargin);
    d.field("square", &CropOptions::square,
            "Cuts a square around the box instead of a rectangle, as networks take squares");
    d.field("min_confidence", &CropOptions::min_confidence,
            "Smallest confidence of the detector in a box that is used. MegaDetector's authors take 0.2 or less")
        .at_least(0)
        .at_most(1);
    d.field("categories", &CropOptions::categories,
            "Categories of the detector that are used, by name: animal, person, vehicle");
    d.field("without_box", &CropOptions::without_box,
            "What becomes of an image without a box that is used: image takes the whole image, skip leaves it out");
}

void DataOptions::describe(core::config::Description<DataOptions>& d) {
    d.field("root", &DataOptions::root,
            "The labelled images: a folder, or a table that names them. The path is relative to the current folder")
        .path()
        .synonyms({"data_dir", "dataset", "path"});
    std::vector<std::string> formats;
    for (const ManifestFormat* format : kManifestFormats)
        formats.push_back(std::string(format->name) + ": " + std::string(format->help));
    d.field("train", &DataOptions::train,
            "The training images, if each split has a table or a folder of its own; instead of root")
        .path();
    d.field("val", &DataOptions::val, "The validation images, beside train").path().synonyms({"valid", "validation"});
    d.field("test", &DataOptions::test, "The test images, beside train").path();
    d.field("format", &DataOptions::format,
            "What root, train, val and test are. auto: what is there decides; " + core::join(formats, "; "))
        .one_of(formats_of_data());
    d.field("class_folder", &DataOptions::class_folder,
            "Which folder names the class, where folders lie in folders. first: the outer one, as in "
            "deer/2025/a.jpg; last: the image's own, as in site 3/deer/a.jpg, and data.group=site is then the outer "
            "one. auto: the last if the outer folders are called like places (camera 12, site_03), else the first");
    d.field("base", &DataOptions::base, "Folder of the relative paths in a table; empty: the folder of the table")
        .path();
    d.field("moved", &DataOptions::moved,
            "Where the images of a table from another machine are now, as {start of its paths: folder}, such as "
            "{/mnt/survey: photos}")
        .path();
    d.field("columns", &DataOptions::columns,
            "Names of a table's columns, as {path: NAME, label: NAME, split: NAME}, where the usual names do not fit: "
            "path, filepath or file; label, class or species; split");
    d.field("detections", &DataOptions::detections,
            "A detector's boxes for the images: MegaDetector's JSON, SpeciesNet's, or a table with columns bbox1 to "
            "bbox4, conf and category. Each box is then an image with the label of its image")
        .path();
    d.section("crop", &DataOptions::crop, "Boxes: which are used, and what is cut out for one");
    d.field(
         "group", &DataOptions::group,
         "Images that stay together in splits, draws and folds, as they show one animal or one place. none: only the "
         "boxes of an image; folder: the images of a folder; burst: images of a folder that follow each other within "
         "burst_seconds, by EXIF or a table's column time; site or sequence: those columns of a table, or the name "
         "of any other column. A shot is then a group")
        .synonyms({"groups"});
    d.field("burst_seconds", &DataOptions::burst_seconds, "Longest time between two images of a burst")
        .at_least(0)
        .unit("seconds");
    d.field("shots", &DataOptions::shots,
            "Training images per class, chosen by image and seed; 0: all. The choice for a class does not change when "
            "other classes are added or removed")
        .at_least(0)
        .unit("images")
        .synonyms({"num_shots", "k_shot", "shot"});
    d.field("val_fraction", &DataOptions::val_fraction,
            "Share of each class's images for validation. It is taken from train/ if there is no validation split, and "
            "from all images if there are no splits at all")
        .at_least(0)
        .less_than(1);
    d.field("test_fraction", &DataOptions::test_fraction,
            "Share of each class's images for testing, if the data has no splits of its own (class folders alone)")
        .at_least(0)
        .less_than(1);
    d.field("folds", &DataOptions::folds,
            "Number of folds for cross-validation; 0: none. The training images of each class are divided into so many "
            "folds and one fold takes the place of the test split; test images are not used")
        .at_least(0)
        .at_most(1000)
        .unit("folds")
        .synonyms({"k_fold", "num_folds", "n_splits"});
    d.field("fold", &DataOptions::fold, "Number of the fold that is held out, counted from 0").at_least(0).at_most(999);
    d.field("order", &DataOptions::order,
            "Order of the classes: string sorts like torchvision, natural puts a9 before a10");
    d.field("paths", &DataOptions::paths,
            "Where the paths in a CSV may lead. inside: only into the folder of the CSV; anywhere: also out of it with "
            "'..' or from '/'");
    d.field(
        "on_error", &DataOptions::on_error,
        "What training does if images cannot be read: refuse ends with an error, skip leaves them out and lists them");
    d.field("decode", &DataOptions::decode,
            "full decodes images at their own size. reduced decodes JPEGs at 1/2, 1/4 or 1/8 of it, if the short side "
            "keeps twice the pixels to which the network resizes it; this is faster for large photographs and changes "
            "pixels a little");
    d.field("max_pixels", &DataOptions::max_pixels,
            "Largest number of pixels in an image. Larger images count as unreadable and are not decoded")
        .at_least(1)
        .unit("pixels");
    d.field("workers", &DataOptions::workers, "Threads that read and decode images; 0: one per processor")
        .at_least(0)
        .at_most(1024)
        .synonyms({"num_workers"})
        .transient();
    d.check([](const DataOptions& o, core::config::Problems& problems) {
        if (!o.root.empty() && !o.train.empty())
            problems.add("train", "root and train both name the training images", "leave one of them out");
        for (const auto& [from, to] : o.moved) {
            if (from.empty() || to.size() != 1 || to.front().empty())
                problems.add("moved", "'" + from + "' needs one folder", "write it as {/mnt/survey: photos}");
        }
        const std::vector<std::string> roles = column_roles();
        for (const auto& [role, name] : o.columns) {
            if (std::ranges::count(roles, role) == 0)
                problems.add("columns", "'" + role + "' is none of " + core::join(roles, ", "),
                             core::did_you_mean(role, roles));
            if (name.size() != 1)
                problems.add("columns", "'" + role + "' needs one name", "write it as {label: species}");
        }
        if (o.folds == 1) problems.add("folds", "one fold leaves nothing to train on", "use 2 or more, or 0 for none");
        if (o.fold > 0 && o.fold >= o.folds)
            problems.add("fold", "there is no such fold",
                         o.folds == 0 ? "set folds, the number of folds, too" : "count from 0 to folds - 1");
        if (o.val_fraction + o.test_fraction >= 1) {
            problems.add("val_fraction", "val_fraction and test_fraction leave nothing to train on",
                         "their sum must be below 1");
        }
    });
}

}  // namespace kaziranga::data
