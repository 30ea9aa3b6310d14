#include "data/synthetic/camera.hpp"

#include "data/synthetic/noise.hpp"

#include <opencv2/core/mat.hpp>

namespace kaziranga::data::synthetic {
namespace {

unsigned char to_byte(float value) {
    return static_cast<unsigned char>(clamp01(value) * 255.0F + 0.5F);
}

/// Offset of this picture in the noise field.
struct NoiseOffset {
    uint32_t x, y;
};

}  // namespace

cv::Mat take_picture(Canvas& canvas, const Domain& domain, Chance& chance) {
    const int side = canvas.side();
    const float scale = static_cast<float>(side) / 256.0F;
    canvas.blur(scale * (chance.happens(0.25F) ? chance.between(0.5F, 1.25F) : chance.between(0.0F, 0.5F)));

    const Color exposure =
        domain.cast * std::exp(chance.normal(0.14F)) * Color{chance.factor(0.05F), 1.0F, chance.factor(0.05F)};
    const float contrast = domain.contrast * chance.factor(0.14F);
    const float saturation = domain.saturation * chance.factor(0.18F);
    const float noise = domain.noise * chance.between(0.4F, 2.2F);
    const float vignette = domain.vignette * chance.between(0.5F, 1.5F);
    const NoiseOffset offset{static_cast<uint32_t>(chance.below(256)), static_cast<uint32_t>(chance.below(256))};

    cv::Mat picture(side, side, CV_8UC3);
    for (int y = 0; y < side; ++y) {
        const Color* in = canvas.row(y);
        auto* out = picture.ptr<unsigned char>(y);
        const float dy = (static_cast<float>(y) + 0.5F) / static_cast<float>(side) - 0.5F;
        for (int x = 0; x < side; ++x, out += 3) {
            const float dx = (static_cast<float>(x) + 0.5F) / static_cast<float>(side) - 0.5F;
            Color c = in[x] * exposure * (1 - vignette * 2 * (dx * dx + dy * dy));
            const float grey = luminance(c);
            c = lerp(Color{grey, grey, grey}, c, saturation);
            c = Color{0.45F, 0.45F, 0.45F} * (1 - contrast) + c * contrast;
            const auto nx = static_cast<uint32_t>(x) + offset.x, ny = static_cast<uint32_t>(y) + offset.y;
            const float grainy = noise * (1.2F - 0.6F * grey);
            out[0] = to_byte(c.b + grainy * (grain(nx, ny) + 0.5F * grain(nx + 91, ny + 17)));
            out[1] = to_byte(c.g + grainy * (grain(nx, ny) + 0.3F * grain(nx + 53, ny + 131)));
            out[2] = to_byte(c.r + grainy * (grain(nx, ny) + 0.5F * grain(nx + 7, ny + 201)));
        }
    }
    return picture;
}

}  // namespace kaziranga::data::synthetic
