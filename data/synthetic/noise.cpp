#include "data/synthetic/noise.hpp"

#include "core/random.hpp"
#include "data/synthetic/geometry.hpp"

#include <array>
#include <cmath>
#include <memory>

namespace kaziranga::data::synthetic {
namespace {

constexpr int kSide = 256;
using Tile = std::array<float, kSide * kSide>;

float smooth(float t) {
    return t * t * (3.0F - 2.0F * t);
}

void add_octave(Tile& tile, int cells_a_side, float amplitude, uint32_t salt) {
    const float scale = static_cast<float>(cells_a_side) / kSide;
    const auto value = [&](int x, int y) {
        return unit(hash_cell(x % cells_a_side, y % cells_a_side, salt)) * 2.0F - 1.0F;
    };
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const float fx = static_cast<float>(x) * scale, fy = static_cast<float>(y) * scale;
            const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
            const float tx = smooth(fx - static_cast<float>(ix)), ty = smooth(fy - static_cast<float>(iy));
            const float top = value(ix, iy) * (1 - tx) + value(ix + 1, iy) * tx;
            const float low = value(ix, iy + 1) * (1 - tx) + value(ix + 1, iy + 1) * tx;
            tile[static_cast<size_t>(y * kSide + x)] += amplitude * (top * (1 - ty) + low * ty);
        }
    }
}

std::unique_ptr<Tile> octaves(int first, int count, float amplitude, uint32_t salt) {
    auto tile = std::make_unique<Tile>();
    tile->fill(0.0F);
    for (int i = 0; i < count; ++i, first *= 2, amplitude *= 0.55F) {
        add_octave(*tile, first, amplitude, salt + static_cast<uint32_t>(i));
    }
    return tile;
}

std::unique_ptr<Tile> normal_tile() {
    auto tile = std::make_unique<Tile>();
    core::RandomStream stream(0, core::Purpose::kSynthetic, {0});
    for (float& value : *tile) value = static_cast<float>(stream.normal());
    return tile;
}

float sample(const Tile& tile, float x, float y) {
    x *= kSide;
    y *= kSide;
    const int floor_x = floor_of(x), floor_y = floor_of(y);
    const float tx = x - static_cast<float>(floor_x), ty = y - static_cast<float>(floor_y);
    const unsigned x0 = static_cast<unsigned>(floor_x) & (kSide - 1), x1 = (x0 + 1) & (kSide - 1);
    const unsigned y0 = (static_cast<unsigned>(floor_y) & (kSide - 1)) * kSide;
    const unsigned y1 = (y0 + kSide) & (kSide * kSide - 1);
    const float top = tile[y0 + x0] + (tile[y0 + x1] - tile[y0 + x0]) * tx;
    const float low = tile[y1 + x0] + (tile[y1 + x1] - tile[y1 + x0]) * tx;
    return top + (low - top) * ty;
}

}  // namespace

uint32_t hash_cell(int32_t x, int32_t y, uint32_t salt) {
    uint32_t h = static_cast<uint32_t>(x) * 0x8da6b343U ^ static_cast<uint32_t>(y) * 0xd8163841U ^ salt * 0xcb1ab31fU;
    h = (h ^ (h >> 16)) * 0x7feb352dU;
    h = (h ^ (h >> 15)) * 0x846ca68bU;
    return h ^ (h >> 16);
}

float clouds(float x, float y) {
    static const std::unique_ptr<Tile> tile = octaves(4, 6, 0.9F, 11);
    return sample(*tile, x, y);
}

float ripples(float x, float y) {
    static const std::unique_ptr<Tile> tile = octaves(64, 1, 1.0F, 31);
    return sample(*tile, x, y);
}

float grain(uint32_t x, uint32_t y) {
    static const std::unique_ptr<Tile> tile = normal_tile();
    return (*tile)[(y & (kSide - 1)) * kSide + (x & (kSide - 1))];
}

Cells cells(float x, float y, uint32_t salt) {
    const int cell_x = floor_of(x), cell_y = floor_of(y);
    Cells found{9.0F, 9.0F, 0};
    for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
            const uint32_t id = hash_cell(cell_x + i, cell_y + j, salt);
            const float dx = static_cast<float>(cell_x + i) + 0.1F + 0.8F * unit(id) - x;
            const float dy = static_cast<float>(cell_y + j) + 0.1F + 0.8F * unit(id * 0x9e3779b9U) - y;
            const float distance = dx * dx + dy * dy;
            if (distance < found.nearest) {
                found = {distance, found.nearest, id};
            } else if (distance < found.second) {
                found.second = distance;
            }
        }
    }
    return {std::sqrt(found.nearest), std::sqrt(found.second), found.id};
}

}  // namespace kaziranga::data::synthetic
