#pragma once

#include "data/synthetic/color.hpp"
#include "data/synthetic/geometry.hpp"

#include <initializer_list>
#include <span>
#include <vector>

namespace kaziranga::data::synthetic {

/// What a part of the body is covered with.
enum class Material : unsigned char { kCoat, kLimb, kTail, kHead, kHorn, kFin, kWing, kShell, kSkin, kFeather };

/// A tapered capsule between two balls. `u` counts lengths along its tube, `along` runs from 0 to 1.
struct Bone {
    Vec a, b;
    float ra, rb;
    float ua, ub;
    float along_a, along_b;
    float bulge;  ///< scales the height towards the viewer: parts in front stand out
    Material material;
};

/// A flat outline such as a fin, a wing or an ear; pattern coordinates are measured from `origin` along `axis`.
struct Plate {
    std::vector<Vec> outline;
    Vec origin;
    Vec axis;
    float span = 1;   ///< length along the axis that `along` = 1 stands for
    float round = 0;  ///< how far in from its edge the plate is rounded
    float lift = 0;   ///< height towards the viewer
    float hand = 1;   ///< -1: the mirror image of a plate on the other side
    Material material = Material::kFin;
};

/// Parts that melt into one another and are painted at once.
struct Layer {
    std::vector<Bone> bones;
    std::vector<Plate> plates;
    float melt = 0.03F;  ///< how far parts flow into each other
    float shag = 0;      ///< how far hair or down frays the outline
    float light = 1;     ///< darkens parts on the far side
};

/// A disc or a line painted onto a finished layer: eyes, nostrils, mouths.
struct Mark {
    Vec a, b;
    float ra = 0, rb = 0;
    Color color;
    size_t after_layer = 0;
};

/// An animal in body lengths: x forward, y up (for those seen from above: the animal's left), the ground at y = 0.
struct Figure {
    std::vector<Layer> layers;  ///< far to near
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
    int samples = 5;  ///< bones between two nodes
};

/// A smooth tube through balls (Catmull-Rom in position and radius).
void add_tube(Layer& layer, std::span<const Node> nodes, const TubeLook& look);
inline void add_tube(Layer& layer, std::initializer_list<Node> nodes, const TubeLook& look) {
    add_tube(layer, std::span<const Node>(nodes.begin(), nodes.size()), look);
}

/// A closed smooth outline through points.
std::vector<Vec> smooth_outline(std::span<const Vec> points, int samples);

/// A leaf-shaped plate: an ear, a feather, a leg's flipper.
Plate leaf(Vec base, Vec tip, float width, Material material);

/// An eye with iris, pupil and a glint.
void add_eye(Figure& figure, Vec center, float radius, Color iris, size_t after_layer);

struct Box {
    Vec low, high;
};
Box bounds(const Figure& figure);

}  // namespace kaziranga::data::synthetic
