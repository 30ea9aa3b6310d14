#include "studies/reproduce/options.hpp"

#include "studies/common/study.hpp"

#include <algorithm>

namespace kaziranga::studies {
using core::config::Description;
using core::config::Faults;

void ArmOptions::describe(Description<ArmOptions>& d) {
    d.field("scratch", &ArmOptions::scratch, "The whole network from random weights");
    d.field("random_features", &ArmOptions::random_features,
            "A new output layer, every other weight as it was drawn: what the source's features are compared with");
    d.field("frozen", &ArmOptions::frozen, "A new output layer, every other weight as the source left it");
    d.field("fine_tuned", &ArmOptions::fine_tuned,
            "The whole network from the source's weights, with a new output layer");
    d.field("lp_ft", &ArmOptions::lp_ft, "The output layer first, then the whole network");
}

void ReproduceOptions::describe(Description<ReproduceOptions>& d) {
    d.field("output", &ReproduceOptions::output, "Folder of the page, the parks, and a folder for every training")
        .path()
        .transient();
    d.field("seeds", &ReproduceOptions::seeds,
            "Every arm is trained with each: other images drawn, other initial weights")
        .at_least(0);
    d.field("sources", &ReproduceOptions::sources,
            "Seeds of the pretraining, each a source of its own; of a made-up source alone")
        .at_least(0);
    d.field("curve_seeds", &ReproduceOptions::curve_seeds, "Seeds of the curves over shots and shifts, among seeds")
        .at_least(0);
    d.field("shots", &ReproduceOptions::shots, "Training images a class, ascending; the arms are compared at the last")
        .at_least(1)
        .unit("images");
    d.field("shifts", &ReproduceOptions::shifts,
            "How far Kaziranga lies from Olympic, ascending; the arms are compared at the first. Of a made-up target "
            "alone")
        .at_least(0)
        .at_most(1);
    d.field("source", &ReproduceOptions::source,
            "Where the weights come from: olympic, a made-up park that is pretrained on here; pretrained, the "
            "network's published ones; or a weight file")
        .path();
    d.field("target", &ReproduceOptions::target, "kaziranga, a made-up park; or a folder of images as data.root")
        .path();
    d.section("olympic", &ReproduceOptions::olympic, "The park to learn from first");
    d.section("kaziranga", &ReproduceOptions::kaziranga,
              "The park to learn from few images; its training images are drawn from");
    d.field("set", &ReproduceOptions::set,
            "key=value for every training, the source's too. Given, it takes the place of the whole list: repeat what "
            "is to stay");
    d.field("pretrain", &ReproduceOptions::pretrain, "key=value for the training on Olympic");
    d.section("arms", &ReproduceOptions::arms, "The ways of training that are compared");
    d.field("freeze_depths", &ReproduceOptions::freeze_depths,
            "Whether to compare depths of freezing: the first 1, 2, … stages as the source left them, the others "
            "trained as fine_tuned says");
    d.field("measured_epochs", &ReproduceOptions::measured_epochs,
            "Epochs of each training whose accuracy and loss are measured, evenly spread; 0: none")
        .at_least(0)
        .at_most(1000)
        .unit("epochs");
    d.field("jobs", &ReproduceOptions::jobs,
            "Trainings at a time, each in a process of its own; 0: one a processor, one on a GPU")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("threads", &ReproduceOptions::threads, "Threads of each training; 0: its share of the processors")
        .at_least(0)
        .at_most(1024)
        .transient();
    d.field("confidence", &ReproduceOptions::confidence, "Of the intervals").greater_than(0).less_than(1);
    d.check([](const ReproduceOptions& o, Faults& faults) {
        if (o.output.empty()) faults.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.source.empty()) faults.add("source", "nothing named", "write olympic, pretrained or a weight file");
        if (o.target.empty()) faults.add("target", "nothing named", "write kaziranga or a folder of images");
        require_ascending("seeds", o.seeds, faults);
        require_ascending("sources", o.sources, faults);
        require_ascending("curve_seeds", o.curve_seeds, faults);
        if (!o.made_up_source() && o.sources.size() > 1)
            faults.add("sources", "weights that are not trained here have no seeds", "give one");
        require_ascending("shots", o.shots, faults);
        require_ascending("shifts", o.shifts, faults);
        for (const int64_t seed : o.curve_seeds) {
            if (std::ranges::count(o.seeds, seed) == 0)
                faults.add("curve_seeds", std::to_string(seed) + " is none of seeds", "add it there");
        }
        if (o.made_up_source() && o.olympic.species == 0)
            faults.add("olympic.species", "no species to learn from", "give some");
        if (o.made_up_source() && o.olympic.train_images == 0)
            faults.add("olympic.train_images", "no images to learn from", "give some");
        if (!o.made_up_target()) return;
        if (o.kaziranga.species == 0 || o.kaziranga.test_images == 0) {
            faults.add("kaziranga.species", "no species or no test images", "give some of both");
        }
        if (!o.shots.empty() && o.kaziranga.train_images < o.shots.back()) {
            faults.add("kaziranga.train_images", "fewer than the shots that are drawn from them",
                       "give as many at least");
        }
    });
}

}  // namespace kaziranga::studies
