#include "models/heads.hpp"

#include "core/config/words.hpp"
#include "models/head_forms.hpp"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

namespace kaziranga::models {
namespace {

/// A head that remembers 30 random rows of 4 of 5 classes.
NeighboursHead remembering(int64_t neighbours, double temperature) {
    torch::manual_seed(1);
    NeighboursHead head({.form = HeadForm::kNeighbours,
                         .features = 6,
                         .classes = 5,
                         .bank = 30,
                         .neighbours = neighbours,
                         .temperature = temperature});
    head.bank.copy_(unit_rows(torch::randn({30, 6})));
    head.labels.copy_(torch::arange(30).remainder(4));
    return head;
}

TEST(UnitRows, HaveLengthOneOrNone) {
    const torch::Tensor rows = unit_rows(torch::tensor({{3.0, 4.0}, {0.0, 0.0}}));
    EXPECT_TRUE(rows.allclose(torch::tensor({{0.6, 0.8}, {0.0, 0.0}})));
}

/// They index rows of memory; a checkpoint may be a stranger's.
TEST(NeighboursHead, LabelsOfNoClassAreAProblem) {
    NeighboursHead head = remembering(1, 1);
    EXPECT_EQ(head.problem(), "");
    for (const int64_t label : {int64_t{-1}, head.spec().classes, int64_t{1} << 60}) {
        head.labels[0] = label;
        EXPECT_NE(head.problem(), "") << label;
    }
}

TEST(NeighboursHead, SumsTheVotesOfTheNearest) {
    const torch::NoGradGuard no_grad;
    for (const double temperature : {0.01, 0.1, 10.0}) {
        constexpr int64_t kNearest = 7;
        NeighboursHead head = remembering(kNearest, temperature);
        const torch::Tensor query = torch::randn({50, 6}), logits = head.forward(query);
        ASSERT_EQ(logits.sizes(), torch::IntArrayRef({50, 5}));
        for (int64_t row = 0; row < 50; ++row) {
            const torch::Tensor cosines = head.bank.matmul(query[row]).div(query[row].norm()).to(torch::kDouble);
            const torch::Tensor order = cosines.argsort(0, true);
            const double best = cosines[order[0]].item<double>(), least = cosines[order[kNearest - 1]].item<double>();
            std::map<int64_t, double> votes;
            for (int64_t i = 0; i < kNearest; ++i) {
                votes[head.labels[order[i]].item<int64_t>()] +=
                    std::exp((cosines[order[i]].item<double>() - best) / temperature);
            }
            for (int64_t k = 0; k < 5; ++k) {
                const double floor = (least - best) / temperature + std::log(0.1);
                EXPECT_NEAR(logits[row][k].item<double>(), votes[k] > 0 ? std::log(votes[k]) : floor,
                            1e-3 / temperature * 0.01 + 1e-4);
            }
        }
    }
}

TEST(NeighboursHead, AClassWithAVoteIsAlwaysBeforeOneWithout) {
    const torch::NoGradGuard no_grad;
    NeighboursHead head = remembering(1, 0.01);
    const torch::Tensor query = torch::randn({20, 6}), logits = head.forward(query);
    const torch::Tensor nearest = unit_rows(query).matmul(head.bank.t()).argmax(1);
    EXPECT_TRUE(logits.argmax(1).equal(head.labels.index_select(0, nearest)));
    EXPECT_EQ((logits == logits.amax(1, true)).sum().item<int64_t>(), 20);
}

TEST(HeadElements, AreThoseThatMakeHeadMakesRoomFor) {
    for (const HeadSpec& spec :
         {HeadSpec{.form = HeadForm::kLinear, .features = 6, .classes = 5},
          HeadSpec{.form = HeadForm::kSource, .features = 6, .stage_features = 2, .classes = 5, .source_classes = 7},
          HeadSpec{.form = HeadForm::kCosine, .features = 6, .classes = 5},
          HeadSpec{.form = HeadForm::kMlp, .features = 6, .classes = 5, .hidden = 9},
          HeadSpec{.form = HeadForm::kNeighbours, .features = 6, .classes = 5, .bank = 30, .neighbours = 3}}) {
        const auto head = make_head(spec);
        int64_t elements = 0;
        for (const auto& tensors : {head->parameters(), head->buffers()}) {
            for (const torch::Tensor& tensor : tensors) elements += tensor.dim() > 0 ? tensor.numel() : 0;
        }
        EXPECT_EQ(head_elements(spec), elements) << core::config::word_of(spec.form);
    }
}

}  // namespace
}  // namespace kaziranga::models
