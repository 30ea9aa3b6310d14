#include "models/inference/inference_conv.hpp"

namespace kaziranga::models {

CentredKernel centred(const ConvOptions& options, const torch::Tensor& weight, torch::IntArrayRef input) {
    const Window rows = window_of(options, input[2]), columns = window_of(options, input[3]);
    const int64_t above = rows.padding_after - rows.padding_before;
    const int64_t left = columns.padding_after - columns.padding_before;
    return {.weight = at::constant_pad_nd(weight, {left, 0, above, 0}).contiguous(at::MemoryFormat::ChannelsLast),
            .padding = {rows.padding_after, columns.padding_after}};
}

}  // namespace kaziranga::models
