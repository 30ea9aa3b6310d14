#include "training/loop/trainer.hpp"

#include "core/device_work.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "data/balance.hpp"
#include "training/loop/gradients.hpp"
#include "training/loop/optimizer_state.hpp"
#include "training/loop/schedule.hpp"
#include "training/loop/weight_average.hpp"

#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <torch/optim/optimizer.h>

namespace kaziranga::training {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<torch::Tensor> clones_of(const std::vector<torch::Tensor>& tensors) {
    std::vector<torch::Tensor> clones;
    for (const torch::Tensor& tensor : tensors) clones.push_back(tensor.clone());
    return clones;
}

class RowBatches final : public Batches {
  public:
    RowBatches(torch::Tensor x, torch::Tensor y, std::vector<std::string> names, int64_t batch_size,
               data::Sampling sampling, uint64_t seed)
        : x_(std::move(x)),
          y_(std::move(y)),
          labels_(y_.cpu()),
          names_(std::move(names)),
          batch_size_(std::min(batch_size, x_.size(0))),
          sampling_(sampling),
          seed_(seed) {}

    int64_t size() const override { return x_.size(0); }
    int64_t batch_size() const override { return batch_size_; }

    TrainingBatch get(int64_t epoch, int64_t number) override {
        if (epoch != ordered_epoch_) {
            order_ = at::tensor(data::epoch_order(labels_, sampling_, seed_, epoch), at::kLong);
            order_there_ = order_.to(x_.device());
            ordered_epoch_ = epoch;
        }
        const torch::Tensor rows = rows_of(number, order_there_);
        return {x_.index_select(0, rows), y_.index_select(0, rows)};
    }

    std::vector<std::string> names(int64_t, int64_t number) const override {
        std::vector<std::string> result;
        if (names_.empty()) return result;
        const torch::Tensor rows = rows_of(number, order_);
        for (int64_t i = 0; i < rows.size(0); ++i)
            result.push_back(names_[static_cast<size_t>(rows[i].item<int64_t>())]);
        return result;
    }

  private:
    torch::Tensor rows_of(int64_t number, const torch::Tensor& order) const {
        const int64_t first = number * batch_size_;
        return order.narrow(0, first, std::min(batch_size_, size() - first));
    }

    torch::Tensor x_, y_, labels_, order_;
    torch::Tensor order_there_;  ///< on the device of the rows
    std::vector<std::string> names_;
    int64_t batch_size_;
    data::Sampling sampling_;
    uint64_t seed_;
    int64_t ordered_epoch_ = -1;
};

/// The results of a step. A GPU delivers them later: waiting for them in every step would leave the GPU idle in
/// between.
struct StepNumbers {
    int64_t step;          ///< in the epoch
    int64_t first, end;    ///< range of its batches
    torch::Tensor values;  ///< [batches + 1] float32, host: losses of the batches, norm of the gradient
    core::DeviceEvent arrived;
};

/// The only training loop, with the data that lives as long as it runs.
class Trainer {
    static constexpr size_t kStepsAhead = 2;  ///< steps given to a GPU whose results are pending

  public:
    Trainer(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save)
        : task_(task),
          settings_(settings),
          state_(std::move(state)),
          save_(save),
          optimizer_(make_optimizer(task.parameters, settings.optimizer)),
          rate_factors_(rate_factors(task.parameters)) {
        if (!state_.weights.empty()) {
            models::load_state_dict(*task_.module, state_.weights,
                                    {.source = "the saved state", .classifier_name = ""});
            load_optimizer(*optimizer_, state_.optimizer, "the saved state");
        }
        if (settings_.loop.ema > 0) average_.emplace(*task_.module, settings_.loop.ema, state_.averaged);
        for (const TrainedParameter& parameter : task_.parameters) values_.push_back(parameter.value);
    }

    TrainingState run() {
        const int64_t epochs = settings_.loop.epochs;
        core::Phase progress("train", epochs * steps(), "steps");
        progress.resume(state_.epoch * steps() + state_.step);
        try {
            while (state_.epoch < epochs && !state_.finished) run_epoch(progress);
        } catch (const core::Interrupted&) {  // before a step, in an abandoned step, or in validation
            keep();
            throw;
        }
        state_.finished = true;
        keep();
        if (average_)
            models::load_state_dict(*task_.module, state_.averaged, {.source = "the average", .classifier_name = ""});
        return std::move(state_);
    }

  private:
    int64_t steps() const {
        return (task_.batches->count() + settings_.loop.accumulate - 1) / settings_.loop.accumulate;
    }

    void run_epoch(core::Phase& progress) {
        task_.enter_epoch(state_.epoch);
        while (state_.step < steps()) {
            core::throw_if_interrupted();
            step();
            if (average_) average_->update(state_.epoch * steps() + state_.step);
            ++state_.step;
            progress.advance(1, last_note_);
            if (seconds_since(saved_at_) >= settings_.loop.save_every) keep();
        }
        finish_epoch();
    }

    int64_t samples_in(int64_t batch) const {
        const int64_t size = task_.batches->batch_size();
        return std::min(size, task_.batches->size() - batch * size);
    }

    /// A step of the current epoch.
    Moment moment_of(int64_t step) const {
        return {
            .step = state_.epoch * steps() + step, .steps = settings_.loop.epochs * steps(), .steps_an_epoch = steps()};
    }

    /// The learning rate of a step of the current epoch, before the factors of the parameters.
    double rate_at(int64_t step) const {
        const double rate = learning_rate(moment_of(step), settings_.optimizer.lr, settings_.scheduler);
        if (settings_.scheduler.name != Schedule::kPlateau) return rate;
        return std::max(rate * state_.plateau_factor, std::min(rate, settings_.scheduler.min_lr));
    }

    /// One step of the optimiser, on the mean gradient of its batches.
    void step() {
        const int64_t first = state_.step * settings_.loop.accumulate;
        const int64_t end = std::min(first + settings_.loop.accumulate, task_.batches->count());
        int64_t samples = 0;
        std::vector<TrainingBatch> batches;  // all before anything changes: waiting for one may be interrupted
        for (int64_t number = first; number < end; ++number) {
            samples += samples_in(number);
            batches.push_back(task_.batches->get(state_.epoch, number));
        }

        optimizer_->zero_grad();
        const std::vector<torch::Tensor> statistics =
            batches.size() > 1 ? clones_of(task_.module->buffers()) : std::vector<torch::Tensor>{};
        std::vector<torch::Tensor> values;
        for (int64_t number = first; number < end; ++number) {
            if (number > first && core::interrupt_requested()) give_up(statistics);
            const torch::Tensor loss = loss_of(batches[static_cast<size_t>(number - first)]);
            (loss * (static_cast<double>(samples_in(number)) / static_cast<double>(samples))).backward();
            values.push_back(loss.detach());
        }
        pull_to_anchors();
        const bool clips = settings_.loop.clip_norm > 0;
        values.push_back(
            clip_gradients(values_, clips ? settings_.loop.clip_norm : std::numeric_limits<double>::infinity()));
        record(first, end, at::stack(values));
        set_learning_rates(*optimizer_, rate_factors_, rate_at(state_.step));
        set_momentum(*optimizer_, momentum(moment_of(state_.step), settings_.optimizer, settings_.scheduler));
        optimizer_->step();
        drain(kStepsAhead);
    }

    /// Restores the state before the step, so that the step can be repeated.
    /// @param statistics  the module's buffers before the step
    [[noreturn]] void give_up(const std::vector<torch::Tensor>& statistics) {
        const c10::NoGradGuard no_grad;
        const std::vector<torch::Tensor> buffers = task_.module->buffers();
        for (size_t i = 0; i < buffers.size(); ++i) buffers[i].copy_(statistics[i]);
        throw core::Interrupted();
    }

    /// @param values  [batches + 1] float32
    void record(int64_t first, int64_t end, const torch::Tensor& values) {
        StepNumbers numbers{.step = state_.step,
                            .first = first,
                            .end = end,
                            .values = at::empty(values.sizes(), core::host_memory(values.device(), at::kFloat)),
                            .arrived = core::DeviceEvent(values.device())};
        numbers.values.copy_(values, /*non_blocking=*/true);
        numbers.arrived.record();
        pending_.push_back(std::move(numbers));
    }

    /// Reads the results of steps in their order, until at most `left` steps are pending.
    void drain(size_t left) {
        while (!pending_.empty() && (pending_.size() > left || pending_.front().arrived.query())) {
            const StepNumbers numbers = std::move(pending_.front());
            pending_.pop_front();
            numbers.arrived.synchronize();
            const float* value = numbers.values.const_data_ptr<float>();
            for (int64_t number = numbers.first; number < numbers.end; ++number, ++value) {
                refuse_non_finite("loss", *value, numbers, number, number + 1);
                state_.loss_sum += *value * static_cast<double>(samples_in(number));
            }
            refuse_non_finite("gradient", *value, numbers, numbers.first, numbers.end);
        }
    }

    torch::Tensor loss_of(const TrainingBatch& batch) const {
        torch::Tensor logits = task_.logits(batch.x);
        if (task_.adjustment.defined()) logits = logits + task_.adjustment;
        return at::cross_entropy_loss(logits, batch.y, task_.class_weights, at::Reduction::Mean, -100,
                                      settings_.loop.label_smoothing);
    }

    /// The gradient of l2_sp/2 |w - anchor|^2.
    void pull_to_anchors() {
        const c10::NoGradGuard no_grad;
        for (const TrainedParameter& parameter : task_.parameters) {
            if (!parameter.anchor.defined() || !parameter.value.grad().defined()) continue;
            parameter.value.grad().add_(parameter.value - parameter.anchor, settings_.loop.l2_sp);
        }
    }

    void refuse_non_finite(const std::string& what, double value, const StepNumbers& numbers, int64_t first_batch,
                           int64_t end) const {
        if (std::isfinite(value)) return;
        std::vector<std::string> names;
        for (int64_t number = first_batch; number < end; ++number) {
            for (const std::string& name : task_.batches->names(state_.epoch, number))
                names.push_back(core::printable(name));
        }
        throw core::Error(
            {.what = "the " + what + " is not finite",
             .where = fmt::format("epoch {}, step {}", state_.epoch + 1, numbers.step + 1),
             .found = fmt::format("{}{}", value, names.empty() ? "" : ", images " + core::join(names, ", ")),
             .remedy = "lower optimizer.lr or set train.clip_norm; what was saved before is unharmed"});
    }

    void finish_epoch() {
        drain(0);
        EpochRow row{.epoch = state_.epoch + 1,
                     .seconds = 0,
                     .train_loss = state_.loss_sum / static_cast<double>(task_.batches->size()),
                     .top1 = {},
                     .top5 = {},
                     .val_loss = {},
                     .lr = rate_at(steps() - 1),
                     .measured = {}};
        last_note_ = fmt::format("loss {:.3f}", row.train_loss);
        // Work that an interrupt can stop comes first; only then does the state change.
        std::optional<Validated> validated;
        if (task_.validate) validated = validate(row);
        measure(row, validated && validated->ends);
        if (validated) learn_from(std::move(*validated), row.epoch);
        row.seconds = spent();
        state_.rows.push_back(row);
        ++state_.epoch;
        state_.step = 0;
        state_.loss_sum = 0;
    }

    /// The result of the validation of an epoch.
    struct Validated {
        evaluation::Metrics metrics;
        std::optional<models::StateDict> best;  ///< the weights, if they are the best so far
        bool ends = false;                      ///< true if training ends because no better epoch came
    };

    Validated validate(EpochRow& row) {
        std::optional<WeightAverage::InPlace> averaged;
        if (average_) averaged.emplace(*average_);
        Validated now{.metrics = task_.validate()};
        const evaluation::Metrics& metrics = now.metrics;
        row.top1 = metrics.top1;
        row.top5 = metrics.top5;
        row.val_loss = metrics.loss;
        last_note_ += fmt::format("  val top-1 {:.2f}%", metrics.top1);
        if (metrics.top1 > state_.best_top1 || (metrics.top1 == state_.best_top1 && metrics.loss < state_.best_loss)) {
            now.best = copy_of(*task_.module);
        }
        const int64_t patience = settings_.loop.patience;
        now.ends = patience > 0 && !now.best && row.epoch - state_.best_epoch >= patience;
        return now;
    }

    void learn_from(Validated validated, int64_t epoch) {
        if (validated.best) {
            state_.best_epoch = epoch;
            state_.best_top1 = validated.metrics.top1;
            state_.best_loss = validated.metrics.loss;
            state_.best = std::move(*validated.best);
            state_.plateau_since = epoch;
        }
        const SchedulerOptions& scheduler = settings_.scheduler;
        if (scheduler.name == Schedule::kPlateau && epoch - state_.plateau_since > scheduler.patience) {
            state_.plateau_factor *= scheduler.gamma;
            state_.plateau_since = epoch;
        }
        state_.finished = validated.ends;
    }

    /// @param epoch  1-based
    bool is_measured(int64_t epoch) const {
        const int64_t epochs = settings_.loop.epochs, wanted = settings_.loop.measured_epochs;
        return wanted == 0 || epoch * wanted / epochs > (epoch - 1) * wanted / epochs;
    }

    /// @param ends  true if the epoch is the last, planned or not
    void measure(EpochRow& row, bool ends) {
        if (task_.measured.empty() || !(is_measured(row.epoch) || ends)) return;
        const Clock::time_point start = Clock::now();
        std::optional<WeightAverage::InPlace> averaged;
        if (average_) averaged.emplace(*average_);
        for (const auto& [split, measure_split] : task_.measured) {
            const evaluation::Metrics metrics = measure_split();
            row.measured.emplace_back(split + "/accuracy_top1", metrics.top1);
            row.measured.emplace_back(split + "/measured_loss", metrics.loss);
        }
        started_ += Clock::now() - start;
    }

    double spent() const { return state_.seconds + seconds_since(started_); }

    /// Saves the state between two steps. Never saves a state that a step with non-finite numbers has damaged.
    void keep() {
        drain(0);
        TrainingState kept = state_;
        kept.seconds = spent();
        kept.weights = copy_of(*task_.module);
        if (average_) kept.averaged = average_->copy();
        if (!state_.finished) kept.optimizer = save_optimizer(*optimizer_);
        save_(kept);
        saved_at_ = Clock::now();
        if (state_.finished) state_ = std::move(kept);
    }

    const Task& task_;
    const TrainerSettings& settings_;
    TrainingState state_;
    const SaveState& save_;
    std::unique_ptr<torch::optim::Optimizer> optimizer_;
    const std::vector<double> rate_factors_;  ///< of the optimiser's groups
    std::optional<WeightAverage> average_;
    std::vector<torch::Tensor> values_;  ///< values of the trained parameters
    std::deque<StepNumbers> pending_;    ///< steps given to the device, the oldest first
    std::string last_note_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point saved_at_ = Clock::now();
};

}  // namespace

std::unique_ptr<Batches> make_row_batches(torch::Tensor x, torch::Tensor y, std::vector<std::string> names,
                                          int64_t batch_size, data::Sampling sampling, uint64_t seed) {
    return std::make_unique<RowBatches>(std::move(x), std::move(y), std::move(names), batch_size, sampling, seed);
}

void balance_loss(Task& task, const data::BalanceOptions& options, const torch::Tensor& y, int64_t classes,
                  torch::Device device) {
    if (options.class_weights == data::ClassWeights::kBalanced)
        task.class_weights = data::balanced_class_weights(y, classes).to(device);
    if (options.logit_adjustment > 0) {
        task.adjustment = (data::log_frequencies(y, classes) * options.logit_adjustment).to(device);
    }
}

TrainingState train(const Task& task, const TrainerSettings& settings, TrainingState state, const SaveState& save) {
    if (state.finished) {
        models::load_state_dict(*task.module, state.last(), {.source = "the saved state", .classifier_name = ""});
        return state;
    }
    return Trainer(task, settings, std::move(state), save).run();
}

}  // namespace kaziranga::training
