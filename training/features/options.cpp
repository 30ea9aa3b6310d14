#include "training/features/options.hpp"

#include "core/config/repeats.hpp"

namespace kaziranga::training {

using core::config::Description;
using core::config::Problems;

void FeatureOptions::describe(Description<FeatureOptions>& d) {
    d.field("train_views", &FeatureOptions::train_views,
            "Views of each training image that a head is fitted to. centre: the crop in the centre; flip: the centre "
            "mirrored; whole: cut only to make it square; whole_flip: whole mirrored. Heads are compared on the views "
            "that are also in test_views");
    d.field("random_views", &FeatureOptions::random_views,
            "Number of further views of each training image for a head, changed at random as augment says. More views "
            "take longer")
        .at_least(0)
        .at_most(1000)
        .unit("views")
        .synonyms({"views", "num_views", "augmented_views"});
    d.field("test_views", &FeatureOptions::test_views,
            "Views of an image that is classified; their logits are averaged. The words are those of train_views; more "
            "views take longer")
        .synonyms({"tta", "test_time_views"});
    d.field("precision", &FeatureOptions::precision,
            "Number format of a frozen backbone. auto takes bf16 where it is faster (on GPUs, AMD processors since Zen "
            "4 and Intel processors with AMX), else fp32. bf16 is as accurate as fp32, but 3 or 4 answers in 100, "
            "uncertain ones, differ. int8 works on the processor only, is faster still and costs some accuracy. val "
            "and predict use the value of the run unless they are given another");
    d.field("batch_size", &FeatureOptions::batch_size,
            "Images in one pass of the backbone. auto takes 16 on the processor, where they fit into its caches, and "
            "64 on a GPU; lower it if memory runs out")
        .at_least(1)
        .at_most(4096)
        .unit("images");
    d.field("cache", &FeatureOptions::cache,
            "Folder that keeps features for later runs. They are found by the content of the image, so files may be "
            "moved or renamed")
        .path()
        .transient();
    d.check([](const FeatureOptions& o, Problems& problems) {
        if (o.cache.empty()) problems.add("cache", "no folder named", "give one; it is made where it is missing");
        for (const auto& [key, views] : {std::pair{"train_views", core::config::words_of_all(o.train_views)},
                                         {"test_views", core::config::words_of_all(o.test_views)}}) {
            if (views.empty()) problems.add(key, "an empty list", "name at least centre");
            refuse_repeats(key, views, "name each view once", problems);
        }
    });
}

}  // namespace kaziranga::training
