#include "core/log.hpp"

#include "core/error.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>

namespace kaziranga::core {
namespace {

/// Writes the name of the level, but nothing for info and below.
class LevelMark final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        if (message.level <= spdlog::level::info) return;
        const auto name = spdlog::level::to_string_view(message.level);
        out.append(name.data(), name.data() + name.size());
        out.append(std::string_view(": "));
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelMark>(); }
};

class PrintableMessage final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        out.append(printable({message.payload.data(), message.payload.size()}));
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<PrintableMessage>(); }
};

}  // namespace

spdlog::logger& log() {
    static const auto logger = std::make_shared<spdlog::logger>("kaziranga");
    return *logger;
}

std::unique_ptr<spdlog::formatter> log_formatter(const std::string& before) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<LevelMark>('*').add_flag<PrintableMessage>('~').set_pattern(before + "%~");
    return formatter;
}

void add_log_sink(spdlog::sink_ptr sink) {
    log().sinks().push_back(std::move(sink));
}

LogFile::LogFile(const std::filesystem::path& path) {
    try {
        sink_ = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
    } catch (const spdlog::spdlog_ex&) {
        throw Error(system_problem("cannot open the log", path, errno));
    }
    sink_->set_formatter(log_formatter("%Y-%m-%d %H:%M:%S.%e %l "));
    add_log_sink(sink_);
    log().flush_on(spdlog::level::info);  // the log of a killed run is complete
}

LogFile::~LogFile() {
    try {
        sink_->flush();
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch) full disk: a destructor cannot report it
    }
    auto& sinks = log().sinks();
    sinks.erase(std::remove(sinks.begin(), sinks.end(), sink_), sinks.end());
}

}  // namespace kaziranga::core
