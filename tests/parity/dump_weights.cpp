#include "core/error.hpp"
#include "models/registry.hpp"
#include "models/weights/safetensors.hpp"
#include "models/weights/state_dict.hpp"

#include <cstdio>
#include <string>

namespace {

using namespace kaziranga;

models::StateDict read(const std::string& file, const char* name) {
    if (name == nullptr) return models::read_weights(file);
    constexpr int64_t kClasses = 1000;
    const auto network = models::find_architecture(name).make(kClasses);
    models::NetworkWeights weights = models::read_weights(file, *network, network->classifier_name());
    for (const std::string& note : weights.notes) std::printf("%s\n", note.c_str());
    models::load_state_dict(*network, weights.tensors, {.source = file, .naming = weights.naming});
    return weights.tensors;
}

}  // namespace

/// dump_weights FILE OUT.safetensors [NETWORK]: writes the tensors of FILE as they were read, or those that NETWORK
/// takes, and what was chosen. Exit code 2 when FILE is refused.
int main(int count, char** arguments) {
    if (count != 3 && count != 4) {
        std::fputs("usage: dump_weights FILE OUT.safetensors [NETWORK]\n", stderr);
        return 1;
    }
    try {
        models::write_safetensors(arguments[2], read(arguments[1], count == 4 ? arguments[3] : nullptr), {});
    } catch (const core::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
