#include "training/loop/trainer.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "data/balance.hpp"
#include "tests/support/temporary_folder.hpp"
#include "training/loop/state.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include <ATen/Context.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>

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

/// Ways to train that must all learn, and go on bit for bit.
TrainerSettings settings(const std::string& way) {
    TrainerSettings s;
    s.loop = {.epochs = 6, .batch_size = 8, .label_smoothing = 0.1, .save_every = 0};
    s.optimizer = {.name = way.starts_with("adamw") ? OptimizerKind::kAdamw : OptimizerKind::kSgd,
                   .lr = 0.05,
                   .momentum = 0.9,
                   .weight_decay = 0.01};
    s.scheduler = {.name = Schedule::kCosine};
    if (way == "nesterov") s.optimizer.nesterov = true;
    if (way == "average") s.loop.ema = 0.9;
    if (way == "accumulate") s.loop.accumulate = 3;
    if (way == "clip") s.loop.clip_norm = 0.5;
    if (way.ends_with("one_cycle")) s.scheduler.name = Schedule::kOneCycle;
    if (way == "warmup") s.scheduler.warmup_epochs = 1.5;
    if (way == "plateau") s.scheduler = {.name = Schedule::kPlateau, .gamma = 0.5, .patience = 0};
    return s;
}

struct Outcome {
    TrainingState last;
    std::vector<TrainingState> saved;  ///< after every step
};

/// Rows that are waited for: a stop may come each time.
class WaitedFor final : public Batches {
  public:
    WaitedFor(std::unique_ptr<Batches> rows, std::function<void()> wait)
        : rows_(std::move(rows)), wait_(std::move(wait)) {}
    int64_t size() const override { return rows_->size(); }
    int64_t batch_size() const override { return rows_->batch_size(); }
    std::vector<std::string> names(int64_t epoch, int64_t number) const override { return rows_->names(epoch, number); }
    TrainingBatch get(int64_t epoch, int64_t number) override {
        wait_();
        return rows_->get(epoch, number);
    }

  private:
    std::unique_ptr<Batches> rows_;
    std::function<void()> wait_;
};

/// @param wait   is called before each batch and each validation
/// @param saved  takes the last save of a run that is stopped
Outcome run(
    const std::string& way, TrainingState from = {}, bool validate = true, const std::function<void()>& wait = [] {},
    TrainingState* saved = nullptr) {
    Problem problem;
    TrainerSettings s = settings(way);
    if (saved != nullptr) s.loop.save_every = 1e9;  // what a stop leaves, and nothing else
    const auto batches = std::make_unique<WaitedFor>(
        make_row_batches(problem.x, problem.y, {}, s.loop.batch_size, data::Sampling::kShuffle, 3), wait);
    Task task{.module = problem.layer.get(),
              .parameters = parameters_of(*problem.layer),
              .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
              .batches = batches.get()};
    if (validate) {
        task.validate = [&] {
            wait();
            const c10::NoGradGuard no_grad;
            return evaluation::measure(problem.layer->forward(problem.x), problem.y);
        };
    }
    Outcome outcome;
    outcome.last = train(task, s, std::move(from), [&](const TrainingState& now) {
        outcome.saved.push_back(now);
        if (saved != nullptr) *saved = now;
    });
    return outcome;
}

void expect_same(const models::StateDict& a, const models::StateDict& b, const std::string& what) {
    ASSERT_EQ(a.size(), b.size()) << what;
    for (size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].first, b[i].first);
        EXPECT_TRUE(a[i].second.equal(b[i].second)) << what << ": " << a[i].first;
    }
}

class EveryWay : public testing::TestWithParam<const char*> {};

TEST_P(EveryWay, Learns) {
    const Outcome outcome = run(GetParam());
    EXPECT_LT(outcome.last.rows.back().train_loss, outcome.last.rows.front().train_loss);
    EXPECT_GT(*outcome.last.rows.back().top1, 80.0);
}

TEST_P(EveryWay, GoesOnBitForBitFromAnyStep) {
    const Outcome whole = run(GetParam());
    ASSERT_GT(whole.saved.size(), 5U);
    for (size_t i = 0; i + 1 < whole.saved.size(); ++i) {
        const Outcome resumed = run(GetParam(), whole.saved[i]);
        const std::string what = std::string(GetParam()) + " from save " + std::to_string(i);
        expect_same(resumed.last.weights, whole.last.weights, what);
        expect_same(resumed.last.best, whole.last.best, what);
        expect_same(resumed.last.averaged, whole.last.averaged, what);
        EXPECT_EQ(resumed.last.best_epoch, whole.last.best_epoch) << what;
        ASSERT_EQ(resumed.last.rows.size(), whole.last.rows.size()) << what;
        for (size_t e = 0; e < whole.last.rows.size(); ++e) {
            EXPECT_EQ(resumed.last.rows[e].train_loss, whole.last.rows[e].train_loss) << what << " epoch " << e;
            EXPECT_EQ(resumed.last.rows[e].lr, whole.last.rows[e].lr) << what << " epoch " << e;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Trainer, EveryWay,
                         testing::Values("sgd", "adamw", "nesterov", "average", "accumulate", "clip", "plateau",
                                         "warmup", "one_cycle", "adamw_one_cycle"),
                         [](const auto& one) { return std::string(one.param); });

/// A step of rate 0 would leave the weights where they were.
TEST(Trainer, ItsFirstStepOfAWarmUpMoves) {
    const Outcome outcome = run("warmup");
    EXPECT_EQ(outcome.saved.front().step, 1);
    EXPECT_GT(outcome.saved.front().weights.front().second.abs().max().item<double>(), 0);
}

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

TEST(Trainer, AnAverageIsTheFormulaOverTheWeightsOfEveryStep) {
    const Outcome outcome = run("average");
    at::Tensor mean = at::zeros({kClasses, kFeatures});
    double n = 0;
    for (size_t i = 0; i < outcome.saved.size(); ++i) {
        if (i > 0 && outcome.saved[i].epoch == outcome.saved[i - 1].epoch &&
            outcome.saved[i].step == outcome.saved[i - 1].step)
            continue;
        if (outcome.saved[i].finished) continue;
        mean = mean.lerp(outcome.saved[i].weights.front().second, 1 - std::min(0.9, (1 + n) / (10 + n)));
        n += 1;
    }
    EXPECT_EQ(outcome.last.averaged.front().first, "weight");
    EXPECT_TRUE(outcome.last.averaged.front().second.allclose(mean, 1e-5, 1e-6));
    EXPECT_FALSE(outcome.last.averaged.front().second.allclose(outcome.last.weights.front().second));
}

TEST(Trainer, AccumulatedBatchesStepAsOneBatchOfTheirSize) {
    const auto weights = [](int64_t batch_size, int64_t accumulate) {
        Problem problem;
        TrainerSettings s = settings("sgd");
        s.loop.accumulate = accumulate;
        const auto batches = make_row_batches(problem.x, problem.y, {}, batch_size, data::Sampling::kShuffle, 3);
        const Task task{.module = problem.layer.get(),
                        .parameters = parameters_of(*problem.layer),
                        .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                        .batches = batches.get()};
        return train(task, s, {}, [](const TrainingState&) {}).weights.front().second;
    };
    EXPECT_TRUE(weights(6, 4).allclose(weights(24, 1), 1e-4, 1e-5));
    EXPECT_FALSE(weights(6, 1).allclose(weights(24, 1), 1e-4, 1e-5));
}

/// A task whose validation never gets better than at first.
Task standing_still(Problem& problem, Batches& batches) {
    return {.module = problem.layer.get(),
            .parameters = parameters_of(*problem.layer),
            .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
            .batches = &batches,
            .validate = [] { return evaluation::Metrics{.top1 = 10, .loss = 1}; }};
}

TEST(Trainer, EndsWhenValidationStandsStillForTooLong) {
    Problem problem;
    TrainerSettings s = settings("sgd");
    s.loop.epochs = 50;
    s.loop.patience = 3;
    const auto batches = make_row_batches(problem.x, problem.y, {}, 8, data::Sampling::kShuffle, 3);
    const Task task = standing_still(problem, *batches);
    EXPECT_EQ(train(task, s, {}, [](const TrainingState&) {}).epoch, 4);
}

TEST(Trainer, PlateauLowersTheRateAfterItsPatience) {
    Problem problem;
    TrainerSettings s = settings("plateau");
    s.loop.epochs = 6;
    s.scheduler.patience = 1;
    const auto batches = make_row_batches(problem.x, problem.y, {}, 8, data::Sampling::kShuffle, 3);
    const Task task = standing_still(problem, *batches);
    std::vector<double> rates;
    for (const EpochRow& row : train(task, s, {}, [](const TrainingState&) {}).rows) rates.push_back(row.lr);
    EXPECT_EQ(rates, (std::vector<double>{0.05, 0.05, 0.05, 0.025, 0.025, 0.0125}));
}

TEST(Trainer, AnAnchorHoldsTheWeights) {
    const auto distance = [](double pull) {
        Problem problem;
        TrainerSettings s = settings("sgd");
        s.loop.l2_sp = pull;
        auto parameters = parameters_of(*problem.layer);
        for (TrainedParameter& p : parameters) p.anchor = p.value.detach().clone();
        const auto batches = make_row_batches(problem.x, problem.y, {}, 8, data::Sampling::kShuffle, 3);
        const Task task{.module = problem.layer.get(),
                        .parameters = parameters,
                        .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                        .batches = batches.get()};
        return train(task, s, {}, [](const TrainingState&) {}).weights.front().second.norm().item<double>();
    };
    EXPECT_LT(distance(1.0), 0.5 * distance(0.0));
}

TEST(Trainer, ClassWeightsAndAdjustmentFavourTheRareClass) {
    const auto rare_share = [](const data::BalanceOptions& balance) {
        Problem problem;
        const torch::Tensor y = at::zeros({kSamples}, at::kLong);
        y.narrow(0, 0, 2).fill_(1);  // two of fifty, told apart by nothing
        const torch::Tensor x = at::ones({kSamples, kFeatures});
        const auto batches = make_row_batches(x, y, {}, kSamples, data::Sampling::kShuffle, 3);
        Task task{.module = problem.layer.get(),
                  .parameters = parameters_of(*problem.layer),
                  .logits = [&](const torch::Tensor& input) { return problem.layer->forward(input); },
                  .batches = batches.get()};
        balance_loss(task, balance, y, kClasses, torch::kCPU);
        TrainerSettings s = settings("sgd");
        s.loop = {.epochs = 300, .batch_size = kSamples};
        s.optimizer.weight_decay = 0;
        train(task, s, {}, [](const TrainingState&) {});
        return problem.layer->forward(x).softmax(1)[0][1].item<double>();
    };
    EXPECT_NEAR(rare_share({}), 0.04, 0.01);
    EXPECT_NEAR(rare_share({.class_weights = data::ClassWeights::kBalanced}), 0.5, 0.02);
    EXPECT_NEAR(rare_share({.logit_adjustment = 1.0}), 0.5, 0.15);
}

TEST_P(EveryWay, AStopWhileItWaitsIsSavedAndGoesOnBitForBit) {
    const Outcome whole = run(GetParam());
    int waits = 0;
    run(GetParam(), {}, true, [&] { ++waits; });
    for (int stop_at = 1; stop_at <= waits; stop_at += 5) {
        TrainingState saved;
        int waited = 0;
        const auto wait = [&] {
            if (++waited == stop_at) throw core::Interrupted();
        };
        EXPECT_THROW(run(GetParam(), {}, true, wait, &saved), core::Interrupted);
        const std::string what = std::string(GetParam()) + " stopped at wait " + std::to_string(stop_at);
        EXPECT_FALSE(saved.weights.empty()) << what;
        const Outcome resumed = run(GetParam(), saved);
        expect_same(resumed.last.weights, whole.last.weights, what);
        ASSERT_EQ(resumed.last.rows.size(), whole.last.rows.size()) << what;
        EXPECT_EQ(resumed.last.rows.back().train_loss, whole.last.rows.back().train_loss) << what;
        EXPECT_EQ(resumed.last.best_epoch, whole.last.best_epoch) << what;
    }
}

/// A step of many batches takes long: a stop is heeded between them, and what they did to batch statistics is undone.
TEST(Trainer, AStopWithinAnAccumulatedStepGoesOnBitForBit) {
    struct Network : torch::nn::Module {
        torch::nn::Linear linear = register_module("linear", torch::nn::Linear(kFeatures, kClasses));
        torch::nn::BatchNorm1d norm = register_module("norm", torch::nn::BatchNorm1d(kClasses));
    };
    constexpr int64_t kNever = 1'000'000;
    const auto run_until = [](int64_t stop_at, TrainingState from, TrainingState* saved) {
        const Problem problem;
        Network network;
        {
            const c10::NoGradGuard no_grad;
            network.linear->weight.fill_(0.1);
            network.linear->bias.zero_();
        }
        TrainerSettings s = settings("sgd");
        s.loop.accumulate = 4;
        s.loop.save_every = 1e9;
        const auto batches = make_row_batches(problem.x, problem.y, {}, 8, data::Sampling::kShuffle, 3);
        int64_t batches_passed = 0;
        const Task task{.module = &network,
                        .parameters = parameters_of(network),
                        .logits =
                            [&](const torch::Tensor& x) {
                                if (++batches_passed == stop_at) core::request_interrupt();
                                return network.norm->forward(network.linear->forward(x));
                            },
                        .batches = batches.get()};
        TrainingState last;
        try {
            last = train(task, s, std::move(from), [&](const TrainingState& now) {
                if (saved != nullptr) *saved = now;
            });
        } catch (const core::Interrupted&) {
            EXPECT_EQ(batches_passed, stop_at) << "it went on for " << batches_passed - stop_at << " batches";
        }
        core::clear_interrupt();
        return last;
    };
    const TrainingState whole = run_until(kNever, {}, nullptr);
    for (const int64_t stop_at : {1, 2, 3, 6, 10}) {
        TrainingState saved;
        run_until(stop_at, {}, &saved);
        const TrainingState resumed = run_until(kNever, saved, nullptr);
        expect_same(resumed.weights, whole.weights, "stopped in batch " + std::to_string(stop_at));
    }
}

TEST(Trainer, RefusesALossThatIsNotFiniteAndDoesNotSaveIt) {
    Problem problem;
    problem.x[7][0] = std::numeric_limits<float>::infinity();
    std::vector<std::string> names;
    for (int64_t i = 0; i < kSamples; ++i) names.push_back("image " + std::to_string(i));
    const auto batches = make_row_batches(problem.x, problem.y, names, 8, data::Sampling::kShuffle, 3);
    const Task task{.module = problem.layer.get(),
                    .parameters = parameters_of(*problem.layer),
                    .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                    .batches = batches.get()};
    try {
        train(task, settings("sgd"), {}, [](const TrainingState& state) {
            for (const auto& [name, tensor] : state.weights) EXPECT_TRUE(tensor.isfinite().all().item<bool>());
        });
        FAIL() << "no error";
    } catch (const core::Error& error) {
        EXPECT_NE(std::string(error.what()).find("not finite"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("epoch 1"), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find("image 7"), std::string::npos) << error.what();
    }
}

TEST(RowBatches, CoverEverySampleOnceAnEpochInAnOrderOfItsOwn) {
    const torch::Tensor x = at::arange(10).unsqueeze(1).to(at::kFloat), y = at::arange(10);
    const auto batches = make_row_batches(x, y, {}, 4, data::Sampling::kShuffle, 0);
    EXPECT_EQ(batches->count(), 3);
    std::vector<torch::Tensor> epochs;
    for (int64_t epoch = 0; epoch < 2; ++epoch) {
        std::vector<torch::Tensor> labels;
        for (int64_t step = 0; step < 3; ++step) labels.push_back(batches->get(epoch, step).y);
        epochs.push_back(at::cat(labels));
        EXPECT_TRUE(std::get<0>(epochs.back().sort()).equal(y));
    }
    EXPECT_FALSE(epochs[0].equal(epochs[1]));
    EXPECT_TRUE(batches->get(0, 2).y.equal(epochs[0].narrow(0, 8, 2)));
}

TEST(EpochOrder, BalancedShowsEveryClassEquallyOften) {
    const at::Tensor y = at::tensor({0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2}, at::kLong);
    std::map<int64_t, int> seen, images;
    for (int64_t epoch = 0; epoch < 6; ++epoch) {
        const auto order = data::epoch_order(y, data::Sampling::kBalanced, 0, epoch);
        ASSERT_EQ(order.size(), 11U);
        for (const int64_t i : order) {
            ++seen[y[i].item<int64_t>()];
            ++images[i];
        }
    }
    for (const auto& [label, count] : seen) EXPECT_NEAR(count, 22, 6) << label;
    EXPECT_EQ(images.size(), 11U);
}

/// The stop comes when the epoch has been validated and is measured, with patience at its end too.
TEST(Trainer, AStopWhileAnEpochIsMeasuredGoesOnBitForBit) {
    constexpr int kNever = 0;
    const test::TemporaryFolder folder;
    const auto run_until = [&](int stop_at, TrainingState from) {
        Problem problem;
        TrainerSettings s = settings("plateau");
        s.loop.save_every = 1e9;
        s.loop.patience = 2;
        const auto batches = make_row_batches(problem.x, problem.y, {}, 8, data::Sampling::kShuffle, 3);
        int64_t measured = 0;
        const auto measure = [&]() -> evaluation::Metrics {
            if (++measured == stop_at) throw core::Interrupted();
            return {.top1 = 50};
        };
        const Task task{.module = problem.layer.get(),
                        .parameters = parameters_of(*problem.layer),
                        .logits = [&](const torch::Tensor& x) { return problem.layer->forward(x); },
                        .batches = batches.get(),
                        .validate = [] { return evaluation::Metrics{.top1 = 60}; },
                        .measured = {{"test", measure}}};
        TrainingState last;
        try {
            last = train(task, s, std::move(from),
                         [&](const TrainingState& now) { save_state(folder / "state.safetensors", now, {}); });
        } catch (const core::Interrupted&) {
            EXPECT_EQ(measured, stop_at);
        }
        return last;
    };
    const TrainingState whole = run_until(kNever, {});
    ASSERT_EQ(whole.rows.size(), 3U) << "patience ends it";
    for (const int stop_at : {1, 2, 3}) {
        SCOPED_TRACE(stop_at);
        run_until(stop_at, {});
        const TrainingState resumed = run_until(kNever, *load_state(folder / "state.safetensors", {}));
        EXPECT_EQ(resumed.rows.size(), whole.rows.size());
        EXPECT_EQ(resumed.epoch, whole.epoch);
        EXPECT_EQ(resumed.best_epoch, whole.best_epoch);
        EXPECT_EQ(resumed.plateau_factor, whole.plateau_factor);
        expect_same(resumed.weights, whole.weights, "stopped while it was measured");
    }
}

TEST(ResultsCsv, LeavesUnmeasuredColumnsEmpty) {
    EXPECT_EQ(results_csv(
                  {{.epoch = 1, .seconds = 0.5, .train_loss = 2.25, .top1 = {}, .top5 = {}, .val_loss = {}, .lr = 0.1},
                   {.epoch = 2, .seconds = 1, .train_loss = 2, .top1 = 50, .top5 = 75.5, .val_loss = 1.5, .lr = 0.05}}),
              "epoch,time,train/loss,metrics/accuracy_top1,metrics/accuracy_top5,val/loss,lr/pg0\n"
              "1,0.500,2.25,,,,0.1\n"
              "2,1.000,2,50,75.5,1.5,0.05\n");
}

TEST(ResultsCsv, LeavesCellsOfUnmeasuredEpochsEmpty) {
    EpochRow first{.epoch = 1, .seconds = 1, .train_loss = 2}, second = first;
    second.epoch = 2;
    second.measured = {{"test/accuracy_top1", 25}, {"test/measured_loss", 1.5}};
    const std::string csv = results_csv({first, second});
    EXPECT_NE(csv.find("lr/pg0,test/accuracy_top1,test/measured_loss\n"), std::string::npos) << csv;
    EXPECT_NE(csv.find("1,1.000,2,,,,0,,\n"), std::string::npos) << csv;
    EXPECT_NE(csv.find("2,1.000,2,,,,0,25,1.5\n"), std::string::npos) << csv;
}

}  // namespace
}  // namespace kaziranga::training
