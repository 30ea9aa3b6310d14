#include "core/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>

#include <algorithm>
#include <memory>

#include "core/error.hpp"

namespace kaziranga::core {

spdlog::logger& log() {
    static const auto logger = std::make_shared<spdlog::logger>("kaziranga");
    return *logger;
}

void add_log_sink(spdlog::sink_ptr sink) {
    log().sinks().push_back(std::move(sink));
}

LogFile::LogFile(const std::filesystem::path& path) {
    try {
        sink_ = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    } catch (const spdlog::spdlog_ex& error) {
        throw Error({.what = "cannot open the log", .where = path.string(), .found = error.what()});
    }
    sink_->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    add_log_sink(sink_);
    log().flush_on(spdlog::level::info);  // a run that is killed leaves its log
}

LogFile::~LogFile() {
    sink_->flush();
    auto& sinks = log().sinks();
    sinks.erase(std::remove(sinks.begin(), sinks.end(), sink_), sinks.end());
}

}  // namespace kaziranga::core
