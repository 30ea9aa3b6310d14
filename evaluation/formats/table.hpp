#pragma once

#include "evaluation/prediction.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The forms in which predictions are written.
namespace kaziranga::evaluation {

/// What a writer knows before the first prediction.
struct PredictionContext {
    const std::vector<std::string>& classes;
    int64_t shown = 1;             ///< classes an answer
    const data::Samples& samples;  ///< all images and boxes, in the order of their predictions
    bool events = false;           ///< events follow the images
    /// Folder of the images. Formats for programs that open one folder write names relative to it. Empty: none.
    std::string base = {};
    std::string program = {};  ///< "kaziranga 0.2.0"
    std::string now = {};      ///< ISO 8601 with a time zone
};

/// Writes predictions in a form, piece by piece. The boxes of an image come one after the other.
class PredictionWriter {
  public:
    virtual ~PredictionWriter() = default;
    virtual std::string begin() { return {}; }
    virtual std::string row(const Prediction& prediction) = 0;
    /// An event with the mean answer of its images, after all rows.
    virtual std::string event(const Prediction& event) = 0;
    virtual std::string end() { return {}; }
};

/// A writer of one entry an image: gathers the answers for its boxes.
class ImageByImageWriter : public PredictionWriter {
  public:
    std::string row(const Prediction& prediction) final;
    std::string event(const Prediction&) final { return {}; }  // such formats have none

  protected:
    /// @param answers  for one image, at least one
    virtual std::string image(const std::vector<Prediction>& answers) = 0;
    /// The entry of the last image.
    std::string last_image();

  private:
    std::vector<Prediction> answers_;  // for the image that is not yet written
};

/// A form of predictions. A new one needs its own source file and a place in the two lines below.
struct PredictionFormat {
    std::string_view name;       ///< value of --format
    std::string_view extension;  ///< of its files
    std::string_view help;
    /// True if a file that begins with this may be one of these, and be replaced with --overwrite.
    bool (*recognises)(std::string_view start);
    std::unique_ptr<PredictionWriter> (*writer)(const PredictionContext& context);
    bool has_events = true;    ///< false: it has no place for the answer for an event
    bool needs_times = false;  ///< images without a time have no place in it
};

extern const PredictionFormat kCsvPredictions, kJsonPredictions, kJsonLinesPredictions, kMegadetectorPredictions,
    kCamtrapPredictions, kTimelapsePredictions;
/// All forms, in the order of the help text. The first with a file's extension is taken if none is named.
inline constexpr const PredictionFormat* kPredictionFormats[] = {&kCsvPredictions,       &kJsonPredictions,
                                                                 &kJsonLinesPredictions, &kMegadetectorPredictions,
                                                                 &kCamtrapPredictions,   &kTimelapsePredictions};

/// Names of all forms.
std::vector<std::string> prediction_format_names();

/// @return null if there is none
const PredictionFormat* prediction_format_named(std::string_view name);
/// The form that files with this extension have; null if there is none.
const PredictionFormat* prediction_format_with(std::string_view extension);

/// A name relative to the context's base, with '/' between folders.
std::string name_below_base(const std::string& name, const PredictionContext& context);

}  // namespace kaziranga::evaluation
