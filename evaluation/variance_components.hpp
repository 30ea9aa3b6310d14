#pragma once

#include "evaluation/intervals.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// The sources of the uncertainty of a mean over draws and images.
///
/// D_ji is the value of draw j for image i: 100 for a hit and 0 for a miss, or the difference of two classifiers' hits.
/// A draw is everything that a seed chooses (training images, the order of steps). Draws, images and classes count as
/// chosen at random, draws and images crossed: D_ji = mean + draw j + class c + image i in c + interactions. There are
/// J draws, C classes and n images, m_c of them in class c, whose share is w_c = m_c / n. M_j is the mean of draw j, M
/// that of all. D_ci, D_jc and D_c are means over draws, over images of the class, and over both.
///
///     draws      V_J  = Σ_j (M_j − M)² / (J (J − 1))
///     images     V_I  = Σ_c w_c² s²_c / m_c,       s²_c = Σ_i (D_ci − D_c)² / (m_c − 1)
///     classes    V_C  = C / (C − 1) Σ_c e_c²,      e_c = Σ_j e_jc / J,  e_jc = w_c (D_jc − M_j)
///     pairs      V_JI = Σ_c w_c² r²_c / (J m_c),   r²_c = Σ_ji (D_jci − D_jc − D_ci + D_c)² / ((J − 1) (m_c − 1))
///                V_JC = C / (C − 1) Σ_jc (e_jc − e_c)² / (J (J − 1))
///
/// V_J and V_I both contain V_JI, and V_J and V_C both contain V_JC, so these are subtracted once:
///
///     other draws, other images of the same classes    V_J + V_I − V_JI
///     other draws, other classes with their images     V_J + V_C − V_JC
///
/// The first is unbiased; the second is, if all classes have the same number of images. Sources: Searle, Casella,
/// McCulloch 1992, Variance Components, chapter 4; Owen 2007, The pigeonhole bootstrap, Annals of Applied Statistics 1,
/// on the error if one side is left out; Cameron, Gelbach, Miller 2011, Robust inference with multiway clustering,
/// Journal of Business & Economic Statistics 29, has the same sum and difference for data that are not normal. V_C is
/// the variance of whole clusters (Cochran 1977, Sampling Techniques, chapter 9A): it contains all variation inside a
/// class, also that of its images. If chance makes a sum smaller than one of its sides, or an interval for other
/// classes narrower than that for the same classes, the larger value is taken.
///
/// Degrees of freedom of a sum: Satterthwaite 1946, V² / Σ (V_k² / degrees_k), rounded down, at least 1. They are too
/// many if two draws happen to be similar; with three draws or more the intervals have about the stated confidence.
///
/// If draws have their own test images, as when a seed also splits the images, V_J already contains the variance of the
/// images, and V_JI cannot be separated from it. The draws come from one pool, so they are not independent, and V_J is
/// too small. Nadeau and Bengio 2003, Inference for the generalization error, Machine Learning 52:
///
///     other draws, other images of the same classes    J V_J (1 / J + test images / training images)
///     other draws, other classes with their images     that + V_C − V_JC
///
/// The mean of an image is then over the draws that judge it, and its weight is the number of these draws.
namespace kaziranga::evaluation {

/// The images that a classifier is judged on, in an order that does not depend on where the images are.
struct JudgedImages {
    std::vector<uint64_t> names;    ///< a unique number for each image, the same in every draw
    std::vector<uint64_t> classes;  ///< a number for the class of each image, the same in every draw
    bool operator==(const JudgedImages&) const = default;
};

/// The values of one draw for its images.
struct Draw {
    std::shared_ptr<const JudgedImages> images;  ///< at least one; may be shared between draws
    std::vector<double> values;                  ///< of each image; all results have their unit
};

/// Parts of the uncertainty of a mean; empty if there are too few draws, images or classes to estimate it.
struct Spread {
    bool same_images = true;                 ///< true if all draws are judged on the same images
    double mean = 0;                         ///< mean over draws of each draw's mean over images
    std::optional<double> sd_draws;          ///< √(J V_J): standard deviation of a draw's mean; needs 2 draws
    std::optional<double> se_images;         ///< √V_I: standard error from the finite images; needs 2 images in a class
    std::optional<double> se_classes;        ///< √V_C: from the finite classes and their images; needs 2 classes
    std::optional<double> se_same_classes;   ///< of the mean, for other draws and other images of the same classes
    std::optional<double> se_other_classes;  ///< of the mean, for other draws and other classes with their images
    std::optional<Interval> same_classes;    ///< Student's t with se_same_classes
    std::optional<Interval> other_classes;   ///< Student's t with se_other_classes
};

/// @param draws               at least one
/// @param judged_per_trained  test images per training image of a draw, for draws with their own test images; if it is
///                            0 (unknown), these have no intervals
/// @param confidence          in (0, 1)
/// A class with a single image gets the average variance of the images of the other classes.
Spread spread_of(const std::vector<Draw>& draws, double judged_per_trained, double confidence);

}  // namespace kaziranga::evaluation
