#pragma once

#include "training/loop/options.hpp"

namespace kaziranga::training {

/// A step of a training.
struct Moment {
    int64_t step = 0;            ///< of the whole training, from 0
    int64_t steps = 0;           ///< of the whole training
    int64_t steps_an_epoch = 1;  ///< of the optimiser
};

/// The learning rate of a step, as PyTorch's schedulers give it when they are asked at every step instead of every
/// epoch: over the warm-up LinearLR from a hundredth of the peak (torchvision's reference training has that start; with
/// none at all the first step would do nothing), then constant, CosineAnnealingLR or LinearLR down to min_lr, which the
/// step after the last would have, or StepLR, a factor every step_epochs. one_cycle (Smith and Topin 2018,
/// arXiv:1708.07120) is OneCycleLR: in half cosines from peak/25 up to the peak at 30 % and down to peak/250,000 at the
/// last step. plateau's own factor is the trainer's to apply.
double learning_rate(const Moment& moment, double peak, const SchedulerOptions& options);

/// Momentum of sgd, beta1 of adamw, at a step: what the optimiser has, but for one_cycle, where it goes against the
/// rate as in OneCycleLR: from 0.95 down to 0.85 at the peak and up to 0.95 at the last step.
double momentum(const Moment& moment, const OptimizerOptions& optimizer, const SchedulerOptions& options);

}  // namespace kaziranga::training
