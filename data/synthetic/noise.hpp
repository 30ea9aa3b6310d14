#pragma once

#include <cstdint>

namespace kaziranga::data::synthetic {

/// Periodic noise fields, computed once per process from integer hashes. One period is the unit square.

/// Six octaves of value noise, the coarsest with four cells per period: mean 0, mostly within [-1, 1].
float clouds(float x, float y);

/// One octave, 64 cells per period, in [-1, 1]: for fur, sand, ripples.
float ripples(float x, float y);

/// Sensor noise: normal with standard deviation 1, one value per cell, 256 cells per period, not interpolated.
float grain(uint32_t x, uint32_t y);

/// Distances to the nearest and second nearest of random points. There is one point in each unit cell.
struct Cells {
    float nearest;
    float second;
    uint32_t id;  ///< hash of the nearest point's cell
};
Cells cells(float x, float y, uint32_t salt);

uint32_t hash_cell(int32_t x, int32_t y, uint32_t salt);
inline float unit(uint32_t hash) {
    return static_cast<float>(hash >> 8) * 0x1.0p-24F;
}

}  // namespace kaziranga::data::synthetic
