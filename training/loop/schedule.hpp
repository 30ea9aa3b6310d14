#pragma once

#include "training/loop/options.hpp"

namespace kaziranga::training {

/// A step of a training.
struct Moment {
    int64_t step = 0;            ///< in the whole training, from 0
    int64_t steps = 0;           ///< in the whole training
    int64_t steps_an_epoch = 1;  ///< steps of the optimiser per epoch
};

/// The learning rate of a step. It equals that of PyTorch's schedulers if they are called at every step instead of
/// every epoch. The warm-up is LinearLR from a hundredth of the peak, as in torchvision's reference training; from
/// zero, the first step would do nothing. After it the rate is constant, CosineAnnealingLR or LinearLR down to min_lr,
/// which the step after the last would have, or StepLR with a factor every step_epochs. one_cycle (Smith and Topin
/// 2018, arXiv:1708.07120) is OneCycleLR: half cosines from peak/25 up to the peak at 30 % and down to peak/250,000 at
/// the last step. The trainer applies the factor of plateau.
double learning_rate(const Moment& moment, double peak, const SchedulerOptions& options);

/// The momentum of sgd or beta1 of adamw at a step. It is the optimiser's own value, except with one_cycle. There it
/// moves opposite to the learning rate as in OneCycleLR: from 0.95 down to 0.85 at the peak and up to 0.95 at the last
/// step.
double momentum(const Moment& moment, const OptimizerOptions& optimizer, const SchedulerOptions& options);

}  // namespace kaziranga::training
