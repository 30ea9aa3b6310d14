#pragma once

#include "data/dataset.hpp"
#include "training/run/run_folder.hpp"

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Writes per_class.csv and predictions.csv of judged images into a folder.
/// @param logits  [N, K], row i for samples[i]
void write_judged_records(const RunFolder& folder, const at::Tensor& logits, const data::Samples& samples,
                          const std::vector<std::string>& classes);

}  // namespace kaziranga::training
