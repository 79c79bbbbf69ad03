// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "experiments/components.hpp"
#include "experiments/points.hpp"
#include "experiments/reader.hpp"
#include "experiments/resolve.hpp"

/// The steps of resolve_cell, in the order in which they run: each one reads one table of the spec
/// and may use what the ones before it found. Without a landscape (cell.potential empty) they still
/// check what can be checked.
namespace kramers {

struct Draft {
    Draft(Table& spec, ExperimentKind kind_, Asked const& asked_, Origin const& file, Problems& all)
        : tree(spec), kind(kind_), asked(asked_), problems(all), top(spec, "", file, all) {}

    Table& tree;
    ExperimentKind kind;
    Asked const& asked;
    Problems& problems;
    Reader top;
    Cell cell;
    std::optional<CriticalPoint> well;  ///< the minimum the start belongs to
    std::optional<Climb> climb;         ///< from that well towards the first target
    double max_curvature = 0.0;         ///< largest and smallest curvature of the well; 0: unknown
    double min_curvature = 0.0;
    std::string gibbs;  ///< well of a Gibbs start, "all", or ""
    DynamicsInfo const* dynamics = nullptr;
    double time_per_step = 0.0;  ///< dt, or an optimizer's step of its limit's clock; 0: unknown
    bool unstable = false;       ///< the step was refused

    bool has_landscape() const { return cell.potential != nullptr; }
    /// Steps in which the slowest mode of the well relaxes by e, step bias included; 0: unknown.
    double relaxation_steps() const;
};

/// A sub-table as a reader, or nothing when it is absent or no table.
std::optional<Reader> sub_reader(Reader& parent, std::string_view key, bool optional);

void read_landscape(Draft& draft);
void read_start(Draft& draft);
void read_regions(Draft& draft);
void read_targets(Draft& draft);
void find_geometry(Draft& draft);  ///< curvatures and barrier; then relative values are numbers
void read_dynamics(Draft& draft);
void read_scheme(Draft& draft);
void read_ensemble(Draft& draft);
void read_sampling(Draft& draft);  ///< stationary: burn-in, stride, histograms
void make_gibbs_start(Draft& draft);
void write_facts(Draft& draft);
void write_notes(Draft& draft);

}  // namespace kramers
