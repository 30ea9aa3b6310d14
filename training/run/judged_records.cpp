#include "training/run/judged_records.hpp"

#include "core/files.hpp"
#include "evaluation/records.hpp"

namespace kaziranga::training {

void write_judged_records(const RunFolder& folder, const at::Tensor& logits, const data::Samples& samples,
                          const std::vector<std::string>& classes) {
    constexpr int64_t kShown = 5;  // classes per image
    const at::Tensor labels = evaluation::labels_of(samples);
    core::write_file(folder.per_class(),
                     evaluation::per_class_csv(evaluation::measure_classes(logits, labels), classes));
    core::write_file(folder.predictions(), evaluation::predictions_csv(logits, samples, classes, kShown));
}

}  // namespace kaziranga::training
