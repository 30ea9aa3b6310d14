#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <spdlog/logger.h>

namespace kaziranga::core {

/// The program's logger. It writes nothing until a sink is added, so users of the library see no unwanted output.
spdlog::logger& log();

/// Writes each message as printable text, so that names from files cannot control a terminal or fake a line.
/// @param before  spdlog pattern of the text before the message; %* is the level if it is above info
std::unique_ptr<spdlog::formatter> log_formatter(const std::string& before);

/// Adds a sink, for example the console. Not thread-safe: no other thread may log during the call.
void add_log_sink(spdlog::sink_ptr sink);

/// Appends the log to a file, in addition to the other sinks, for the lifetime of this object.
class LogFile {
  public:
    explicit LogFile(const std::filesystem::path& path);
    ~LogFile();
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

  private:
    spdlog::sink_ptr sink_;
};

}  // namespace kaziranga::core
