#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"

#include <filesystem>
#include <map>
#include <set>
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

    /// What the user should know: names that are no classes of the model, and images at sites that the table does not
    /// name.
    std::vector<core::Problem> warnings(const data::Samples& samples) const;

    /// Removes the classes that cannot occur where a sample was taken. Rows of a table without a site are for
    /// everywhere. At a site that the table does not name those can occur, or all, if there are none for everywhere.
    /// @param logits  [N, K], row i for samples[i]
    at::Tensor apply(const at::Tensor& logits, const data::Samples& samples) const;

    /// What is allowed, in one text that differs where anything differs.
    std::string text() const;

  private:
    void read_list(const std::filesystem::path& file);
    void read_table(const std::filesystem::path& file);
    void allow(const std::string& site, const std::string& name);
    void finish(const std::filesystem::path& file);
    const std::vector<bool>* at(const std::string& site) const;
    at::Tensor removed(const std::vector<bool>& allowed) const;

    const std::vector<std::string>& classes_;
    std::map<std::string, size_t> index_;                // by spelling key
    std::map<std::string, std::vector<bool>> at_sites_;  // by spelling key of the site; "": everywhere
    std::set<std::string> unknown_;
    std::vector<core::Problem> warnings_;
    bool any_known_ = false;
};

}  // namespace kaziranga::evaluation
