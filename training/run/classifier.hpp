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

/// A complete network, which can classify images.
struct Classifier {
    std::shared_ptr<models::Backbone> network;
    const models::Architecture* architecture = nullptr;
    core::Preprocessing preprocessing;
    std::vector<ViewKind> test_views = {ViewKind::kCentre};
    std::vector<std::string> classes;  ///< in order of their index
    std::vector<std::string> titles;   ///< readable names of the classes; empty if the class names are readable
    Options options;                   ///< device, precision, data and the like; never the model
    std::optional<RunSplits> splits;   ///< of the run that holds the checkpoint; none for a separate file
};

/// Opens a run folder (its best weights), a checkpoint file, or a config whose network has its own output layer
/// (head.type: pretrained).
/// @param overrides  key=value on top of the checkpoint's config; model.*, head.*, features.test_views and data.decode
///                   (and data.crop.margin, data.crop.square) are refused for a checkpoint
/// @throws core::Error when it is none of these
Classifier open_classifier(const std::filesystem::path& source, const std::vector<std::string>& overrides);

/// How to find other images than the run's. Only the command line says where they are and how a table names them: the
/// run's own settings were for other tables, and the checkpoint may come from somebody else. Which boxes of them are
/// used is the classifier's setting, with what the command line says of it.
/// @param overrides  key=value of the command line
data::DataOptions options_of_other_images(const Classifier& classifier, const std::vector<std::string>& overrides);

/// The results of consecutive images.
struct Piece {
    size_t first = 0;   ///< index of the first image
    at::Tensor logits;  ///< [images, K] float32; rows of failed images have no meaning
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< images that could not be read, by row
};

/// Classifies images piece by piece and shows progress. Memory does not grow with the number of images, and finished
/// pieces stay finished. The result of an image does not depend on where pieces end.
class PieceByPiece {
  public:
    /// @param images  total number of images; one pass of the network need not hold more. 0: unknown, and then
    ///                identity() does not depend on it
    PieceByPiece(const Classifier& classifier, size_t images);
    ~PieceByPiece();

    /// A hash of everything that determines an answer except the images: weights, preprocessing, views, arithmetic.
    core::Hash128 identity() const;

    /// @param contents  content hashes of all samples if they were inspected, else empty
    /// @param on_piece  called for each piece, in order
    void classify(const data::Samples& samples, const std::vector<core::Hash128>& contents,
                  const std::function<void(const Piece&)>& on_piece) const;

  private:
    Piece classify_piece(size_t first, const data::Samples& samples, const std::vector<core::Hash128>& contents,
                         const Views& views) const;

    const Classifier& classifier_;
    std::unique_ptr<FeatureExtractor> extractor_;
};

/// The logits of images, and the images that could not be used.
struct Logits {
    at::Tensor values;  ///< [N, K] float32, row i for images.samples[i]
    UsableImages images;
    std::vector<core::Problem> skipped;
};

/// Inspects, reads and classifies images with progress.
/// @param look  called with the images before they are classified; may throw
/// @throws core::Error listing the images that cannot be used, unless data.on_error is skip; also if no image is left
Logits classify(const Classifier& classifier, const data::Samples& samples,
                const std::function<void(const UsableImages&)>& look = {});

/// The images on which val evaluates a classifier.
struct EvaluationImages {
    std::string what;  ///< in words: "the run's test split"
    data::Samples samples;
    bool recorded = false;  ///< true if they are those of Classifier::splits
    std::map<std::string, size_t> unknown;
    std::vector<core::Problem> notes;  ///< notes for the reader about the images
};

/// Returns the run's own test split (validation if there is none), as the run recorded it. For a checkpoint outside a
/// run, returns the split that the data now gives; the notes say so.
/// @throws core::Error if there is neither, or if images of the split are gone and data.on_error is not skip
EvaluationImages own_images(const Classifier& classifier);

}  // namespace kaziranga::training
