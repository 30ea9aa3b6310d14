#include "models/weights/safetensors.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/ridge.hpp"

#include <cstdio>
#include <string>
#include <vector>

/// dump_heads ridge|lda|logistic INPUT.safetensors VALUE OUTPUT.safetensors: fits the head to x, y and (where given) w
/// of INPUT with VALUE as penalty or shrinkage and writes its weight and bias; of lda also the analytic shrinkage, of
/// logistic also the objective.
int main(int count, char** arguments) {
    using namespace kaziranga;
    if (count != 5) {
        std::fputs("usage: dump_heads ridge|lda|logistic INPUT.safetensors VALUE OUTPUT.safetensors\n", stderr);
        return 2;
    }
    const std::string head = arguments[1];
    const double value = std::stod(arguments[3]);
    at::Tensor x, y, w;
    for (const auto& [name, tensor] : models::read_safetensors(arguments[2]).tensors) {
        (name == "x" ? x : name == "y" ? y : w) = tensor;
    }
    const training::WeightedRows rows(x, y, y.max().item<int64_t>() + 1, w);
    training::LinearMap map;
    models::StateDict out;
    const auto add_number = [&](const char* name, double number) {
        out.emplace_back(name, torch::full({1}, number, torch::kDouble));
    };
    if (head == "ridge") {
        map = training::solve_ridge(training::RowMoments::of(rows), value);
    } else if (head == "lda") {
        const training::Lda lda(training::RowMoments::of(rows));
        map = lda.solve(value);
        add_number("analytic_shrinkage", lda.analytic_shrinkage(rows));
    } else {
        const training::Logistic logistic(rows);
        map = logistic.fit(value);
        add_number("objective", logistic.objective(map, value));
    }
    out.emplace_back("weight", map.weight);
    out.emplace_back("bias", map.bias);
    models::write_safetensors(arguments[4], out, {});
    return 0;
}
