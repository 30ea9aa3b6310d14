#include "training/trainer.hpp"

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>
#include <torch/optim/optimizer.h>

#include <chrono>
#include <cmath>

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "training/optimizer_state.hpp"
#include "training/schedule.hpp"

namespace kaziranga::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class RowBatches final : public Batches {
  public:
    RowBatches(torch::Tensor x, torch::Tensor y, int64_t batch_size, uint64_t seed)
        : x_(std::move(x)), y_(std::move(y)), batch_size_(std::min(batch_size, x_.size(0))), seed_(seed) {}

    int64_t size() const override { return x_.size(0); }
    int64_t batch_size() const override { return batch_size_; }

    std::pair<torch::Tensor, torch::Tensor> get(int64_t epoch, int64_t step) override {
        if (batch_size_ == size()) return {x_, y_};
        if (epoch != shuffled_epoch_) shuffle(epoch);
        const int64_t first = step * batch_size_;
        const torch::Tensor rows = order_.narrow(0, first, std::min(batch_size_, size() - first));
        return {x_.index_select(0, rows), y_.index_select(0, rows)};
    }

  private:
    void shuffle(int64_t epoch) {
        const auto order =
            core::permutation(size(), {seed_, core::Purpose::kShuffle, {static_cast<uint64_t>(epoch)}});
        order_ = at::tensor(order, at::kLong).to(x_.device());
        shuffled_epoch_ = epoch;
    }

    torch::Tensor x_, y_, order_;
    int64_t batch_size_;
    uint64_t seed_;
    int64_t shuffled_epoch_ = -1;
};

models::StateDict copy_of(const torch::nn::Module& module) {
    models::StateDict copy = models::state_dict(module);
    for (auto& [name, tensor] : copy) tensor = tensor.detach().to(at::kCPU, tensor.scalar_type(), false, true);
    return copy;
}

void set_learning_rate(torch::optim::Optimizer& optimizer, double rate) {
    for (auto& group : optimizer.param_groups()) group.options().set_lr(rate);
}

/// Half the weight decay times the squared weights, for an optimiser that has no decay of its own.
torch::Tensor penalty(const torch::nn::Module& module, double weight_decay) {
    torch::Tensor sum = at::zeros({});
    for (const torch::Tensor& parameter : module.parameters()) {
        if (parameter.requires_grad() && parameter.dim() > 1) sum = sum + parameter.square().sum().to(sum.device());
    }
    return sum * (weight_decay / 2);
}

double largest_gradient(const torch::nn::Module& module) {
    double largest = 0;
    for (const torch::Tensor& parameter : module.parameters()) {
        if (!parameter.grad().defined()) continue;
        const double entry = parameter.grad().abs().max().item<double>();
        if (!(entry <= largest)) largest = entry;  // also when it is not a number
    }
    return largest;
}

/// The one training loop, with what lives as long as it runs.
class Trainer {
  public:
    Trainer(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save)
        : task_(task),
          settings_(settings),
          state_(std::move(state)),
          save_(save),
          optimizer_(make_optimizer(*task.module, settings.optimizer)),
          second_order_(settings.optimizer.name == "lbfgs") {
        if (!state_.weights.empty()) {
            models::load_state_dict(*task_.module, state_.weights, {.source = "the saved state", .classifier_name = ""});
            load_optimizer(*optimizer_, state_.optimizer, "the saved state");
        }
    }

    TrainingState run() {
        const int64_t epochs = settings_.loop.epochs;
        core::Phase progress("train", epochs, "epochs");
        progress.advance(state_.epoch);
        while (state_.epoch < epochs && !state_.finished) {
            run_epoch();
            progress.advance(1, epoch_note());
        }
        state_.finished = true;
        keep();
        return std::move(state_);
    }

  private:
    void run_epoch() {
        const int64_t steps = task_.batches->steps();
        for (; state_.step < steps; ++state_.step) {
            stop_if_asked();
            const double loss = step();
            state_.loss_sum += loss * static_cast<double>(samples_in(state_.step));
            if (seconds_since(saved_at_) >= settings_.loop.save_every) keep_after_step();
        }
        finish_epoch();
    }

    int64_t samples_in(int64_t step) const {
        const int64_t batch = task_.batches->batch_size();
        return std::min(batch, task_.batches->size() - step * batch);
    }

    /// The learning rate of a step of the current epoch.
    double rate_at(int64_t step) const {
        const double done = static_cast<double>(step) / static_cast<double>(task_.batches->steps());
        return learning_rate(static_cast<double>(state_.epoch) + done, static_cast<double>(settings_.loop.epochs),
                             settings_.optimizer.lr, settings_.scheduler);
    }

    double step() {
        const auto [x, y] = task_.batches->get(state_.epoch, state_.step);
        set_learning_rate(*optimizer_, rate_at(state_.step));
        bool first = true;
        double first_loss = 0;
        const auto closure = [&, &x = x, &y = y] {
            optimizer_->zero_grad();
            const torch::Tensor loss = at::cross_entropy_loss(task_.logits(x), y, {}, at::Reduction::Mean, -100,
                                                              settings_.loop.label_smoothing);
            torch::Tensor objective = loss;
            if (second_order_) objective = loss + penalty(*task_.module, settings_.optimizer.weight_decay);
            objective.backward();
            if (first) {
                const double gradient = largest_gradient(*task_.module);
                first_loss = loss.item<double>();
                refuse_non_finite("loss", first_loss);
                refuse_non_finite("gradient", gradient);
                converged_ = second_order_ && gradient <= settings_.optimizer.tolerance;
            }
            first = false;
            return objective;
        };
        optimizer_->step(closure);
        return first_loss;
    }

    void refuse_non_finite(const std::string& what, double value) const {
        if (std::isfinite(value)) return;
        throw core::Error({.what = "the " + what + " is not finite",
                           .where = fmt::format("epoch {}, step {}", state_.epoch + 1, state_.step + 1),
                           .found = fmt::format("{}", value),
                           .remedy = "lower optimizer.lr; the last saved state is unharmed"});
    }

    void finish_epoch() {
        EpochRow row{.epoch = state_.epoch + 1,
                     .seconds = spent(),
                     .train_loss = state_.loss_sum / static_cast<double>(task_.batches->size()),
                     .top1 = {},
                     .top5 = {},
                     .val_loss = {},
                     .lr = rate_at(task_.batches->steps() - 1)};
        ++state_.epoch;
        state_.finished = converged_;
        state_.step = 0;
        state_.loss_sum = 0;
        if (task_.validate) {
            const evaluation::Metrics metrics = task_.validate();
            row.top1 = metrics.top1;
            row.top5 = metrics.top5;
            row.val_loss = metrics.loss;
            const bool better = metrics.top1 > state_.best_top1 ||
                                (metrics.top1 == state_.best_top1 && metrics.loss < state_.best_loss);
            if (better) {
                state_.best_epoch = row.epoch;
                state_.best_top1 = metrics.top1;
                state_.best_loss = metrics.loss;
                state_.best = copy_of(*task_.module);
            }
        }
        state_.rows.push_back(row);
    }

    std::string epoch_note() const {
        const EpochRow& row = state_.rows.back();
        std::string note = fmt::format("loss {:.3f}", row.train_loss);
        if (row.top1) note += fmt::format("  val top-1 {:.2f}%", *row.top1);
        return note;
    }

    double spent() const { return state_.seconds + seconds_since(started_); }

    /// The state as it is between two steps.
    void keep() {
        TrainingState kept = state_;
        kept.seconds = spent();
        kept.weights = copy_of(*task_.module);
        if (!state_.finished) kept.optimizer = save_optimizer(*optimizer_);
        save_(kept);
        saved_at_ = Clock::now();
        if (state_.finished) state_ = std::move(kept);
    }

    /// Inside the loop over steps the counter still points at the step just done.
    void keep_after_step() {
        ++state_.step;
        keep();
        --state_.step;
    }

    void stop_if_asked() {
        if (!core::interrupt_requested()) return;
        keep();
        throw core::Interrupted();
    }

    const Task& task_;
    const TrainerSettings& settings_;
    TrainingState state_;
    const SaveState& save_;
    std::unique_ptr<torch::optim::Optimizer> optimizer_;
    bool second_order_;
    bool converged_ = false;  ///< a second-order method has nothing left to gain
    Clock::time_point started_ = Clock::now();
    Clock::time_point saved_at_ = Clock::now();
};

}  // namespace

std::unique_ptr<Batches> make_row_batches(torch::Tensor x, torch::Tensor y, int64_t batch_size, uint64_t seed) {
    return std::make_unique<RowBatches>(std::move(x), std::move(y), batch_size, seed);
}

TrainingState train(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save) {
    if (state.finished) {
        models::load_state_dict(*task.module, state.weights, {.source = "the saved state", .classifier_name = ""});
        return state;
    }
    return Trainer(task, settings, std::move(state), save).run();
}

}  // namespace kaziranga::training
