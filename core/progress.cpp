#include "core/progress.hpp"

#include <utility>

namespace kaziranga::core {
namespace {

struct Silent final : Progress {
    void start(std::string_view, int64_t, std::string_view) override {}
    void advance(int64_t, std::string_view) override {}
    void resume(int64_t) override {}
    void finish() override {}
};

std::unique_ptr<Progress>& current() {
    static std::unique_ptr<Progress> display = std::make_unique<Silent>();
    return display;
}

}  // namespace

Progress& progress() {
    return *current();
}

void show_progress(std::unique_ptr<Progress> display) {
    current() = std::move(display);
}

}  // namespace kaziranga::core
