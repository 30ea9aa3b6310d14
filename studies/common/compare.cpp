#include "studies/common/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kaziranga::studies {

double largest(const at::Tensor& x) {
    return x.abs().max().item<double>();
}

double relative_error(const at::Tensor& a, const at::Tensor& b) {
    const double scale = std::max(largest(a), largest(b));
    return scale == 0 ? 0 : largest(a - b) / scale;
}

double worse(double a, double b) {
    if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
    return std::max(a, b);
}

std::vector<double> values_of(const at::Tensor& x) {
    const at::Tensor flat = x.to(at::kDouble).contiguous();
    return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

}  // namespace kaziranga::studies
