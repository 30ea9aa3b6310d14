#pragma once

#include "data/synthetic/canvas.hpp"
#include "data/synthetic/coat.hpp"
#include "data/synthetic/figure.hpp"
#include "data/synthetic/placement.hpp"

#include <vector>

namespace kaziranga::data::synthetic {

/// One layer of a figure in pixels. For each pixel: distance to the outline, height of the surface towards the viewer,
/// and the point of the body that it shows. Heights and distances are in body lengths.
class Relief {
  public:
    Relief(int side, const Placement& placement);

    void build(const Layer& layer);

    Range columns() const { return columns_; }
    Range rows() const { return rows_; }
    /// Distance to the outline, negative inside.
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
    Vec inverse_x_, inverse_y_;  ///< steps in figure coordinates for one pixel right and one pixel down
    Range columns_{}, rows_{};
    std::vector<float> distance_, height_, rank_, scratch_;
    std::vector<SurfacePoint> points_;
};

}  // namespace kaziranga::data::synthetic
