#include "training/features/options.hpp"

#include "core/config/repeats.hpp"

namespace kaziranga::training {

using core::config::Description;
using core::config::Faults;

void FeatureOptions::describe(Description<FeatureOptions>& d) {
    d.field("train_views", &FeatureOptions::train_views,
            "Views of each training image that a head is fitted to: centre, flip (the centre mirrored), whole (nothing "
            "cut off but what makes it square), whole_flip. Heads are compared by those that are test_views too");
    d.field("random_views", &FeatureOptions::random_views,
            "Further views of each training image for a head, varied as augment says")
        .at_least(0)
        .at_most(1000)
        .unit("views")
        .synonyms({"views", "num_views", "augmented_views"});
    d.field("test_views", &FeatureOptions::test_views,
            "Views of an image that is classified, their logits averaged: the same words as in train_views")
        .synonyms({"tta", "test_time_views"});
    d.field("precision", &FeatureOptions::precision,
            "Arithmetic of a frozen backbone: fp32, bf16, or auto: bf16 where that is faster, on GPUs, on AMD's "
            "processors since Zen 4 and on Intel's with AMX. It is as accurate as fp32, but 3 or 4 answers in 100, "
            "unsure ones, are others. int8, on the processor, is faster still and costs some accuracy. val and predict "
            "take what the run says unless they are given another");
    d.field("batch_size", &FeatureOptions::batch_size,
            "Images in one pass of the backbone; auto: 16 on the processor, where they stay in its caches, 64 on a GPU")
        .at_least(1)
        .at_most(4096)
        .unit("images");
    d.field("cache", &FeatureOptions::cache, "Folder that keeps features from run to run, keyed by image content")
        .path()
        .transient();
    d.check([](const FeatureOptions& o, Faults& faults) {
        if (o.cache.empty()) faults.add("cache", "no folder named", "give one; it is made where it is missing");
        for (const auto& [key, views] : {std::pair{"train_views", core::config::words_of_all(o.train_views)},
                                         {"test_views", core::config::words_of_all(o.test_views)}}) {
            if (views.empty()) faults.add(key, "an empty list", "name at least centre");
            refuse_repeats(key, views, "name each view once", faults);
        }
    });
}

}  // namespace kaziranga::training
