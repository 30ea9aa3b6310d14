#include "data/options.hpp"

#include "core/text.hpp"
#include "data/manifests/table.hpp"

#include <vector>

namespace kaziranga::data {

void DataOptions::describe(core::config::Description<DataOptions>& d) {
    d.field("root", &DataOptions::root,
            "The folder of images, the CSV manifest when format is csv, or the folder of park.json when it is park; "
            "relative to the current folder")
        .path()
        .synonyms({"data_dir", "dataset", "path"});
    std::vector<std::string> formats;
    for (const ManifestFormat* format : manifest_formats())
        formats.push_back(std::string(format->name) + ": " + std::string(format->help));
    d.field("format", &DataOptions::format, core::join(formats, "; ")).one_of(manifest_names());
    d.field("shots", &DataOptions::shots,
            "Training images a class, drawn by image and seed; 0 takes all. Stable when other classes come or go")
        .at_least(0)
        .unit("images")
        .synonyms({"num_shots", "k_shot", "shot"});
    d.field("val_fraction", &DataOptions::val_fraction,
            "Share of each class's images set aside for validation: of train/ where there is no validation split, of "
            "all where there is no split at all")
        .at_least(0)
        .less_than(1);
    d.field("test_fraction", &DataOptions::test_fraction,
            "Share of each class set aside for testing where the data has no splits of its own (class folders alone)")
        .at_least(0)
        .less_than(1);
    d.field("folds", &DataOptions::folds,
            "Cross-validation: the training images of each class are dealt into so many folds, one of them takes the "
            "place of the test split, and test images are left alone; 0: none")
        .at_least(0)
        .at_most(1000)
        .unit("folds")
        .synonyms({"k_fold", "num_folds", "n_splits"});
    d.field("fold", &DataOptions::fold, "The fold that is held out, counted from 0").at_least(0).at_most(999);
    d.field("order", &DataOptions::order, "Order of the classes: string as torchvision, natural puts a9 before a10");
    d.field("paths", &DataOptions::paths,
            "Where the paths of a CSV may lead: inside its own folder, or anywhere, by '..' or from '/' on");
    d.field("on_error", &DataOptions::on_error,
            "What training does about images that cannot be read: refuse, or skip them and list them");
    d.field(
        "decode", &DataOptions::decode,
        "full: as the files are; reduced: JPEGs at 1/2, 1/4 or 1/8 of their size where its short side keeps twice the "
        "pixels that the network resizes it to, which is faster for large photographs and changes pixels a little");
    d.field("max_pixels", &DataOptions::max_pixels, "Larger images count as unreadable, before they are decoded")
        .at_least(1)
        .unit("pixels");
    d.field("workers", &DataOptions::workers, "Threads that read and decode images; 0 means one a processor")
        .at_least(0)
        .at_most(1024)
        .synonyms({"num_workers"})
        .transient();
    d.check([](const DataOptions& o, core::config::Faults& faults) {
        if (o.folds == 1) faults.add("folds", "one fold leaves nothing to train on", "use 2 or more, or 0 for none");
        if (o.fold > 0 && o.fold >= o.folds) faults.add("fold", "there is no such fold", "count from 0 to folds - 1");
        if (o.val_fraction + o.test_fraction >= 1) {
            faults.add("val_fraction", "val_fraction and test_fraction leave nothing to train on",
                       "their sum must be below 1");
        }
    });
}

}  // namespace kaziranga::data
