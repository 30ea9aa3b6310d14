#pragma once

#include "models/weights/pickle_values.hpp"

#include <string>
#include <string_view>

namespace kaziranga::models::pickle {

/// Reads the pickle at the front of `bytes` as data; nothing is imported or called. The names that torch.save writes
/// give the values of pickle_values.hpp. Other objects that training scripts keep beside the weights (numbers of NumPy,
/// dates, paths) give an Opaque, and so do objects of an unknown class. A call of an unknown function is rejected,
/// because this is how a pickle does harm.
/// @param where  file, for messages
/// @throws core::Error for such a call, an opcode that torch.save does not write, a tensor that reaches out of its
///         storage, or more than two million values (this limits time, memory, depth and memo)
/// Source: the opcodes as documented in Python's pickletools
Document parse(std::string_view bytes, const std::string& where);

}  // namespace kaziranga::models::pickle
