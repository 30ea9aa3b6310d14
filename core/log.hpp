#pragma once

#include <spdlog/logger.h>

#include <filesystem>

namespace kaziranga::core {

/// The program's logger. It writes nowhere until a sink is added, so a library user hears nothing unasked.
spdlog::logger& log();

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
