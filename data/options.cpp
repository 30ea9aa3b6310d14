#include "data/options.hpp"

#include "core/text.hpp"
#include "data/manifests/table.hpp"

#include <vector>

namespace kaziranga::data {

void DataOptions::describe(core::config::Description<DataOptions>& d) {
    d.field("root", &DataOptions::root,
            "Folder of the images, or the CSV file if format is csv, or the folder of park.json if format is park. The "
            "path is relative to the current folder")
        .path()
        .synonyms({"data_dir", "dataset", "path"});
    std::vector<std::string> formats;
    for (const ManifestFormat* format : kManifestFormats)
        formats.push_back(std::string(format->name) + ": " + std::string(format->help));
    d.field("format", &DataOptions::format, core::join(formats, "; ")).one_of(manifest_names());
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
        if (o.folds == 1) problems.add("folds", "one fold leaves nothing to train on", "use 2 or more, or 0 for none");
        if (o.fold > 0 && o.fold >= o.folds) problems.add("fold", "there is no such fold", "count from 0 to folds - 1");
        if (o.val_fraction + o.test_fraction >= 1) {
            problems.add("val_fraction", "val_fraction and test_fraction leave nothing to train on",
                         "their sum must be below 1");
        }
    });
}

}  // namespace kaziranga::data
