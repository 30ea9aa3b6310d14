#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/coat.hpp"
#include "data/synthetic/figure.hpp"
#include "data/synthetic/placement.hpp"

#include <vector>

namespace kaziranga::data::synthetic {

/// One layer of a figure turned into pixels: how far each is from the outline, how high the surface rises towards the
/// viewer there, and which point of the body it shows. Heights and distances are body lengths.
class Relief {
  public:
    Relief(int side, const Placement& placement);

    void build(const Layer& layer);

    Range columns() const { return columns_; }
    Range rows() const { return rows_; }
    /// To the outline, negative inside.
    float distance(int x, int y) const { return distance_[index(x, y)]; }
    /// Change of height from one pixel to the next.
    float slope_x(int x, int y) const;
    float slope_y(int x, int y) const;
    SurfacePoint surface(int x, int y) const { return points_[index(x, y)]; }

  private:
    size_t index(int x, int y) const { return static_cast<size_t>(y * side_ + x); }
    Vec to_figure(int x, int y) const;
    void reach(Vec center, float radius);
    void clear();
    void add(const Bone& bone);
    void add(const Plate& plate);
    void roughen(float shag);
    void melt(int radius);

    int side_;
    const Placement& placement_;
    Vec inverse_x_, inverse_y_;  ///< steps in the figure for one pixel right, one down
    Range columns_{}, rows_{};
    std::vector<float> distance_, height_, rank_, scratch_;
    std::vector<SurfacePoint> points_;
};

}  // namespace kaziranga::data::synthetic
