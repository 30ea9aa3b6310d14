#pragma once

#include "models/weights/pickle_values.hpp"

#include <string>
#include <string_view>

namespace kaziranga::models::pickle {

/// Reads the pickle at the front of `bytes` as data. Nothing is imported or called: the names that torch.save writes
/// stand for the values above, and what training scripts keep beside the weights (numbers of NumPy, dates, paths) for
/// an Opaque. A class that is not known may stand there, and its objects are Opaque too; a call of a function that is
/// not known is refused, as that is how a pickle does harm.
/// @param where  file, for messages
/// @throws core::Error for such a call, an opcode that torch.save does not write, a tensor that reaches out of its
///         storage, or more than two million values, which bounds time, memory, depth and memo alike
/// Source: the opcodes as documented in Python's pickletools
Document parse(std::string_view bytes, const std::string& where);

}  // namespace kaziranga::models::pickle
