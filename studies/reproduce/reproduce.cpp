#include "studies/reproduce/reproduce.hpp"

#include "core/config/config.hpp"
#include "core/files.hpp"
#include "studies/reproduce/page.hpp"

#include <chrono>

namespace kaziranga::studies {

evaluation::Report reproduce(const ReproduceOptions& options) {
    check_arms(options);
    const std::filesystem::path folder = options.output;
    const core::FolderLock lock = evaluation::open_report_folder(folder, "reproduce");
    const auto start = std::chrono::steady_clock::now();
    evaluation::Report report{.findings = {.name = "reproduce",
                                           .title = options.made_up_source() && options.made_up_target()
                                                        ? "Transfer learning: from Olympic to Kaziranga"
                                                        : "Transfer learning",
                                           .question = "Few images, and a network trained on another park's many: is "
                                                       "it best to put a new output layer on it and train that alone?"},
                              .config = core::config::to_yaml(options)};
    // Identifies the folder if the run is stopped.
    if (!std::filesystem::exists(folder / evaluation::kRecordName))
        core::write_file(folder / evaluation::kRecordName, evaluation::to_json(report));
    tell_reproduction(options, run_arms(options), report.findings);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    report.seconds = seconds.count();
    report = evaluation::drawn(std::move(report));
    evaluation::write_report(folder, report);
    return report;
}

}  // namespace kaziranga::studies
