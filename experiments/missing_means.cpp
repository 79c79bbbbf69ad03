// SPDX-License-Identifier: Apache-2.0
#include "experiments/missing_means.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace kramers {

std::vector<std::string> missing_means(Report const& report) {
    std::map<std::string, std::vector<ReportedEstimate const*>> without;
    for (ReportedEstimate const& e : report.estimates)
        if (e.estimand.starts_with("mean_first_passage") && e.level == "0" &&
            std::isnan(e.estimate.value))
            without[e.estimand].push_back(&e);
    std::vector<std::string> sentences;
    std::size_t const cells = report.spec->cells.size();
    for (auto const& [estimand, rows] : without) {
        ReportedEstimate const& first = *rows.front();
        std::string const where = cells == 1 ? ""
                                             : fmt::format(" in {} of {} cells; in cell {}",
                                                           rows.size(), cells, first.cell);
        sentences.push_back(
            fmt::format("{} has no estimate{}: {}", estimand, where, first.estimate.warning));
    }
    return sentences;
}

}  // namespace kramers
