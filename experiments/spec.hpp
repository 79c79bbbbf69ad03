// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gpu/plan.hpp"
#include "sde/estimand.hpp"
#include "sde/theory/potential.hpp"
#include "sde/theory/prediction.hpp"

namespace kramers {

enum class ExperimentKind { escape, stationary, order, race };
char const* to_string(ExperimentKind kind);  ///< as written in a spec
enum class Verdict { agree, disagree, undecided, out_of_domain };

/// Which predictions hold of a cell's dynamics.
enum class TheoryScope {
    itself,          ///< Langevin dynamics or SGD as theory knows them: all
    second_moments,  ///< SGD with another white noise of constant variance: not what needs normals
    continuous,      ///< an optimizer: those of its limit, overdamped at an effective temperature
    linear,          ///< on a quadratic, noise without one temperature: second moments
    gibbs,           ///< the stationary law exp(-V/T) only
    nothing
};
struct TheoryBasis {
    TheoryScope scope = TheoryScope::itself;
    std::string map;     ///< of the limit: "effective learning rate"; empty: no map is used
    std::string reason;  ///< why there is no more than this scope, for a user
};

struct NamedRegion {
    std::string name;
    Region region;
};

/// A prediction that the spec itself gives, e.g. a formula that its author derived.
struct GivenPrediction {
    PredictionKind form = PredictionKind::number;  ///< formula, number or table
    std::string formula;                           ///< over names_of(cell)
    double number = 0.0;
    std::vector<std::pair<double, double>> points;  ///< of the table, ascending in the first
    std::string at;          ///< what the table is read at: a name, or a formula
    std::string scales;      ///< of the interpolation: "linear", "log-log" or "log-y"
    std::string file;        ///< where the points came from
    bool normalise = false;  ///< a density: divided by its integral over the histogram
    std::string domain;      ///< condition on a cell; empty: everywhere
    std::string error;       ///< formula of its own relative error; empty: not stated
    std::string source;
    friend bool operator==(GivenPrediction const&, GivenPrediction const&) = default;
};

/// One line of the validation table, as written in a spec, before anything is run.
struct ClaimSpec {
    std::string id;        ///< "<spec name>.<position or given id>", unique in a catalogue
    std::string sentence;  ///< the statement in words
    Estimand estimand;
    std::string against;              ///< name of a prediction: "quadrature", "kramers", …
    double tolerance = 0.0;           ///< relative; agree: the whole interval lies within it
    double absolute_tolerance = 0.0;  ///< the same in units of the estimand; one of the two is 0
    std::string where;                ///< condition on a cell's facts; empty: every cell
    Verdict expect = Verdict::agree;
    double order = 0.0;  ///< weak_error: the claimed p of error = C_p η^p …; ∞: the same law
    bool next_term = true;  ///< weak_error: … + C_{p+1} η^{p+1}
    double detects = 0.0;   ///< weak_error of the same law: error of any moment that would be seen
    double exceeds = 0.0;   ///< success_probability: a number, unless `against` names an entrant
    double by = 0.0;        ///< success_probability: how much more it is at least
    int line = 0;
    std::optional<GivenPrediction> given = {};  ///< `against` is then the name of this one
};

/// An SDE that an optimizer is compared with.
struct ComparedSde {
    std::string name;  ///< as written: "modified_2", or the name of a limit
    std::string dynamics;
    std::vector<double> values;  ///< in the order of its parameters
    bool opposite = false;       ///< its noise has the other sign than the optimizer's
    std::string source;
    double steps_ahead = 0.0;  ///< iterations it runs for besides those of the optimizer
    bool same_law = false;     ///< its law at the iterations is that of the optimizer
};

/// Optimizer against SDE: E φ(x_k) − E φ(X_t) at one time t, each φ an observable of the snapshots.
struct OrderSetup {
    std::vector<ComparedSde> models;
    std::string scheme;
    double scheme_order = 0.0;             ///< weak order of the scheme for these models
    int substeps = 0;                      ///< steps of the SDE per iteration; 0: no comparison
    bool common_noise = true;              ///< the optimizer's draws are the sums of the SDE's
    double own_share = 0.0;                ///< of the noise that is not common, see coupling.hpp
    NoiseLaw noise;                        ///< of the SDE: normal, with the optimizer's covariance
    double time = 0.0;                     ///< t, on the clock of the SDE
    double time_per_step = 0.0;            ///< of one iteration
    std::string small;                     ///< what orders count powers of: "eta", "eta / ell"
    std::vector<std::string> observables;  ///< as written
};

/// One entrant at one point of the grid of a race, run for a number of gradient evaluations.
struct RaceSetup {
    std::string entrant;
    double intensity = 0.0, decay = 0.0;  ///< as they are simulated; NaN: the entrant has none
    double learning_rate = 0.0;           ///< on the grid; the entrant's own, if it has no grid
    std::uint64_t evaluations = 0;        ///< allowed to each; 0: not a race
    int evaluations_per_step = 1;
    std::string goal;               ///< name of the region to end in
    double relaxation_steps = 0.0;  ///< of the start's slowest mode; 0: unknown
    double learning_rate_limit =
        0.0;  ///< stated, else of stability in every well (S26); 0: unknown
    TheoryScope scope = TheoryScope::nothing;  ///< of the dynamics but for its schedule
};

/// One point of the sweep with every name resolved to numbers.
struct Cell {
    int index = 0;
    std::vector<std::pair<std::string, std::variant<double, std::string>>>
        swept;  ///< key → value here
    std::string landscape;
    int dim = 1;
    std::vector<double> landscape_values;  ///< in the order of the landscape's parameters()
    std::shared_ptr<Potential const> potential;
    std::string dynamics;
    std::vector<double> dynamics_values;  ///< as the plan takes them
    std::string scheme;                   ///< "iterate" for an optimizer
    bool composed = false;                ///< put together at run time, see gpu/plan.hpp
    NoiseLaw noise;                       ///< of a composed method; silent: the dynamics' own
    coordinate::ScheduleData rate_schedule, noise_schedule;
    double iteration_time = 0.0;  ///< time of an SDE that a schedule counts as 1; 0: an optimizer
    std::vector<double> gradient_transform;
    double noise_variance = -1.0;  ///< c that T has: of one step, summed over its memory; -1: none
    std::map<std::string, std::string>
        no_limits;  ///< of an optimizer: names of maps that do not hold here, and why
    bool has_temperature = true;
    double temperature = 0.0;    ///< T; of the first limit SDE that has one for an optimizer
    Eigen::MatrixXd diffusion;   ///< D where there is no T but a quadratic; else empty
    double learning_rate = 0.0;  ///< η; 0 for an SDE
    TheoryBasis theory;
    std::vector<double> dt;  ///< rungs of the ladder, finest first; an optimizer has one: the
                             ///< time of an iteration on its limit's clock
    Crossing crossing = Crossing::endpoint;
    Precision precision = Precision::mixed;
    Start start;
    std::string start_name;       ///< as written: "minimum.left", "(0, 0)", "gibbs"
    Eigen::VectorXd start_point;  ///< representative point (of a point start)
    std::vector<NamedRegion> regions;
    std::vector<std::string>
        targets;  ///< escape: names of the regions that stop a trajectory, one run each
    bool stop_at_first = false;    ///< escape: true: all targets in one run, an arrival says which
    double max_time = 0.0;         ///< escape: censoring time; ∞ is resolved to max_steps
    std::uint64_t max_steps = 0;   ///< escape, at the finest rung
    std::vector<double> horizons;  ///< escape: at which claims ask for restricted means
    std::uint64_t trajectories = 0;
    std::uint64_t seed = 0;
    double divergence_bound = 1e6;
    SnapshotPlan snapshots;  ///< stationary, order, race
    OrderSetup order;        ///< order
    RaceSetup race;          ///< race
    std::map<std::string, double>
        facts;  ///< names usable in `where`: barrier, temperature, dt, max_curvature, learning_rate, …
    std::vector<std::string>
        notes;  ///< resolved facts worth printing: "minimum.left at x = -1.0467, V = …", "T = eta sigma^2/(2B) = …"
};

/// The region of a cell with that name. Precondition: there is one.
Region const& region_named(Cell const& cell, std::string_view name);

/// Raw data that a run is asked to keep.
struct SaveRequest {
    bool arrivals = false;    ///< escape: how every trajectory ended
    std::uint64_t paths = 0;  ///< whole paths of so many trajectories of every cell
    std::uint64_t every = 0;  ///< steps between rows of a path; 0: as many rows as fit
};

/// An experiment, resolved. Made by load_spec(); nothing in it refers to the file any more.
struct Spec {
    std::string name;  ///< file stem
    std::string title;
    ExperimentKind kind = ExperimentKind::escape;
    std::string figure;  ///< recipe in plots/, or empty
    std::vector<Cell> cells;
    std::vector<ClaimSpec> claims;
    SaveRequest save;
    std::string resolved;  ///< the resolved spec as TOML: `kramers run` on it repeats the run
};

/// A fact of the cell by its name; NaN if it has none of that name.
double fact(Cell const& cell, std::string const& name);

/// The numbers-only plan of one run of a cell: rung `level` of the ladder, target `target` (an index
/// into cell.targets; ignored for stationary cells and when stop_at_first).
Plan make_plan(Cell const& cell, int level, int target);

/// The plan of an SDE that the cell's optimizer is compared with.
Plan make_sde_plan(Cell const& cell, ComparedSde const& model);

}  // namespace kramers
