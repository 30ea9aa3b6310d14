#include "data/synthetic/habitats.hpp"

#include <array>

namespace kaziranga::data::synthetic {

std::span<const HabitatLook, kHabitats> habitat_looks() {
    using enum View;
    static constexpr std::array<HabitatLook, kHabitats> kLooks = {{
        {"savanna", kSide, 1, 0.1F, rgb(0x7fa9d6), rgb(0xe4dcc0), rgb(0x8d9a72), rgb(0xb99a56), rgb(0x8c7340),
         rgb(0xc2a55a), 0.8F, 0.5F},
        {"forest", kSide, 1, 0, rgb(0x5c7d4a), rgb(0x9db37a), rgb(0x2f4a2c), rgb(0x5a5a34), rgb(0x3a3320),
         rgb(0x4f7a36), 0.6F, 0.7F},
        {"marsh", kSide, 0.3F, 1, rgb(0xa7c0cf), rgb(0xdfe5dc), rgb(0x6f8a66), rgb(0x6d8a92), rgb(0x4a6468),
         rgb(0x6f8f45), 0.6F, 0.4F},
        {"snow", kSide, 0.8F, 0, rgb(0x8fb0d4), rgb(0xe8eef4), rgb(0x5d7280), rgb(0xf0f4f8), rgb(0xc3d3e4),
         rgb(0xa9a184), 0.15F, 0.25F},
        {"desert", kSide, 0.8F, 0, rgb(0x6fa6dc), rgb(0xf0e2c8), rgb(0xb98d62), rgb(0xdcb27a), rgb(0xb98350),
         rgb(0x9a9060), 0.12F, 0.35F},
        {"meadow", kSide, 1, 0.1F, rgb(0x6da3dd), rgb(0xd6e6f0), rgb(0x6e9a6a), rgb(0x7fae48), rgb(0x4e7d30),
         rgb(0x79b043), 0.9F, 0.5F},
        {"mountain", kSide, 0.9F, 0.1F, rgb(0x6c97cc), rgb(0xd5dfe8), rgb(0x76849a), rgb(0x8d8a80), rgb(0x5f5c58),
         rgb(0x7f8a55), 0.2F, 0.9F},
        {"jungle", kSide, 0.1F, 1, rgb(0x3d5c33), rgb(0x8cab6b), rgb(0x1f3a24), rgb(0x44502a), rgb(0x2a2a1a),
         rgb(0x2f7a38), 0.8F, 0.7F},
        {"reed", kSide, 0.1F, 1, rgb(0xb9bfae), rgb(0xe6dfc6), rgb(0x93935f), rgb(0x93803f), rgb(0x665a2c),
         rgb(0xa89b4a), 1.0F, 0.6F},
        {"reef", kWater, 1, 0, {}, {}, rgb(0x2f7fa8), rgb(0x59bcd6), rgb(0x1c5f96), rgb(0xd8735a), 0.8F, 0.5F},
        {"open_water",
         kWater,
         0.8F,
         0.1F,
         {},
         {},
         rgb(0x205a94),
         rgb(0x4b9fd8),
         rgb(0x0f3768),
         rgb(0x7fb0c8),
         0.05F,
         0.3F},
        {"river", kWater, 0.3F, 1, {}, {}, rgb(0x6d8257), rgb(0xa3b487), rgb(0x56603a), rgb(0x66803a), 0.5F, 0.6F},
        {"kelp", kWater, 0.9F, 0, {}, {}, rgb(0x2d6a62), rgb(0x6fb59a), rgb(0x15443f), rgb(0x5f6a2a), 0.7F, 0.4F},
        {"murk", kWater, 0.1F, 1, {}, {}, rgb(0x6f6238), rgb(0x9a8c55), rgb(0x453c22), rgb(0x5d5a30), 0.4F, 0.5F},
        {"litter", kAbove, 1, 0.2F, {}, {}, {}, rgb(0x7a5a38), rgb(0x46331f), rgb(0xa06a34), 1.0F, 0.6F},
        {"sand", kAbove, 0.8F, 0.3F, {}, {}, {}, rgb(0xdcc498), rgb(0xb4976a), rgb(0x98876a), 0.1F, 0.35F},
        {"rock", kAbove, 1, 0.2F, {}, {}, {}, rgb(0x9a968e), rgb(0x625f5a), rgb(0x8f9a60), 0.1F, 0.9F},
        {"bark", kAbove, 1, 0.2F, {}, {}, {}, rgb(0x7d6a55), rgb(0x3f342a), rgb(0x7f8d5c), 0.2F, 1.0F},
        {"leaf", kAbove, 0.6F, 0.6F, {}, {}, {}, rgb(0x5c9a3c), rgb(0x2f6426), rgb(0x86bd55), 0.5F, 0.4F},
        {"moss", kAbove, 0.1F, 1, {}, {}, {}, rgb(0x6f8f35), rgb(0x37521c), rgb(0x92a84a), 0.4F, 0.8F},
        {"clay", kAbove, 0.1F, 1, {}, {}, {}, rgb(0xa8603c), rgb(0x6d3a26), rgb(0x7a8a40), 0.25F, 0.5F},
    }};
    return kLooks;
}

}  // namespace kaziranga::data::synthetic
