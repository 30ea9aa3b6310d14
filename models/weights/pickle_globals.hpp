#pragma once

#include "models/weights/pickle_values.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kaziranga::models::pickle {

/// Throws core::Error with the given message and the file.
class Failure {
  public:
    explicit Failure(std::string where) : where_(std::move(where)) {}
    /// The file is malformed.
    [[noreturn]] void damaged(const std::string& what, const std::string& expected = {},
                              const std::string& found = {}) const;
    /// The file is well-formed but holds something that a weight file must not hold.
    [[noreturn]] void refused(const std::string& what, const std::string& expected = {},
                              const std::string& found = {}) const;

  private:
    std::string where_;
};

/// The meaning of a name. @throws core::Error when it is an unsupported kind of tensor
Global find_global(std::string_view module, std::string_view name, const Failure& failure);

/// The value of a call of `global` with `arguments`; nothing is called.
/// @throws core::Error when it is unknown, or the arguments are not those that torch.save writes
Value call(const Document& document, const Global& global, const Tuple& arguments, const Failure& failure);

/// The storage that a persistent id describes; the id is a tuple.
Storage find_storage(const Document& document, Ref id, const Failure& failure);

}  // namespace kaziranga::models::pickle
