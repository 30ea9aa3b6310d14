#include "data/augment/options.hpp"

namespace kaziranga::data {

void AugmentOptions::describe(core::config::Description<AugmentOptions>& d) {
    constexpr double kLargestJitter = 10;
    d.field("min_area", &AugmentOptions::min_area, "Smallest share of the image that a random crop covers")
        .greater_than(0)
        .at_most(1)
        .synonyms({"scale", "crop_scale", "min_scale"});
    d.field("flip", &AugmentOptions::flip,
            "Probability that left and right are swapped. Set it to 0 if that changes the class")
        .at_least(0)
        .at_most(1)
        .synonyms({"hflip", "hflip_prob", "fliplr", "horizontal_flip"});
    d.field("vertical_flip", &AugmentOptions::vertical_flip,
            "Probability that top and bottom are swapped. Raise it if images have no fixed top")
        .at_least(0)
        .at_most(1)
        .synonyms({"vflip", "vflip_prob", "flipud"});
    d.field("brightness", &AugmentOptions::brightness,
            "Brightness is multiplied by a random factor between 1 - brightness (at least 0) and 1 + brightness; 0: no "
            "change")
        .at_least(0)
        .at_most(kLargestJitter)
        .synonyms({"color_jitter", "hsv_v"});
    d.field(
         "contrast", &AugmentOptions::contrast,
         "Contrast is multiplied by a random factor between 1 - contrast (at least 0) and 1 + contrast; 0: no change")
        .at_least(0)
        .at_most(kLargestJitter);
    d.field("saturation", &AugmentOptions::saturation,
            "Saturation is multiplied by a random factor between 1 - saturation (at least 0) and 1 + saturation; 0: no "
            "change")
        .at_least(0)
        .at_most(kLargestJitter)
        .synonyms({"hsv_s"});
    d.field("hue", &AugmentOptions::hue,
            "Hue is turned in either direction by up to this share of the colour circle. Keep it low if colour tells "
            "classes apart")
        .at_least(0)
        .at_most(0.5)
        .synonyms({"hsv_h"});
    d.field("policy", &AugmentOptions::policy,
            "Further random changes of images. trivial: one operation of random strength (TrivialAugmentWide); "
            "randaugment: rand_ops operations of strength rand_magnitude")
        .synonyms({"auto_augment", "aa", "autoaugment", "trivial_augment_wide"});
    d.field("rand_ops", &AugmentOptions::rand_ops, "Number of operations per image if policy is randaugment")
        .at_least(1)
        .unit("operations")
        .synonyms({"num_ops", "ra_num_ops", "aug_num_ops"});
    d.field("rand_magnitude", &AugmentOptions::rand_magnitude,
            "Strength of the operations if policy is randaugment, one of 31 levels")
        .at_least(0)
        .at_most(kMagnitudeBins - 1)
        .synonyms({"magnitude", "ra_magnitude", "aug_magnitude"});
    d.field("erasing", &AugmentOptions::erasing,
            "Probability that a random box of 2 to 33 % of the area is filled with the network's mean colour")
        .at_least(0)
        .at_most(1)
        .synonyms({"random_erase", "random_erasing", "reprob"});
    d.field("mixup", &AugmentOptions::mixup,
            "Alpha of mixup: images and targets of a batch are blended in pairs, with a share from Beta(alpha, alpha). "
            "0: off; if cutmix is on too, each batch gets one of the two")
        .at_least(0)
        .synonyms({"mixup_alpha"});
    d.field("cutmix", &AugmentOptions::cutmix,
            "Alpha of CutMix: each image of a batch gets a box of another image, with a share from Beta(alpha, alpha). "
            "0: off")
        .at_least(0)
        .synonyms({"cutmix_alpha"});
}

}  // namespace kaziranga::data
