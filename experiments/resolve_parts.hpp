// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "experiments/components.hpp"
#include "experiments/points.hpp"
#include "experiments/reader.hpp"
#include "experiments/resolve.hpp"
#include "sde/noise/catalogue.hpp"

/// The steps of resolve_cell, in the order in which they run: each one reads one table of the spec
/// and may use what the ones before it found. Without a landscape (cell.potential empty) they still
/// check what can be checked.
namespace kramers {

/// Of the noise of one step; correlated: C has more than its diagonal.
struct Variances : PerCoordinate {
    bool correlated = false;
};

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
    std::vector<double> values;          ///< of dynamics->parameters; empty: there was a problem
    bool circulates = false;             ///< the drift is −(I + J)∇V, J antisymmetric, not 0
    double circulation = 0.0;            ///< α of the planar one, J = α [[0, −1], [1, 0]]
    NoiseLawEntry const* law = nullptr;  ///< of the [noise] table, if there is one
    std::vector<std::pair<std::string, double>> noise_settings;  ///< its numbers, for the notes
    double batch_size = 1.0;
    bool scheduled = false;
    Variances variance, long_run;     ///< of the gradient noise of one step
    std::vector<SdeLimit> limits;     ///< of an optimizer
    SdeLimit const* limit = nullptr;  ///< the one whose temperature the cell has
    double time_per_step = 0.0;  ///< dt, or an optimizer's step of its limit's clock; 0: unknown
    bool unstable = false;       ///< the step was refused

    bool has_landscape() const { return cell.potential != nullptr; }
    /// Steps in which the slowest mode of the well relaxes by e, step bias included; 0: unknown.
    double relaxation_steps() const;
};

/// A sub-table as a reader, or nothing when it is absent or no table.
std::optional<Reader> sub_reader(Reader& parent, std::string_view key, bool optional);

/// A key that holds rows of numbers, as one list; empty after a problem. doc: what the rows are.
std::vector<double> read_rows(Reader& reader, std::string_view key, int columns,
                              std::string_view doc);

/// A region from its table; nothing after a problem.
std::optional<Region> read_region(Reader& reader, Potential const& potential);

void read_landscape(Draft& draft);
void read_start(Draft& draft);
void read_regions(Draft& draft);
void read_targets(Draft& draft);
void find_geometry(Draft& draft);  ///< curvatures and barrier; then relative values are numbers
void read_dynamics(Draft& draft);
void read_noise(Draft& draft);  ///< called by read_dynamics: the law, B, the schedules
void find_limit(Draft& draft);  ///< T and clock, and what theory may be asked
void read_scheme(Draft& draft);
void read_ensemble(Draft& draft);
void choose_method(Draft& draft);  ///< compiled as a whole or composed; refuses what does not fit
void read_sampling(Draft& draft);  ///< stationary: burn-in, stride, histograms
void read_order(Draft& draft);     ///< order: the SDEs to compare with, the moments
void read_race(Draft& draft);      ///< race: the goal, the gradient evaluations
void make_gibbs_start(Draft& draft);
void write_facts(Draft& draft);
void write_notes(Draft& draft);
void note_order(Draft& draft);
void note_dynamics(Draft& draft);  ///< part of write_notes
/// C, and D = (rate/2) C of dX = … + √(2D) dW: numbers, or formulas where they depend on the state.
void note_covariance(Draft& draft);
/// T and D of the limit that is used, in its own clock.
void note_temperature(Draft& draft);
void note_diffusion(Draft& draft);

/// factor times a row-major matrix: "[[1, 0.5], [0.5, 2]]".
std::string matrix_text(std::vector<double> const& matrix, int dim, double factor = 1.0);

/// Names and numbers of a component's parameters: "half_width = 1, barrier = 0.25".
std::string parameter_text(std::span<Parameter const> parameters, std::vector<double> const& values,
                           int dim);

/// The first that is a limit here; where none is one, times are still scaled as by the first of all.
SdeLimit const* first_limit(std::vector<SdeLimit> const& limits);

/// Why this limit of the optimizer does not hold in this cell; empty: it may.
std::string why_no_limit(SdeLimit const& limit, Draft const& draft);

/// Why the noise is not that of a limit of added white noise; empty: it is.
std::string why_not_white(NoiseLaw const& law);

/// Why a cell with noise has no temperature.
std::string why_no_temperature(Draft const& draft);

/// c where C = c I: the value of every coordinate if they are all the same and independent.
std::optional<double> common_value(Variances const& values);

/// Of an optimizer whose header states one.
std::optional<StabilityLimit> stability_limit(Draft const& draft);

/// Factor by which one step shrinks the slowest mode of curvature h; nothing where it is not known.
std::optional<double> decay_per_step(Draft const& draft, double h);

}  // namespace kramers
