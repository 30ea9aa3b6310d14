#pragma once

#include "data/synthetic/color.hpp"
#include "data/synthetic/geometry.hpp"

#include <initializer_list>
#include <span>
#include <vector>

namespace kaziranga::data::synthetic {

/// The surface material of a body part.
enum class Material : unsigned char { kCoat, kLimb, kTail, kHead, kHorn, kFin, kWing, kShell, kSkin, kFeather };

/// A tapered capsule between two balls. `u` is the length along the tube; `along` runs from 0 to 1.
struct Bone {
    Vec a, b;
    float ra, rb;
    float ua, ub;
    float along_a, along_b;
    float bulge;  ///< scales the height towards the viewer, so that front parts stand out
    Material material;
};

/// A flat outline, for example a fin, a wing or an ear. Pattern coordinates start at `origin` along `axis`.
struct Plate {
    std::vector<Vec> outline;
    Vec origin;
    Vec axis;
    float span = 1;   ///< length along the axis at which `along` is 1
    float round = 0;  ///< width of the rounded edge
    float lift = 0;   ///< height towards the viewer
    float hand = 1;   ///< -1: mirror image of a plate on the other side
    Material material = Material::kFin;
};

/// Body parts that blend into each other and are painted together.
struct Layer {
    std::vector<Bone> bones;
    std::vector<Plate> plates;
    float melt = 0.03F;  ///< radius of blending between parts
    float shag = 0;      ///< how much hair or down roughens the outline
    float light = 1;     ///< brightness factor; parts on the far side are darker
};

/// A disc or a line painted on a finished layer: eyes, nostrils, mouths.
struct Mark {
    Vec a, b;
    float ra = 0, rb = 0;
    Color color;
    size_t after_layer = 0;
};

/// An animal in body lengths: x forward, y up (if seen from above: to the animal's left), ground at y = 0.
struct Figure {
    std::vector<Layer> layers;  ///< from far to near
    std::vector<Mark> marks;
    std::vector<Vec> feet;
    bool perched = false;
    bool afloat = false;
};

struct Node {
    Vec p;
    float r;
};

struct TubeLook {
    Material material = Material::kCoat;
    float bulge = 1;
    float u0 = 0;
    int samples = 5;  ///< number of bones between two nodes
};

/// Adds a smooth tube through balls (Catmull-Rom in position and radius).
void add_tube(Layer& layer, std::span<const Node> nodes, const TubeLook& look);
inline void add_tube(Layer& layer, std::initializer_list<Node> nodes, const TubeLook& look) {
    add_tube(layer, std::span<const Node>(nodes.begin(), nodes.size()), look);
}

/// Returns a closed smooth outline through the points.
std::vector<Vec> smooth_outline(std::span<const Vec> points, int samples);

/// Returns a leaf-shaped plate: an ear, a feather or a flipper.
Plate leaf(Vec base, Vec tip, float width, Material material);

/// Adds an eye with iris, pupil and a glint.
void add_eye(Figure& figure, Vec center, float radius, Color iris, size_t after_layer);

struct Box {
    Vec low, high;
};
Box bounds(const Figure& figure);

}  // namespace kaziranga::data::synthetic
