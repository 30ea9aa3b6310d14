#include "data/synthetic/options.hpp"

#include "data/synthetic/names.hpp"

namespace kaziranga::data::synthetic {

void ParkOptions::describe(core::config::Description<ParkOptions>& d) {
    constexpr double kMostImages = 100'000;
    d.field("species", &ParkOptions::species,
            "Number of species in the park; each is a class. 0: this park is not made")
        .at_least(0)
        .at_most(static_cast<double>(kMaxSpecies));
    d.field("train_images", &ParkOptions::train_images, "Training images per species")
        .at_least(0)
        .at_most(kMostImages)
        .unit("images");
    d.field("val_images", &ParkOptions::val_images, "Validation images per species")
        .at_least(0)
        .at_most(kMostImages)
        .unit("images");
    d.field("test_images", &ParkOptions::test_images, "Test images per species")
        .at_least(0)
        .at_most(kMostImages)
        .unit("images");
    d.field("size", &ParkOptions::size, "Side of the square images").at_least(32).at_most(2048).unit("pixels");
    d.field("shift", &ParkOptions::shift,
            "How different Kaziranga is from Olympic in habitats, light, colours and body plans: 0 not at all, 1 as "
            "much as possible. No effect on Olympic")
        .at_least(0)
        .at_most(1);
    d.field("jpeg_quality", &ParkOptions::jpeg_quality, "Quality of the JPEG files. Lower values give smaller files")
        .at_least(1)
        .at_most(100);
    d.check([](const ParkOptions& o, core::config::Problems& problems) {
        if (o.species > 0 && o.train_images + o.val_images + o.test_images == 0) {
            problems.add("species", "there are species but no images of them",
                         "give train_images, val_images or test_images");
        }
    });
}

void GenerateOptions::describe(core::config::Description<GenerateOptions>& d) {
    d.field("output", &GenerateOptions::output, "Folder for the parks; each gets a folder inside it")
        .path()
        .transient();
    d.field("seed", &GenerateOptions::seed, "Seed of every random choice. Another seed gives other species")
        .at_least(0);
    d.field("threads", &GenerateOptions::threads,
            "Threads that draw images; 0: one per processor. The images do not depend on it")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("overwrite", &GenerateOptions::overwrite, "Replace a park that an earlier run made").transient();
    d.field("store", &GenerateOptions::store,
            "Draw every image into a file. Without it a park is only its park.json, and data.format=park draws each "
            "image when it is needed");
    d.section("kaziranga", &GenerateOptions::kaziranga, "The small park, to learn from few images");
    d.section("olympic", &GenerateOptions::olympic, "The large park, to learn from first");
    d.check([](const GenerateOptions& o, core::config::Problems& problems) {
        if (o.kaziranga.species == 0 && o.olympic.species == 0) {
            problems.add("kaziranga.species", "neither park has any species", "give one of them more than 0");
        }
        if (o.output.empty()) problems.add("output", "no folder is named", "name one, such as parks");
    });
}

}  // namespace kaziranga::data::synthetic
