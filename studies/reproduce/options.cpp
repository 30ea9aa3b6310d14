#include "studies/reproduce/options.hpp"

#include "studies/common/study.hpp"

#include <algorithm>

namespace kaziranga::studies {
using core::config::Description;
using core::config::Problems;

void ArmOptions::describe(Description<ArmOptions>& d) {
    d.field("scratch", &ArmOptions::scratch, "key=value for training the whole network from random weights");
    d.field("random_features", &ArmOptions::random_features,
            "key=value for training a new output layer while every other weight stays random. The features of the "
            "source are compared with these");
    d.field("frozen", &ArmOptions::frozen,
            "key=value for training a new output layer while every other weight stays as in the source");
    d.field("fine_tuned", &ArmOptions::fine_tuned,
            "key=value for training the whole network from the source's weights, with a new output layer");
    d.field("lp_ft", &ArmOptions::lp_ft, "key=value for training the output layer first, then the whole network");
}

void ReproduceOptions::describe(Description<ReproduceOptions>& d) {
    d.field("output", &ReproduceOptions::output, "Folder for the page, the parks, and one folder per training")
        .path()
        .transient();
    d.field("seeds", &ReproduceOptions::seeds,
            "Seeds with which every arm is trained; each draws other images and other initial weights. More seeds make "
            "the intervals narrower")
        .at_least(0);
    d.field("sources", &ReproduceOptions::sources,
            "Seeds of the pretraining; each gives a source of its own. Only for a made-up source")
        .at_least(0);
    d.field("curve_seeds", &ReproduceOptions::curve_seeds,
            "Seeds of the curves over shots and shifts. They must be among seeds")
        .at_least(0);
    d.field("shots", &ReproduceOptions::shots,
            "Training images per class, ascending. The arms are compared at the last value")
        .at_least(1)
        .unit("images");
    d.field("shifts", &ReproduceOptions::shifts,
            "How different Kaziranga is from Olympic, ascending; the arms are compared at the first value. Only for a "
            "made-up target")
        .at_least(0)
        .at_most(1);
    d.field("source", &ReproduceOptions::source,
            "Where the weights come from: olympic, a made-up park on which the network is pretrained here; pretrained, "
            "the network's published weights; or a weight file")
        .path();
    d.field("target", &ReproduceOptions::target,
            "What the network learns: kaziranga, a made-up park; or a folder of images, as in data.root")
        .path();
    d.section("olympic", &ReproduceOptions::olympic, "The park to learn from first");
    d.section("kaziranga", &ReproduceOptions::kaziranga,
              "The park to learn from few images; these are drawn from its training images");
    d.field("set", &ReproduceOptions::set,
            "key=value for every training, also that of the source. A given list replaces the whole default list, so "
            "repeat what should stay");
    d.field("pretrain", &ReproduceOptions::pretrain, "key=value for the training on Olympic");
    d.section("arms", &ReproduceOptions::arms, "The ways of training that are compared");
    d.field("freeze_depths", &ReproduceOptions::freeze_depths,
            "Compare depths of freezing: the first 1, 2, … stages stay as in the source, the others are trained as "
            "fine_tuned says");
    d.field("measured_epochs", &ReproduceOptions::measured_epochs,
            "Number of epochs of each training after which accuracy and loss are measured, evenly spread; 0: none")
        .at_least(0)
        .at_most(1000)
        .unit("epochs");
    d.field("jobs", &ReproduceOptions::jobs,
            "Number of trainings at a time, each in a process of its own; 0: one per processor, or one on a GPU")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("threads", &ReproduceOptions::threads, "Threads of each training; 0: its share of the processors")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("confidence", &ReproduceOptions::confidence, "Confidence of the intervals. A higher value makes them wider")
        .greater_than(0)
        .less_than(1);
    d.check([](const ReproduceOptions& o, Problems& problems) {
        if (o.output.empty()) problems.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.source.empty()) problems.add("source", "nothing named", "write olympic, pretrained or a weight file");
        if (o.target.empty()) problems.add("target", "nothing named", "write kaziranga or a folder of images");
        require_ascending("seeds", o.seeds, problems);
        require_ascending("sources", o.sources, problems);
        require_ascending("curve_seeds", o.curve_seeds, problems);
        if (!o.made_up_source() && o.sources.size() > 1)
            problems.add("sources", "weights that are not trained here have no seeds", "give one");
        require_ascending("shots", o.shots, problems);
        require_ascending("shifts", o.shifts, problems);
        for (const int64_t seed : o.curve_seeds) {
            if (std::ranges::count(o.seeds, seed) == 0)
                problems.add("curve_seeds", std::to_string(seed) + " is none of seeds", "add it there");
        }
        if (o.made_up_source() && o.olympic.species == 0)
            problems.add("olympic.species", "no species to learn from", "give some");
        if (o.made_up_source() && o.olympic.train_images == 0)
            problems.add("olympic.train_images", "no images to learn from", "give some");
        if (!o.made_up_target()) return;
        if (o.kaziranga.species == 0 || o.kaziranga.test_images == 0) {
            problems.add("kaziranga.species", "no species or no test images", "give some of both");
        }
        if (!o.shots.empty() && o.kaziranga.train_images < o.shots.back()) {
            problems.add("kaziranga.train_images", "fewer than the shots that are drawn from them",
                         "give as many at least");
        }
    });
}

}  // namespace kaziranga::studies
