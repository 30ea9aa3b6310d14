#include "studies/conv_stack/conv_stack.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "models/conv_stack.hpp"
#include "models/pretrained.hpp"
#include "models/registry.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"
#include "studies/conv_stack/effective_field.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include <ATen/ops/nonzero.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using models::Field;
using models::Window;

struct Support {
    int64_t pixels = 0;             ///< with a gradient that is not zero
    int64_t rows = 0, columns = 0;  ///< of the smallest rectangle around them
};

/// The pixels that change the middle position of a stack's output, in any of the images.
Support measured_support(const ConvStackOptions& o, int64_t side) {
    seed_modules(o.seed, {10});
    models::ConvStack stack({.in = 3, .width = 8, .layers = o.layers, .kernel = o.kernel});
    stack.to(at::kDouble);
    const Tensor x = normal({o.images, 3, side, side}, generator(o.seed, {11}));
    const Tensor dx = gradient_of_middle([&](const Tensor& images) { return stack.forward(images); }, x);
    const Tensor touched = (dx != 0).any(0).any(0);  // [H, W]
    const auto extent = [&](int64_t axis) {
        const Tensor places = at::nonzero(touched.any(axis));
        return places.max().item<int64_t>() - places.min().item<int64_t>() + 1;
    };
    return {touched.sum().item<int64_t>(), extent(1), extent(0)};
}

void tell_support(Findings& findings, const ConvStackOptions& o) {
    const std::vector<int64_t> sides = support_sides(o.layers, o.kernel);
    const std::string chain = fmt::format("{}", fmt::join(sides, " ← "));
    const int64_t expected = sides.back() * sides.back();
    const Support found = measured_support(o, 2 * sides.back() + 3);
    findings.parts.push_back(Heading{"The support"});
    findings.parts.push_back(
        Text{fmt::format("{} convolutions of {}×{}, stride 1, no padding, a ReLU between. Solving floor((n - f + 2p) / "
                         "s) + 1 = m backwards from one place: {}, so {} pixels. Measured: the pixels of {} random "
                         "images whose gradient is not zero.",
                         o.layers, o.kernel, o.kernel, chain, expected, o.images)});
    findings.checks.push_back({"pixels of the support, measured against the formula",
                               std::abs(static_cast<double>(found.pixels - expected)), 0, "pixels"});
    findings.checks.push_back(
        {"sides of the support, measured against the formula",
         static_cast<double>(std::abs(found.rows - sides.back()) + std::abs(found.columns - sides.back())), 0,
         "pixels"});
    findings.figures.push_back({"support, measured", static_cast<double>(found.pixels), "pixels"});
    findings.claims.push_back({fmt::format("A neuron behind {} consecutive {}×{} convolutions sees {} × {} = {} pixels",
                                           o.layers, o.kernel, o.kernel, sides.back(), sides.back(), expected),
                               fmt::format("{} × {} = {} pixels", found.rows, found.columns, found.pixels),
                               holds(found.pixels == expected)});
}

/// The measured field of a network along one axis.
struct MeasuredField {
    Field calculated;
    int64_t low = 0, high = 0;  ///< first and last pixel that changes the position
    int64_t expected_low = 0, expected_high = 0;
};

/// Makes every gradient positive, so that none cancel: equal weights, and inputs that keep every ReLU6 below its limit.
void make_positive(models::Backbone& network) {
    const at::NoGradGuard no_grad;
    for (const auto& item : network.named_parameters()) {
        if (item.value().dim() == 4) item.value().fill_(1.0 / static_cast<double>(item.value()[0].numel()));
    }
}

/// Measures in images of one column, which is cheap for any length: the kernels are square and the padding of the other
/// axis is zero. Max pooling passes a gradient to only one of its positions, so several images are needed.
MeasuredField measure_field(const models::Architecture& architecture, const ConvStackOptions& o) {
    const auto network = architecture.make(1);
    network->to(at::kDouble);
    network->eval();
    make_positive(*network);
    constexpr int64_t kSample = 64, kGrain = 32, kMargin = 128, kImages = 32, kAtOnce = 4;
    const int64_t extent = network->field(kSample * kGrain).extent();
    const int64_t pixels = (extent + kMargin + kGrain - 1) / kGrain * kGrain;
    constexpr double kSmall = 1e-3;
    int64_t place = 0;
    Tensor moves = at::zeros({pixels}, at::kBool);
    for (const Tensor& some : uniform({kImages, 3, pixels, 1}, 0, kSmall, generator(o.seed, {12})).split(kAtOnce)) {
        core::throw_if_interrupted();
        const Tensor x = some.clone().requires_grad_();
        const Tensor map = network->feature_map(x);
        place = map.size(2) / 2;
        const Tensor dx = torch::autograd::grad({map.select(2, place).sum()}, {x})[0];
        moves.logical_or_((dx != 0).any(0).any(0).flatten());
    }
    const Tensor touched = at::nonzero(moves);
    MeasuredField result{.calculated = network->field(pixels)};
    result.low = touched.min().item<int64_t>();
    result.high = touched.max().item<int64_t>();
    result.expected_low = result.calculated.low + place * result.calculated.jump;
    result.expected_high = result.calculated.high + place * result.calculated.jump;
    return result;
}

Field repeated(Field field, const std::vector<Window>& windows) {
    for (const Window& window : windows) field = field.after(window);
    return field;
}

Window padded(int64_t kernel, int64_t stride) {
    return {.kernel = kernel, .stride = stride, .padding_before = kernel / 2, .padding_after = kernel / 2};
}

constexpr int64_t kLargeImage = 4096;

/// ResNet as in TensorFlow-Slim, with the stride in the last block of a stage; torchvision has it in the first.
Field slim_resnet(const std::vector<int64_t>& depths) {
    Field field = repeated({.size = kLargeImage}, {padded(7, 2), padded(3, 2)});
    for (size_t stage = 0; stage < depths.size(); ++stage) {
        for (int64_t block = 0; block < depths[stage]; ++block) {
            const bool strides = block + 1 == depths[stage] && stage + 1 < depths.size();
            const Field shortcut = field.after({.kernel = 1, .stride = strides ? 2 : 1});
            field = models::united(field.after(padded(3, strides ? 2 : 1)), shortcut);
        }
    }
    return field;
}

Field vgg16() {
    std::vector<Window> windows;
    for (const int64_t convolutions : {2, 2, 3, 3, 3}) {
        windows.insert(windows.end(), static_cast<size_t>(convolutions), padded(3, 1));
        windows.push_back({.kernel = 2, .stride = 2});
    }
    return repeated({.size = kLargeImage}, windows);
}

Field alexnet() {
    const Window pool{.kernel = 3, .stride = 2};
    return repeated(
        {.size = kLargeImage},
        {{.kernel = 11, .stride = 4}, pool, padded(5, 1), pool, padded(3, 1), padded(3, 1), padded(3, 1), pool});
}

/// A number from the table of modern networks in Araujo et al. 2019.
struct Published {
    const char* network;
    int64_t extent;
    Field calculated;
};

void tell_networks(Findings& findings, const ConvStackOptions& o) {
    const std::vector<std::string> names = models::architecture_names();
    std::vector<std::vector<std::string>> rows = {
        {"network", "receptive field, pixels", "one place to the next", "measured"}};
    double worst = 0;
    core::Phase phase("receptive fields", static_cast<int64_t>(names.size()), "networks");
    for (const std::string& name : names) {
        core::throw_if_interrupted();
        const MeasuredField m = measure_field(models::find_architecture(name), o);
        worst =
            worse(worst, static_cast<double>(std::abs(m.low - m.expected_low) + std::abs(m.high - m.expected_high)));
        rows.push_back({name, std::to_string(m.calculated.extent()), std::to_string(m.calculated.jump),
                        std::to_string(m.high - m.low + 1)});
        phase.advance();
    }
    const Published published[] = {{"AlexNet v2", 195, alexnet()},
                                   {"VGG-16", 212, vgg16()},
                                   {"ResNet-50", 483, slim_resnet({3, 4, 6, 3})},
                                   {"ResNet-101", 1027, slim_resnet({3, 4, 23, 3})},
                                   {"ResNet-152", 1507, slim_resnet({3, 8, 36, 3})}};
    findings.parts.push_back(Heading{"Every network"});
    findings.parts.push_back(
        Text{"The calculator goes through kernels, strides, paddings, dilations, poolings and branches. Measured: the "
             "pixels of long images, one pixel wide, whose gradient is not zero, all weights positive so that none "
             "cancels."});
    findings.parts.push_back(Grid{rows});
    findings.checks.push_back(
        {"both ends of every network's receptive field, measured against calculated", worst, 0, "pixels"});
    std::vector<std::vector<std::string>> theirs = {{"network", "Araujo et al. 2019", "calculated"}};
    for (const Published& p : published) {
        theirs.push_back({p.network, std::to_string(p.extent), std::to_string(p.calculated.extent())});
        findings.checks.push_back({std::string("receptive field of ") + p.network + " against Araujo et al. 2019",
                                   std::abs(static_cast<double>(p.calculated.extent() - p.extent)), 0, "pixels"});
    }
    findings.parts.push_back(
        Text{"Published figures are of TensorFlow-Slim's networks. Its ResNets stride in the last block of a stage, "
             "torchvision's in the first, which is why ResNet-50 has 483 there and 427 here."});
    findings.parts.push_back(Grid{theirs});
}

/// Layers with equal weights and no ReLU give the binomial-like distribution whose variance is known.
void check_uniform_weights(Findings& findings, const ConvStackOptions& o) {
    constexpr int64_t kLayers = 10;
    models::ConvStack stack({.in = 1, .width = 1, .layers = kLayers});
    stack.to(at::kDouble);
    {
        const at::NoGradGuard no_grad;
        for (Tensor& weight : stack.parameters()) weight.fill_(1);
    }
    const int64_t side = support_sides(kLayers, 3).back();
    const EffectiveField field = effective_field([&](const Tensor& x) { return stack.forward(x); },
                                                 uniform({1, 1, side, side}, 1, 2, generator(o.seed, {13})), 1);
    const double theory = std::sqrt(kLayers * 2.0 / 3.0);
    findings.checks.push_back({"effective radius behind 10 layers of equal weights against sqrt(10 · 2/3)",
                               std::abs(field.radii.front() / theory - 1), 1e-12, "relative"});
}

void tell_training(Findings& findings, const ConvStackOptions& o) {
    std::vector<double> growth, before, after, top1;
    std::optional<TrainedField> first;
    const FieldTraining training{.epochs = o.epochs};
    for (int64_t repeat = 0; repeat < o.repeats; ++repeat) {
        TrainedField field = train_field(training, o.seed, static_cast<uint64_t>(repeat));
        before.push_back(evaluation::normal_interval(field.before.radii, o.confidence).mean);
        after.push_back(evaluation::normal_interval(field.after.radii, o.confidence).mean);
        growth.push_back(after.back() - before.back());
        top1.push_back(field.top1);
        if (!first) first = std::move(field);
    }
    const auto over = [&](const std::vector<double>& values) {
        return evaluation::student_interval(values, o.confidence);
    };
    const int64_t side = support_sides(training.layers, 3).back();
    // The radius of a gradient that is constant in the support.
    const double even = std::sqrt((static_cast<double>(side * side) - 1) / 12);
    findings.parts.push_back(Heading{"The effective field"});
    findings.parts.push_back(Text{fmt::format(
        "Not all pixels of the support matter alike. Here are {} convolutions of 3×3 ({} × {} pixels of support), "
        "trained to tell {} made-up species in {} × {} pixels apart ({:.0f} % of held-out images, 5 % by chance), {} "
        "times from other weights, which the intervals are over. The radius is the deviation of the gradient's place "
        "along one axis.",
        training.layers, side, side, training.species, training.size, training.size, over(top1).mean, o.repeats)});
    findings.parts.push_back(
        Picture{"effective_field_before", "Mean |gradient| of the middle place, random weights.",
                evaluation::HeatMap{"Before training", "share of the gradient", first->before.map}});
    findings.parts.push_back(Picture{"effective_field_after", "The same network, trained.",
                                     evaluation::HeatMap{"After training", "share of the gradient", first->after.map}});
    findings.figures.push_back({"effective radius before training", over(before).mean, "pixels", over(before)});
    findings.figures.push_back({"effective radius after training", over(after).mean, "pixels", over(after)});
    const std::string stack = fmt::format("{} such convolutions", training.layers);
    findings.claims.push_back(
        {"The effective field of " + stack + " is smaller than their support",
         fmt::format("radius {} pixels before training, {:.2f} if all {} × {} pixels mattered alike",
                     to_text(over(before)), even, side, side),
         is_below(over(before), even)});
    findings.claims.push_back(
        {fmt::format("{} epochs of training make the effective field of {} larger", training.epochs, stack),
         fmt::format("radius larger by {} pixels, over {} trainings that end at {:.0f} % right", to_text(over(growth)),
                     o.repeats, over(top1).mean),
         is_above(over(growth), 0)});
}

/// The pixels that the middle position of a square image's feature map depends on, along either axis.
struct MiddleField {
    int64_t side = 0;           ///< of the image
    int64_t low = 0, high = 0;  ///< first and last pixel
};

/// The field in the smallest image that contains it completely, so that no edge cuts it.
MiddleField uncut_field(const models::Backbone& network) {
    constexpr int64_t kGrain = 32;
    MiddleField middle;
    do {
        middle.side += kGrain;
        const Field field = network.field(middle.side);
        middle.low = field.low + field.size / 2 * field.jump;
        middle.high = field.high + field.size / 2 * field.jump;
    } while (middle.low < 0 || middle.high >= middle.side);
    return middle;
}

/// Gives every batch norm the mean of the statistics of these images, which pass one by one as in training. If the
/// measurement used the statistics of the batch, a position would depend on all pixels through them.
/// @param images  [N, 3, H, W]
void take_statistics(models::Backbone& network, const Tensor& images) {
    const at::NoGradGuard no_grad;
    network.each_step([](models::ConvNorm& step) {
        if (!step.has_norm()) return;
        step.norm().reset_running_stats();
        step.norm().options.momentum(std::nullopt);  // the mean of all batches since then
    });
    network.train();
    for (const Tensor& image : images.split(1)) {
        core::throw_if_interrupted();
        network.feature_map(image);
    }
    network.eval();
}

/// The measured field of one network, in images of noise.
struct NetworkField {
    EffectiveField field;
    double outside = 0;  ///< largest share of the gradient at a pixel outside the calculated field
};

NetworkField field_of(models::Backbone& network, const MiddleField& middle, const Tensor& images) {
    for (const Tensor& parameter : network.parameters()) parameter.requires_grad_(false);
    NetworkField result;
    result.field = effective_field([&](const Tensor& x) { return network.feature_map(x); }, images, /*at_once=*/1);
    Tensor outside = result.field.map.clone();
    const int64_t extent = middle.high - middle.low + 1;
    outside.narrow(0, middle.low, extent).narrow(1, middle.low, extent).zero_();
    result.outside = largest(outside);
    return result;
}

/// Sums over squares of pixels, for a picture of a large map.
constexpr int64_t kCell = 4;
Tensor coarse(const Tensor& map) {
    return map.unflatten(1, {-1, kCell}).unflatten(0, {-1, kCell}).sum({1, 3});
}

void tell_pretrained(Findings& findings, const ConvStackOptions& o) {
    const std::string name = "efficientnet_lite0";
    std::shared_ptr<models::Backbone> trained;
    try {
        trained = models::load_network({.name = name, .weights = "pretrained"}, 1, 0).network;
    } catch (const core::Error& error) {
        findings.parts.push_back(Text{std::string("EfficientNet-Lite0 is left out: ") + error.what()});
        return;
    }
    constexpr int64_t kImages = 8;   // of noise, for the trained network
    constexpr int64_t kForEach = 2;  // for each random network
    const MiddleField middle = uncut_field(*trained);
    const Tensor images = normal({kImages, 3, middle.side, middle.side}, generator(o.seed, {14})).to(at::kFloat);
    core::Phase phase("effective field of EfficientNet-Lite0", 1 + o.initialisations, "networks");
    const NetworkField of_trained = field_of(*trained, middle, images);
    phase.advance();
    double outside = of_trained.outside;
    std::vector<double> radii;  // of each random network
    Tensor first;
    for (int64_t i = 0; i < o.initialisations; ++i) {
        core::RandomStream stream(static_cast<uint64_t>(o.seed), core::Purpose::kStudy, {15, static_cast<uint64_t>(i)});
        const auto random = models::load_network({.name = name, .weights = "random"}, 1, stream()).network;
        const Tensor some = images.narrow(0, 0, kForEach);
        take_statistics(*random, some);
        const NetworkField found = field_of(*random, middle, some);
        radii.push_back(evaluation::normal_interval(found.field.radii, o.confidence).mean);
        outside = worse(outside, found.outside);
        if (!first.defined()) first = found.field.map;
        phase.advance();
    }
    const evaluation::Interval over_networks = evaluation::student_interval(radii, o.confidence);
    const evaluation::Interval over_images = evaluation::student_interval(of_trained.field.radii, o.confidence);
    findings.parts.push_back(Heading{"The same of EfficientNet-Lite0"});
    findings.parts.push_back(Text{fmt::format(
        "The middle place sees {0} × {0} pixels, so the images of noise are {1} × {1} and no edge cuts the field. "
        "Random weights: {2} initialisations, {3} images each, the statistics of the batch norms measured on the "
        "images and then fixed; the interval is over initialisations. Published ImageNet weights: one network with its "
        "own statistics; the interval is over {4} images, and says nothing of other trainings.",
        middle.high - middle.low + 1, middle.side, o.initialisations, kForEach, kImages)});
    const std::string cells = fmt::format("Squares of {0} × {0} pixels.", kCell);
    findings.parts.push_back(Picture{
        "effective_field_lite0_random", "Mean |gradient| of the middle place, the first initialisation. " + cells,
        evaluation::HeatMap{"EfficientNet-Lite0, random", "share of the gradient", coarse(first)}});
    findings.parts.push_back(Picture{
        "effective_field_lite0_trained", "The same with the published ImageNet weights. " + cells,
        evaluation::HeatMap{"EfficientNet-Lite0, trained", "share of the gradient", coarse(of_trained.field.map)}});
    findings.checks.push_back(
        {"gradient outside EfficientNet-Lite0's calculated field, largest pixel", outside, 0, "of all gradient"});
    findings.figures.push_back({"effective radius of EfficientNet-Lite0, random, over initialisations",
                                over_networks.mean, "pixels", over_networks});
    findings.figures.push_back({"effective radius of EfficientNet-Lite0, trained, over images of one network",
                                over_images.mean, "pixels", over_images});
}

}  // namespace

void ConvStackOptions::describe(core::config::Description<ConvStackOptions>& d) {
    describe_common(d);
    d.field("kernel", &ConvStackOptions::kernel, "Side of the kernels in the stack")
        .at_least(1)
        .at_most(15)
        .unit("pixels");
    d.field("layers", &ConvStackOptions::layers, "Number of convolutions in the stack").at_least(1).at_most(16);
    d.field("images", &ConvStackOptions::images, "Number of random images with which the support is measured")
        .at_least(1)
        .at_most(1000);
    d.field("repeats", &ConvStackOptions::repeats,
            "Number of networks that are trained to measure their effective field. More make the intervals narrower")
        .at_least(2)
        .at_most(100);
    d.field("epochs", &ConvStackOptions::epochs, "Training epochs of these networks")
        .at_least(1)
        .at_most(1000)
        .unit("epochs");
    d.field("initialisations", &ConvStackOptions::initialisations,
            "Number of random EfficientNet-Lite0 networks whose effective field is measured and shown beside that of "
            "the published one")
        .at_least(2)
        .at_most(100);
    d.field("confidence", &ConvStackOptions::confidence, "Confidence of the intervals. A higher value makes them wider")
        .greater_than(0)
        .less_than(1);
}

std::vector<int64_t> support_sides(int64_t layers, int64_t kernel) {
    std::vector<int64_t> sides = {1};
    for (int64_t i = 0; i < layers; ++i) sides.push_back(sides.back() + kernel - 1);
    return sides;
}

Findings study_conv_stack(const ConvStackOptions& options) {
    Findings findings{.name = "conv_stack",
                      .title = "What a neuron sees behind a stack of convolutions",
                      .question = fmt::format("{} consecutive {}×{} convolutions, stride 1, no pooling: which pixels "
                                              "does a neuron of the last layer depend on, and how much on each?",
                                              options.layers, options.kernel, options.kernel)};
    tell_support(findings, options);
    tell_networks(findings, options);
    check_uniform_weights(findings, options);
    tell_training(findings, options);
    tell_pretrained(findings, options);
    return findings;
}

}  // namespace kaziranga::studies
