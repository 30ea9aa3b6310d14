#pragma once

// Precompiled for every room: what is slow to parse and rarely changes.

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <torch/nn/module.h>
#include <torch/types.h>
