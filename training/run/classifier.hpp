#pragma once

#include "core/error.hpp"
#include "core/preprocessing.hpp"
#include "data/dataset.hpp"
#include "models/registry.hpp"
#include "training/features/extraction.hpp"
#include "training/options.hpp"
#include "training/run/run_splits.hpp"
#include "training/run/usable_images.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::training {

/// A network that is complete: it can say of an image which class it is.
struct Classifier {
    std::shared_ptr<models::Backbone> network;
    const models::Architecture* architecture = nullptr;
    core::Preprocessing preprocessing;
    std::vector<ViewKind> test_views = {ViewKind::kCentre};
    std::vector<std::string> classes;  ///< in order of their index
    std::vector<std::string> titles;   ///< what a person calls them; empty where the classes' names say it
    Options options;                   ///< device, precision, data and the like; never the model
    std::optional<RunSplits> splits;   ///< of the run that it lies in; none of a file that stands alone
};

/// Opens a run folder (its best weights), a checkpoint file, or a config whose network has its own output layer
/// (head.type: pretrained).
/// @param overrides  key=value on top of what the checkpoint's config says; model.*, head.* and features.test_views are
/// refused there
/// @throws core::Error when it is none of these
Classifier open_classifier(const std::filesystem::path& source, const std::vector<std::string>& overrides);

/// What became of images that follow one another.
struct Piece {
    size_t first = 0;   ///< which image it begins with
    at::Tensor logits;  ///< [images, K] float32; of those that could not be read without meaning
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< these, by their row
};

/// Classifies images piece by piece, with progress, so that memory does not grow with their number and what is done is
/// done. What an image gets does not depend on where pieces end.
class PieceByPiece {
  public:
    /// @param images  how many there will be in all: one pass of the network need not hold more. 0: not known, and then
    ///                identity() does not depend on it
    PieceByPiece(const Classifier& classifier, size_t images);
    ~PieceByPiece();

    /// Tells everything that decides an answer, the images aside: weights, preprocessing, views, arithmetic.
    core::Hash128 identity() const;

    /// @param contents  of all samples where they were inspected, else empty    @param on_piece  of each piece, in
    /// order
    void classify(const data::Samples& samples, const std::vector<core::Hash128>& contents,
                  const std::function<void(const Piece&)>& on_piece) const;

  private:
    Piece classify_piece(size_t first, const data::Samples& samples, const std::vector<core::Hash128>& contents,
                         const Views& views) const;

    const Classifier& classifier_;
    std::unique_ptr<FeatureExtractor> extractor_;
};

/// Logits of images, and which of them could not be used.
struct Logits {
    at::Tensor values;  ///< [N, K] float32, row i for images.samples[i]
    UsableImages images;
    std::vector<core::Problem> skipped;
};

/// Inspects, reads and classifies images with progress.
/// @param look  sees the images before they are classified, and may throw
/// @throws core::Error listing the images that cannot be used, unless data.on_error is skip; when none is left
Logits classify(const Classifier& classifier, const data::Samples& samples,
                const std::function<void(const UsableImages&)>& look = {});

/// What val judges a classifier by.
struct EvaluationImages {
    std::string what;  ///< in words: "the run's test split"
    data::Samples samples;
    bool recorded = false;  ///< whether they are those of Classifier::splits
    std::map<std::string, size_t> unknown;
    std::vector<core::Problem> notes;  ///< what the reader should know of them
};

/// The run's own test split (validation where there is none), as the run recorded it; of a checkpoint that stands alone
/// as the data now gives it, which the notes say.
/// @throws core::Error when there is neither, or when images of the split are gone and data.on_error is not skip
EvaluationImages own_images(const Classifier& classifier);

}  // namespace kaziranga::training
