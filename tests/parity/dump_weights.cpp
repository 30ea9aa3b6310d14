#include "core/error.hpp"
#include "models/weights/safetensors.hpp"
#include "models/weights/state_dict.hpp"

#include <cstdio>

/// dump_weights FILE OUT.safetensors: writes the tensors of FILE as they were read. Exit code 2 when FILE is refused.
int main(int count, char** arguments) {
    using namespace kaziranga;
    if (count != 3) {
        std::fputs("usage: dump_weights FILE OUT.safetensors\n", stderr);
        return 1;
    }
    try {
        models::write_safetensors(arguments[2], models::read_weights(arguments[1]), {});
    } catch (const core::Error& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
