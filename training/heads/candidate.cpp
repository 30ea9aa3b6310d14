#include "training/heads/candidate.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

namespace kaziranga::training {

std::string candidates_csv(const std::vector<Candidate>& candidates) {
    std::string csv = "head,setting,cv_top1,standard_error,cv_loss,seconds,chosen,why\n";
    for (const Candidate& c : candidates) {
        csv += fmt::format("{},{},{:.4f},{:.4f},{:.6f},{:.3f},{},{}\n", core::csv_field(c.head),
                           core::csv_field(c.setting), c.top1, c.error, c.loss, c.seconds, c.chosen ? "yes" : "",
                           core::csv_field(c.why));
    }
    return csv;
}

}  // namespace kaziranga::training
