#include "studies/catalogue.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "studies/bias_variance/study.hpp"
#include "studies/conv_stack/conv_stack.hpp"
#include "studies/quadratic_error/quadratic_error.hpp"
#include "studies/residual_block/residual_block.hpp"
#include "studies/sigmoid_tanh/sigmoid_tanh.hpp"

namespace kaziranga::studies {

const std::vector<Study>& studies() {
    static const std::vector<Study> all = {
        make_study("residual_block",
                   "Are the hand-derived gradients of a residual block right, and what does its skip buy?",
                   study_residual_block),
        make_study("conv_stack", "What does a neuron behind four 3×3 convolutions see, and any network's?",
                   study_conv_stack),
        make_study("bias_variance", "With more hidden layers, does bias fall and variance rise?", study_bias_variance),
        make_study("sigmoid_tanh", "Do sigmoid and tanh networks compute, and learn, the same?", study_sigmoid_tanh),
        make_study("quadratic_error", "Is the error around a minimum a quadratic, and how far?",
                   study_quadratic_error)};
    return all;
}

const Study& find_study(const std::string& name) {
    std::vector<std::string> names;
    for (const Study& study : studies()) {
        if (study.name == name) return study;
        names.push_back(study.name);
    }
    throw core::Error({.what = "unknown study",
                       .expected = "one of " + core::join(names, ", ") + ", or all",
                       .found = "'" + name + "'",
                       .remedy = core::did_you_mean(name, names)});
}

}  // namespace kaziranga::studies
