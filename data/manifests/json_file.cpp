#include "data/manifests/json_file.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <system_error>

#include <nlohmann/json.hpp>

namespace kaziranga::data {

bool is_json_name(const std::filesystem::path& file) {
    return core::lower(file.extension().string()) == ".json";
}

nlohmann::json read_json(const std::filesystem::path& file) {
    try {
        return nlohmann::json::parse(core::read_file(file));
    } catch (const nlohmann::json::exception& error) {
        throw core::Error({.what = "the JSON cannot be read",
                           .where = file.string(),
                           .found = error.what(),
                           .remedy = "write it again, or take another copy"});
    }
}

std::string text_in(const nlohmann::json& json, const char* key) {
    const auto found = json.find(key);
    if (found == json.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

bool is_json_with(const std::filesystem::path& file, const std::vector<std::string>& keys) {
    std::error_code code;
    if (!is_json_name(file) || !std::filesystem::is_regular_file(file, code)) return false;
    try {
        const std::string text = core::read_file(file);
        return std::ranges::all_of(
            keys, [&](const std::string& key) { return text.find('"' + key + '"') != std::string::npos; });
    } catch (const core::Error&) {
        return false;  // whoever reads it says why it cannot be read
    }
}

}  // namespace kaziranga::data
