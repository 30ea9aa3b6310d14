#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kaziranga::data {

/// Reads a time as cameras and tables write it: "2021-07-01 05:20:42", also with 'T' between, '/' or ':' in the date,
/// without seconds, or with a fraction or time zone behind, which are passed over: bursts need the camera's clock only.
/// @return seconds since 1970 on that clock; none if it is no such time
std::optional<int64_t> seconds_of(std::string_view text);

/// The same with the time zone behind it taken off, "Z" or "+02:00": seconds since 1970, UTC. Without a zone the
/// clock's own.
std::optional<int64_t> universal_seconds_of(std::string_view text);

}  // namespace kaziranga::data
