#include "training/trainer.hpp"

#include <ATen/Context.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

#include <limits>

#include "core/error.hpp"

namespace kaziranga::training {
namespace {

constexpr int64_t kSamples = 50, kFeatures = 6, kClasses = 3;

/// A small problem that a linear layer can learn.
struct Problem {
    torch::Tensor x, y;
    torch::nn::Linear layer{nullptr};

    Problem() {
        at::Generator generator = at::globalContext().defaultGenerator(c10::kCPU);
        generator.set_current_seed(1);
        x = at::randn({kSamples, kFeatures});
        y = x.matmul(at::randn({kFeatures, kClasses})).argmax(1);
        layer = torch::nn::Linear(kFeatures, kClasses);
        const c10::NoGradGuard no_grad;
        layer->weight.zero_();
        layer->bias.zero_();
    }
};

TrainerSettings settings(const std::string& optimizer) {
    TrainerSettings s;
    s.loop = {.epochs = 6, .batch_size = 8, .label_smoothing = 0.1, .save_every = 0};
    s.optimizer = {.name = optimizer, .lr = optimizer == "lbfgs" ? 1.0 : 0.05, .momentum = 0.9, .weight_decay = 0.01};
    s.scheduler = {.name = optimizer == "lbfgs" ? "constant" : "cosine", .warmup_epochs = 0, .min_lr = 0};
    return s;
}

struct Outcome {
    TrainingState last;
    std::vector<TrainingState> saved;  ///< after every step
};

Outcome run(const std::string& optimizer, TrainingState from = {}, bool validate = true) {
    Problem problem;
    const TrainerSettings s = settings(optimizer);
    const auto batches =
        make_row_batches(problem.x, problem.y, optimizer == "lbfgs" ? kSamples : s.loop.batch_size, 3);
    Task task{.module = problem.layer.get(),
              .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
              .batches = batches.get(),
              .validate = {}};
    if (validate) {
        task.validate = [&] {
            const c10::NoGradGuard no_grad;
            return evaluation::measure(problem.layer->forward(problem.x), problem.y);
        };
    }
    Outcome outcome;
    outcome.last = train(task, s, std::move(from), [&](const TrainingState& now) { outcome.saved.push_back(now); });
    return outcome;
}

void expect_same(const models::StateDict& a, const models::StateDict& b, const std::string& what) {
    ASSERT_EQ(a.size(), b.size()) << what;
    for (size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].first, b[i].first);
        EXPECT_TRUE(a[i].second.equal(b[i].second)) << what << ": " << a[i].first;
    }
}

class EveryOptimizer : public testing::TestWithParam<const char*> {};

TEST_P(EveryOptimizer, Learns) {
    const Outcome outcome = run(GetParam());
    EXPECT_LT(outcome.last.rows.back().train_loss, outcome.last.rows.front().train_loss);
    EXPECT_GT(*outcome.last.rows.back().top1, 80.0);
}

TEST_P(EveryOptimizer, GoesOnBitForBitFromAnyStep) {
    const Outcome whole = run(GetParam());
    ASSERT_GT(whole.saved.size(), 5U);
    for (size_t i = 0; i + 1 < whole.saved.size(); ++i) {
        const Outcome resumed = run(GetParam(), whole.saved[i]);
        const std::string what = std::string(GetParam()) + " from save " + std::to_string(i);
        expect_same(resumed.last.weights, whole.last.weights, what);
        expect_same(resumed.last.best, whole.last.best, what);
        EXPECT_EQ(resumed.last.best_epoch, whole.last.best_epoch) << what;
        ASSERT_EQ(resumed.last.rows.size(), whole.last.rows.size()) << what;
        for (size_t e = 0; e < whole.last.rows.size(); ++e) {
            EXPECT_EQ(resumed.last.rows[e].train_loss, whole.last.rows[e].train_loss) << what << " epoch " << e;
            EXPECT_EQ(resumed.last.rows[e].lr, whole.last.rows[e].lr) << what << " epoch " << e;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Trainer, EveryOptimizer, testing::Values("sgd", "adamw", "lbfgs"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Trainer, KeepsTheBestWeightsByValidation) {
    const Outcome outcome = run("sgd");
    double best = -1;
    for (const EpochRow& row : outcome.last.rows) best = std::max(best, *row.top1);
    EXPECT_EQ(outcome.last.best_top1, best);
    EXPECT_EQ(*outcome.last.rows[static_cast<size_t>(outcome.last.best_epoch - 1)].top1, best);
}

TEST(Trainer, WithoutValidationThereIsNoBest) {
    const Outcome outcome = run("sgd", {}, /*validate=*/false);
    EXPECT_TRUE(outcome.last.best.empty());
    EXPECT_FALSE(outcome.last.rows.back().top1.has_value());
}

TEST(Trainer, LbfgsReachesAPointWithoutGradient) {
    Problem problem;
    TrainerSettings s = settings("lbfgs");
    s.loop.epochs = 200;
    const auto batches = make_row_batches(problem.x, problem.y, kSamples, 0);
    const Task task{.module = problem.layer.get(),
                    .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                    .batches = batches.get(),
                    .validate = {}};
    const TrainingState state = train(task, s, {}, [](const TrainingState&) {});
    EXPECT_TRUE(state.finished);
    EXPECT_LT(state.epoch, 200);
}

TEST(Trainer, RefusesALossThatIsNotFiniteAndDoesNotSaveIt) {
    Problem problem;
    problem.x[7][0] = std::numeric_limits<float>::infinity();
    const auto batches = make_row_batches(problem.x, problem.y, 8, 3);
    const Task task{.module = problem.layer.get(),
                    .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                    .batches = batches.get(),
                    .validate = {}};
    try {
        train(task, settings("sgd"), {}, [](const TrainingState& state) {
            for (const auto& [name, tensor] : state.weights) EXPECT_TRUE(tensor.isfinite().all().item<bool>());
        });
        FAIL() << "no error";
    } catch (const core::Error& error) {
        EXPECT_NE(std::string(error.what()).find("not finite"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("epoch 1"), std::string::npos) << error.what();
    }
}

TEST(RowBatches, CoverEverySampleOnceAnEpochInAnOrderOfItsOwn) {
    const torch::Tensor x = at::arange(10).unsqueeze(1).to(at::kFloat), y = at::arange(10);
    const auto batches = make_row_batches(x, y, 4, 0);
    EXPECT_EQ(batches->steps(), 3);
    std::vector<torch::Tensor> epochs;
    for (int64_t epoch = 0; epoch < 2; ++epoch) {
        std::vector<torch::Tensor> labels;
        for (int64_t step = 0; step < 3; ++step) labels.push_back(batches->get(epoch, step).second);
        epochs.push_back(at::cat(labels));
        EXPECT_TRUE(std::get<0>(epochs.back().sort()).equal(y));
    }
    EXPECT_FALSE(epochs[0].equal(epochs[1]));
    EXPECT_TRUE(batches->get(0, 2).second.equal(epochs[0].narrow(0, 8, 2)));
}

TEST(ResultsCsv, LeavesUnmeasuredColumnsEmpty) {
    EXPECT_EQ(results_csv({{.epoch = 1, .seconds = 0.5, .train_loss = 2.25, .top1 = {}, .top5 = {}, .val_loss = {}, .lr = 0.1},
                           {.epoch = 2, .seconds = 1, .train_loss = 2, .top1 = 50, .top5 = 75.5, .val_loss = 1.5, .lr = 0.05}}),
              "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0\n"
              "1,0.500,2.25,,,,0.1\n"
              "2,1.000,2,50,75.5,1.5,0.05\n");
}

}  // namespace
}  // namespace kaziranga::training
