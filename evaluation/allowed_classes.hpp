#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The classes that can occur, everywhere or at a site. Those that are no animals (kind_of_class) always can.
class AllowedClasses {
  public:
    /// @param file     a list with one name a line, or a table (.csv, .tsv) with the columns of a label and a site
    /// @param classes  of the model; the names in the file are compared without the differences of spelling
    /// @throws core::Error when the file cannot be read, or names no class of the model
    AllowedClasses(const std::filesystem::path& file, const std::vector<std::string>& classes);

    /// What the user should know: names that are no classes of the model.
    const std::vector<core::Problem>& warnings() const { return warnings_; }

    /// Removes the classes that cannot occur where a sample was taken. At sites that the table does not name, all can.
    /// @param logits  [N, K], row i for samples[i]
    at::Tensor apply(const at::Tensor& logits, const data::Samples& samples) const;

    /// What is allowed, in one text that differs where anything differs.
    std::string text() const;

  private:
    void read_list(const std::filesystem::path& file);
    void read_table(const std::filesystem::path& file);
    void allow(const std::string& site, const std::string& name);
    at::Tensor removed(const std::vector<bool>& allowed) const;

    const std::vector<std::string>& classes_;
    std::map<std::string, size_t> index_;                // by spelling key
    std::map<std::string, std::vector<bool>> at_sites_;  // by site; "": everywhere
    std::vector<std::string> unknown_;
    std::vector<core::Problem> warnings_;
    bool by_site_ = false;
};

}  // namespace kaziranga::evaluation
