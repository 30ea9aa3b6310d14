#pragma once

#include "data/synthetic/anatomy.hpp"
#include "data/synthetic/figure.hpp"

#include <cstdint>

namespace kaziranga::data::synthetic {

/// A point on the surface of the body. Lengths are in body lengths.
struct SurfacePoint {
    Material material = Material::kCoat;
    float u = 0;      ///< coordinate along the part
    float v = 0;      ///< coordinate across the part
    float rise = 0;   ///< relative position across the part: -1 at the belly's outline, 1 at the back's
    float along = 0;  ///< relative position along the part: 0 at its root, 1 at its tip
    float edge = 0;   ///< distance to the part's outline
    Vec at;           ///< position in the figure's coordinates
};

/// Paints the coat of one animal: colours and pattern of its species, with its own offset of the pattern.
class CoatPainter {
  public:
    /// @param phase  offset of this animal in the infinite pattern
    /// @param pixel  size of a pixel in body lengths, so that fine patterns fade instead of flickering
    CoatPainter(const Coat& coat, Plan plan, Vec phase, uint32_t salt, float pixel);

    Color albedo(const SurfacePoint& point) const;
    float gloss(Material material) const;

  private:
    float pattern(float u, float v) const;
    float patches(float u, float v, float wave) const;
    float trunk_pattern(const SurfacePoint& point) const;
    float texture(const SurfacePoint& point) const;
    Color coat(const SurfacePoint& point) const;
    Color limb(const SurfacePoint& point) const;
    Color head(const SurfacePoint& point) const;
    Color tail(const SurfacePoint& point) const;
    Color fin(const SurfacePoint& point) const;
    Color feather(const SurfacePoint& point) const;
    Color wing(const SurfacePoint& point) const;
    Color shell(const SurfacePoint& point) const;

    Coat coat_;
    Plan plan_;
    Vec phase_;
    uint32_t salt_;
    float pixel_;
    bool from_above_;
};

}  // namespace kaziranga::data::synthetic
