#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <spdlog/logger.h>

namespace kaziranga::core {

/// The program's logger. It writes nowhere until a sink is added, so a library user hears nothing unasked.
spdlog::logger& log();

/// Writes each message as printable text, so that names out of files can neither steer a terminal nor forge a line.
/// @param before  spdlog's pattern of what stands before it; %* is the level, where it is above info
std::unique_ptr<spdlog::formatter> log_formatter(const std::string& before);

/// Adds a sink, such as the console of the program. Not for use while other threads log.
void add_log_sink(spdlog::sink_ptr sink);

/// Sends the log to a file (appended to) as well, for as long as this object lives.
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
