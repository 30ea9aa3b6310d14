#pragma once

#include "training/options.hpp"

namespace kaziranga::training {

/// The learning rate at a moment of training: a linear rise over the warm-up, then constant, a half cosine
/// (Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts) or a line down to min_lr at the end.
/// @param epoch  epochs done so far, fractional; [0, epochs]
double learning_rate(double epoch, double epochs, double peak, const SchedulerOptions& options);

}  // namespace kaziranga::training
