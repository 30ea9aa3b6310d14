#include "data/synthetic/canvas.hpp"

#include "data/synthetic/noise.hpp"

#include <opencv2/imgproc.hpp>

namespace kaziranga::data::synthetic {

void Canvas::stroke(Vec a, Vec b, float ra, float rb, Color from, Color to, float alpha) {
    const float wide = std::max(ra, rb) + 0.5F;
    const Range ys = pixels_between(std::min(a.y, b.y) - wide, std::max(a.y, b.y) + wide, side_);
    const Range all = pixels_between(std::min(a.x, b.x) - wide, std::max(a.x, b.x) + wide, side_);
    const Vec d = b - a;
    const float inverse = 1.0F / std::max(dot(d, d), 1e-6F);
    const float slope = std::abs(d.y) > 1.0F ? d.x / d.y : 0.0F;
    const float reach = wide * std::sqrt(1 + slope * slope) + std::abs(slope);
    for (int y = ys.first; y < ys.last; ++y) {
        Range xs = all;
        if (std::abs(d.y) > 1.0F) {
            // A long thin stroke covers little of its bounding box, so only pixels near its axis are visited.
            const float low = std::min(a.y, b.y), high = std::max(a.y, b.y);
            const float on = std::min(std::max(static_cast<float>(y) + 0.5F, low), high);
            const float x = a.x + (on - a.y) * slope;
            const Range near = pixels_between(x - reach, x + reach, side_);
            xs = {std::max(all.first, near.first), std::min(all.last, near.last)};
        }
        for (int x = xs.first; x < xs.last; ++x) {
            const Vec p = Vec{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F} - a;
            const float t = clamp01(dot(p, d) * inverse);
            const float cover = clamp01(lerp(ra, rb, t) + 0.5F - length(p - d * t));
            if (cover > 0) blend(x, y, lerp(from, to, t), cover * alpha);
        }
    }
}

void Canvas::blob(Vec center, float rx, float ry, Color color, float rough, float soft, Vec phase, float alpha) {
    const float wide = 1 + rough + soft;
    const Range ys = pixels_between(center.y - ry * wide, center.y + ry * wide, side_);
    const Range xs = pixels_between(center.x - rx * wide, center.x + rx * wide, side_);
    const float edge = std::max(soft, 1.0F / std::max(std::min(rx, ry), 1.0F));
    const float grain_size = 0.35F / static_cast<float>(side_) * 2.0F;
    for (int y = ys.first; y < ys.last; ++y) {
        for (int x = xs.first; x < xs.last; ++x) {
            const Vec p{(static_cast<float>(x) + 0.5F - center.x) / rx, (static_cast<float>(y) + 0.5F - center.y) / ry};
            const float distance = length(p);
            if (distance > wide) continue;
            const float n =
                clouds(phase.x + static_cast<float>(x) * grain_size, phase.y + static_cast<float>(y) * grain_size);
            const float inside = 1 - distance + rough * n;
            const float cover = clamp01(inside / edge);
            if (cover <= 0) continue;
            const float light = 0.88F - 0.28F * p.y + 0.22F * n;
            blend(x, y, color * light, cover * alpha);
        }
    }
}

void Canvas::leaf(Vec base, Vec tip, float width, Color color, float alpha) {
    const Vec along = tip - base;
    const float span = std::max(length(along), 1.0F);
    const Vec axis = along * (1 / span);
    const Range ys = pixels_between(std::min(base.y, tip.y) - width, std::max(base.y, tip.y) + width, side_);
    const Range xs = pixels_between(std::min(base.x, tip.x) - width, std::max(base.x, tip.x) + width, side_);
    for (int y = ys.first; y < ys.last; ++y) {
        for (int x = xs.first; x < xs.last; ++x) {
            const Vec p = Vec{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F} - base;
            const float t = dot(p, axis) / span;
            if (t <= 0 || t >= 1) continue;
            const float side = cross(axis, p);
            const float half = width * 4 * t * (1 - t) * (1.15F - 0.5F * t);
            const float cover = clamp01(half - std::abs(side) + 0.5F);
            if (cover <= 0) continue;
            const float rib = 0.16F * (1 - clamp01(std::abs(side) - 0.4F));
            const float vein = 0.05F * std::sin((t * span - std::abs(side)) * 0.9F);
            blend(x, y, color * ((side > 0 ? 1.05F : 0.88F) + rib + vein), cover * alpha);
        }
    }
}

void Canvas::shadow(Vec center, float rx, float ry, float depth) {
    const Range ys = pixels_between(center.y - ry, center.y + ry, side_);
    const Range xs = pixels_between(center.x - rx, center.x + rx, side_);
    for (int y = ys.first; y < ys.last; ++y) {
        for (int x = xs.first; x < xs.last; ++x) {
            const Vec p{(static_cast<float>(x) + 0.5F - center.x) / rx, (static_cast<float>(y) + 0.5F - center.y) / ry};
            const float inside = clamp01(1 - dot(p, p));
            at(x, y) = at(x, y) * (1 - depth * inside * inside * (1.6F - 0.6F * inside));
        }
    }
}

void Canvas::blur(float sigma) {
    constexpr float kNothing = 0.2F;
    if (sigma < kNothing) return;
    // OpenCV's Gaussian gives the same bits on every processor for bytes, but not for floats.
    cv::Mat bytes(side_, side_, CV_8UC3);
    auto* out = bytes.ptr<unsigned char>();
    for (const Color& c : pixels_) {
        const Color safe = clamped(c);
        *out++ = static_cast<unsigned char>(safe.r * 255.0F + 0.5F);
        *out++ = static_cast<unsigned char>(safe.g * 255.0F + 0.5F);
        *out++ = static_cast<unsigned char>(safe.b * 255.0F + 0.5F);
    }
    const int reach = std::max(1, static_cast<int>(std::ceil(2.5F * sigma)));
    cv::GaussianBlur(bytes, bytes, {2 * reach + 1, 2 * reach + 1}, sigma, sigma, cv::BORDER_REFLECT_101);
    const auto* in = bytes.ptr<unsigned char>();
    for (Color& c : pixels_) {
        c = {static_cast<float>(in[0]) / 255.0F, static_cast<float>(in[1]) / 255.0F,
             static_cast<float>(in[2]) / 255.0F};
        in += 3;
    }
}

}  // namespace kaziranga::data::synthetic
