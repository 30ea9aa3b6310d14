#pragma once

#include <cstdint>

namespace kaziranga::data::synthetic {

/// Periodic noise fields, made once a process from integer hashes alone; one period is the unit square.

/// Six octaves of value noise, the coarsest four cells a period: mean 0, mostly within [-1, 1].
float clouds(float x, float y);

/// One octave, 64 cells a period, in [-1, 1]: fur, sand, ripples.
float ripples(float x, float y);

/// Normal noise of deviation 1, one value a cell of 256 a period, not interpolated: a sensor's.
float grain(uint32_t x, uint32_t y);

/// Distance to the nearest and the second nearest of scattered points, one in each unit cell.
struct Cells {
    float nearest;
    float second;
    uint32_t id;  ///< of the nearest point's cell
};
Cells cells(float x, float y, uint32_t salt);

uint32_t hash_cell(int32_t x, int32_t y, uint32_t salt);
inline float unit(uint32_t hash) {
    return static_cast<float>(hash >> 8) * 0x1.0p-24F;
}

}  // namespace kaziranga::data::synthetic
