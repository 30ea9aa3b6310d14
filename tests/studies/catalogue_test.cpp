#include "studies/catalogue.hpp"

#include "core/error.hpp"
#include "core/files.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

/// The files under configs/studies repeat the defaults, so that a study says the same wherever it is started.
TEST(Studies, HaveAConfigFileOfTheirDefaults) {
    for (const Study& study : studies()) {
        const std::string file = std::string(KAZIRANGA_SOURCE_DIR) + "/configs/studies/" + study.name + ".yaml";
        EXPECT_EQ(study.prepare(core::read_file(file), file, {}).config, study.default_config()) << study.name;
    }
    EXPECT_THROW(find_study("conv_stak"), core::Error);
}

}  // namespace
}  // namespace kaziranga::studies
