#pragma once

#include "training/options.hpp"

namespace kaziranga::training {

/// The learning rate at a moment of training: a linear rise over the warm-up, then constant, a half cosine (Loshchilov
/// and Hutter 2017, arXiv:1608.03983, without restarts) or a line down to min_lr at the end, or a factor every
/// step_epochs. one_cycle (Smith and Topin 2018, arXiv:1708.07120) goes as PyTorch's OneCycleLR: in half cosines from
/// peak/25 up to the peak at 30 % and down to peak/250,000. plateau's own factor is the trainer's to apply.
/// @param epoch  epochs done so far, fractional; [0, epochs]
double learning_rate(double epoch, double epochs, double peak, const SchedulerOptions& options);

}  // namespace kaziranga::training
