#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/domain.hpp"

namespace cv {
class Mat;
}

namespace kaziranga::data::synthetic {

/// Applies focus blur, exposure, the colours of the park's domain, vignette and sensor noise.
/// @return [side, side] 8-bit BGR
cv::Mat take_picture(Canvas& canvas, const Domain& domain, Chance& chance);

}  // namespace kaziranga::data::synthetic
