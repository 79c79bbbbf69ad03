// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/coupling.hpp"
#include "experiments/kinds/order.hpp"
#include "experiments/limit_map.hpp"
#include "experiments/numbers.hpp"
#include "experiments/resolve_parts.hpp"
#include "experiments/suggest.hpp"
#include "gpu/composed/composition.hpp"
#include "landscapes/make_potential.hpp"
#include "sde/noise/covariance.hpp"

namespace kramers {
namespace {

constexpr int enough_substeps =
    16;  // of a scheme of weak order 1: its error is 1/16 of what it shares with the optimizer
constexpr int enough_for_weak_2 = 4;
constexpr int enough_for_exact = 2;  // one exact step is the iteration itself
constexpr std::string_view exact_scheme = "exact_ou";

/// "x", "x1^2", "cos(x)", "sin(2 x0)": coordinates are counted from 0, x alone is the first.
std::optional<Observable> parse_observable(std::string const& text) {
    static std::regex const power(R"( *x([0-9]*) *(?:\^ *([1-8]))? *)");
    static std::regex const wave(R"( *(cos|sin) *\( *([0-9.eE+-]*) *\*? *x([0-9]*) *\) *)");
    std::smatch m;
    Observable o;
    auto const axis = [](std::string const& digits) {
        return digits.empty() ? 0 : digits.size() > 2 ? max_dim : std::stoi(digits);
    };
    if (std::regex_match(text, m, power)) {
        o.axis = axis(m[1]);
        o.exponent = m[2].length() > 0 ? std::stoi(m[2]) : 1;
        return o;
    }
    if (!std::regex_match(text, m, wave)) return std::nullopt;
    o.kind = m[1] == "cos" ? Observable::Kind::cosine : Observable::Kind::sine;
    o.axis = axis(m[3]);
    if (m[2].length() > 0) {
        char* end = nullptr;
        std::string const number = m[2];
        o.factor = std::strtod(number.c_str(), &end);
        if (end == number.c_str() || *end != '\0' || !std::isfinite(o.factor)) return std::nullopt;
    }
    return o;
}

/// Behind the name of a limit that is ahead of the iterations: the same SDE, not ahead.
constexpr std::string_view unshifted = ", unshifted";

bool is_unshifted(std::string const& name) { return name.ends_with(unshifted); }

/// The limit that a name in compare.with means: "modified_2", the name of a map ("second order,
/// drift"), or of an SDE that only one map leads to.
SdeLimit const* limit_named(std::vector<SdeLimit> const& limits, std::string const& name) {
    if (is_unshifted(name)) {
        auto const* limit = limit_named(limits, name.substr(0, name.size() - unshifted.size()));
        return limit != nullptr && limit->steps_ahead != 0.0 ? limit : nullptr;
    }
    for (SdeLimit const& limit : limits) {
        auto const order = value_in(limit, "order");
        if (limit.map == name) return &limit;
        if (limit.sde == "modified_equation" && order &&
            name == fmt::format("modified_{:.0f}", *order))
            return &limit;
    }
    for (SdeLimit const& limit : limits)
        if (limit.sde == name) return &limit;
    return nullptr;
}

std::vector<std::string> names_of(std::vector<SdeLimit> const& limits) {
    std::vector<std::string> names;
    auto const add = [&](std::string const& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    for (SdeLimit const& limit : limits)
        if (auto const order = value_in(limit, "order"); order && limit.sde == "modified_equation")
            add(fmt::format("modified_{:.0f}", *order));
        else add(limit.sde);
    for (SdeLimit const& limit : limits) add(limit.map);
    for (SdeLimit const& limit : limits)
        if (limit.steps_ahead != 0.0) add(limit.map + std::string(unshifted));
    return names;
}

/// Parameters of the SDE from the limit; its defaults elsewhere. Nothing where one is not known.
std::optional<ComparedSde> make_model(SdeLimit const& limit, std::string const& name) {
    DynamicsInfo const* sde = find_dynamics(limit.sde);
    if (sde == nullptr) return std::nullopt;
    ComparedSde model{name,
                      limit.sde,
                      {},
                      sde->noise_use == NoiseUse::own,
                      limit.source,
                      is_unshifted(name) ? 0.0 : limit.steps_ahead,
                      std::isinf(limit.weak_order)};
    for (Parameter const& p : sde->parameters) {
        double const value = value_in(limit, p.name).value_or(p.fallback);
        if (!std::isfinite(value)) return std::nullopt;
        model.values.push_back(value);
    }
    return model;
}

/// Normal draws of the same C(x), whatever the shape of the law's.
NoiseLawResult normal_law(NoiseLaw const& law, int dim) {
    if (is_correlated(law, dim)) return covariance_law(covariance_per_step(law, dim), dim);
    double const variance =
        is_silent(law) ? 0.0 : coordinate::shape_variance(law.shape, law.shape_data);
    if (std::isinf(variance)) return {{}, "this noise has no finite variance"};
    NoiseLaw normal;
    normal.amplitude = law.amplitude;
    normal.amplitude_data = law.amplitude_data;
    normal.amplitude_data.factor *= variance;
    normal.variances = law.variances;
    for (double& v : normal.variances) v *= variance;
    return {std::move(normal), {}};
}

/// The law of the SDE: normal, white, with the covariance of one step of the optimizer's.
void choose_noise(Draft& draft, Reader& compare) {
    OrderSetup& order = draft.cell.order;
    NoiseLaw const& law = draft.cell.noise;
    order.noise = law;
    auto const refuse = [&](std::string const& what) {
        draft.problems.add(draft.top.origin_of("noise"), "noise: " + what);
    };
    if (std::string const why = why_not_white(law); !why.empty()) return refuse(why);
    if (law.shape == coordinate::NoiseShape::gaussian) return;
    if (order.common_noise)
        compare.problem("coupling",
                        fmt::format("compare.coupling = \"common_noise\" (must be \"independent\": "
                                    "the increments of an SDE are normal, and only normal draws "
                                    "are sums of them; those of {} are not)",
                                    draft.law->name));
    NoiseLawResult made = normal_law(law, draft.cell.dim);
    if (made.law) order.noise = std::move(*made.law);
    else refuse(made.reason);
}

/// An SDE with the law of the iterates leaves only the errors of the scheme to see: it takes an exact
/// one, and no company that has none. True where there is such an SDE.
bool check_same_law(OrderSetup const& order, Reader& compare) {
    auto const& models = order.models;
    auto const same =
        std::find_if(models.begin(), models.end(), [](ComparedSde const& m) { return m.same_law; });
    if (same == models.end()) return false;
    auto const other = std::find_if(models.begin(), models.end(),
                                    [](ComparedSde const& m) { return !m.same_law; });
    if (order.scheme != exact_scheme)
        compare.problem("scheme",
                        fmt::format("compare.scheme = \"{}\" (must be \"{}\": {} has the law of "
                                    "the iterates, and what would be seen is the error of the "
                                    "scheme)",
                                    order.scheme, exact_scheme, same->name));
    if (other != models.end())
        compare.problem("with", fmt::format("{} has the law of the iterates and needs the scheme "
                                            "{}, {} an order and another scheme: compare them in "
                                            "two experiments",
                                            same->name, exact_scheme, other->name));
    if (order.substeps < enough_for_exact)
        compare.problem("substeps",
                        fmt::format("compare.substeps = {} (must be >= {}: one exact step is the "
                                    "iteration itself, and the comparison would show nothing)",
                                    order.substeps, enough_for_exact));
    return true;
}

void check_scheme(Draft& draft, Reader& compare) {
    Cell& cell = draft.cell;
    OrderSetup& order = cell.order;
    LandscapeInfo const& landscape = *find_landscape(cell.landscape);
    order.scheme_order = infinite;
    if (check_same_law(order, compare)) return;
    for (ComparedSde const& model : order.models) {
        DynamicsInfo const& sde = *find_dynamics(model.dynamics);
        if (std::find(sde.schemes.begin(), sde.schemes.end(), order.scheme) == sde.schemes.end()) {
            compare.problem("scheme", fmt::format("{} is no scheme for {} (have: {})", order.scheme,
                                                  model.dynamics, fmt::join(sde.schemes, ", ")));
            return;
        }
        NoiseStructure const structure =
            sde.noise == NoiseStructure::additive
                ? sde.noise
                : noise_structure(order.noise, cell.dim, landscape.separable || cell.dim == 1);
        for (SchemeInfo const& s : scheme_components())
            if (s.name == order.scheme && s.dynamics == model.dynamics)
                order.scheme_order = std::min(order.scheme_order, s.for_noise(structure).weak);
    }
    bool const second_order = order.scheme_order >= 2.0;
    if (order.substeps == 1 && !second_order)
        compare.problem(
            "substeps",
            fmt::format("compare.substeps = 1: Gaussian SGD is euler_maruyama of modified_1 at dt "
                        "= eta, and heavy_ball is oba of kinetic: the comparison would be "
                        "exact by construction and show nothing (use substeps >= {} or a scheme of "
                        "weak order 2, such as platen_weak2)",
                        enough_substeps));
    else if (order.substeps < (second_order ? enough_for_weak_2 : enough_substeps))
        compare.problem(
            "substeps",
            fmt::format("compare.substeps = {} (must be >= {}: {} has weak order {}, "
                        "and its own error must be small beside the one measured)",
                        order.substeps, second_order ? enough_for_weak_2 : enough_substeps,
                        order.scheme, order.scheme_order));
}

/// Common noise, unless all noise of an iteration is in draws that the SDE has not.
void read_coupling(Draft& draft, Reader& compare) {
    OrderSetup& order = draft.cell.order;
    order.own_share = draft.dynamics == nullptr ? 0.0 : own_noise_share(draft);
    bool const apart = order.own_share == 1.0;
    bool const asked = compare.has("coupling");
    order.common_noise = compare.choice("coupling", "coupling", {"common_noise", "independent"},
                                        apart ? "independent" : "common_noise") == "common_noise";
    if (apart && asked && order.common_noise)
        compare.problem("coupling",
                        fmt::format("compare.coupling = \"common_noise\" (must be \"independent\": "
                                    "all noise is in the kick of {}, whose normals are its own)",
                                    draft.dynamics->name));
}

void read_compare(Draft& draft) {
    OrderSetup& order = draft.cell.order;
    auto reader = sub_reader(draft.top, "compare", false);
    if (!reader) return;
    std::size_t const before = draft.problems.size();
    std::vector<std::string> const with = reader->words("with");
    if (with.empty())
        reader->missing("with", "a list of SDEs, e.g. [\"modified_1\", \"modified_2\"]");
    std::vector<std::string> schemes;
    for (SchemeInfo const& s : scheme_components())
        if (s.claims_orders && std::find(schemes.begin(), schemes.end(), s.name) == schemes.end())
            schemes.emplace_back(s.name);
    order.scheme = reader->choice("scheme", "scheme", schemes, "platen_weak2");
    auto const substeps = static_cast<int>(reader->count("substeps", 1, 64, 16));
    if ((substeps & (substeps - 1)) != 0)
        reader->problem("substeps", fmt::format("compare.substeps = {} (must be a power of two, "
                                                "up to 64)",
                                                substeps));
    read_coupling(draft, *reader);
    reader->finish();
    if (draft.problems.size() > before || !draft.has_landscape() || draft.limits.empty()) return;
    for (std::string const& name : with) {
        SdeLimit const* limit = limit_named(draft.limits, name);
        bool const holds = limit != nullptr && limit->not_here.empty();
        auto model = holds ? make_model(*limit, name) : std::nullopt;
        if (limit == nullptr) {
            reader->problem("with", unknown_word("limit of " + draft.cell.dynamics, name,
                                                 names_of(draft.limits)));
        } else if (!limit->not_here.empty()) {
            reader->problem("with", fmt::format("{} is no limit of {} here: {}", name,
                                                draft.cell.dynamics, limit->not_here));
        } else if (!model) {
            reader->problem("with", fmt::format("the numbers of {} do not follow from {} here",
                                                limit->sde, draft.cell.dynamics));
        } else if (order.time_per_step > 0.0 && order.time_per_step != limit->time_per_step) {
            reader->problem("with", fmt::format("{} has another clock ({}) than {}: compare them "
                                                "in two experiments",
                                                name, limit->clock, order.models.front().name));
        } else if (model->steps_ahead != 0.0 && draft.scheduled) {
            reader->problem(
                "with", fmt::format("{} is {} iterations ahead, its schedule would be, too, and "
                                    "cost it its order (use \"{}{}\", or no schedule)",
                                    name, model->steps_ahead, name, unshifted));
        } else if (model->opposite && !common_value(draft.variance)) {
            reader->problem("with", fmt::format("{} has one temperature, which this noise has not; "
                                                "modified_1 has its covariance",
                                                name));
        } else {
            order.time_per_step = limit->time_per_step;
            order.small = limit->small;
            order.models.push_back(std::move(*model));
        }
    }
    order.substeps = substeps;
    choose_noise(draft, *reader);
    if (draft.problems.size() == before) check_scheme(draft, *reader);
}

void read_moments(Draft& draft) {
    Cell& cell = draft.cell;
    auto reader = sub_reader(draft.top, "moments", false);
    if (!reader) return;
    cell.order.observables = reader->words("of");
    if (cell.order.observables.empty())
        reader->missing("of", "a list of observables, e.g. [\"x\", \"x^2\", \"cos(x)\"]");
    if (cell.order.observables.size() > static_cast<std::size_t>(max_observables))
        reader->problem("of", fmt::format("moments.of has {} observables (must be <= {})",
                                          cell.order.observables.size(), max_observables));
    for (std::string const& text : cell.order.observables) {
        auto const o = parse_observable(text);
        if (!o)
            reader->problem("of", fmt::format("moments.of: \"{}\" is no observable (have: x, x^2 "
                                              "to x^8, cos(x), sin(2 x), ...; x1 is coordinate 1, "
                                              "counted from 0)",
                                              text));
        else if (cell.dim > 0 && o->axis >= cell.dim)
            reader->problem("of", fmt::format("moments.of: \"{}\" asks for coordinate {} (must be "
                                              "< dim = {})",
                                              text, o->axis, cell.dim));
        else cell.snapshots.observables.push_back(*o);
    }
    OrderSetup& order = cell.order;
    order.time = reader->number("at", {0.0, infinite, true, "time"});
    reader->finish();
    if (!(order.time_per_step > 0.0)) return;
    double const iterations = order.time / order.time_per_step;
    double const whole = std::round(iterations);
    if (whole < 1.0 || std::abs(iterations - whole) > 1e-9 * whole || whole > 1e9)
        reader->problem("at", fmt::format("moments.at = {:.6g} is {:.6g} iterations of {:.6g} "
                                          "(must be a whole number of them at every learning rate)",
                                          order.time, iterations, order.time_per_step));
    else cell.snapshots.burn_in = static_cast<std::uint64_t>(whole);
}

/// Every SDE must go together with landscape and law.
void check_composed(Draft& draft) {
    Cell const& cell = draft.cell;
    auto const* landscape = composed::find_landscape(cell.landscape, cell.dim);
    for (ComparedSde const& model : cell.order.models) {
        auto const* program = composed::find_program(model.dynamics, cell.order.scheme);
        if (landscape == nullptr || program == nullptr) continue;
        Composition composition;
        composition.noise = cell.order.noise;
        std::string const reason =
            composed::why_not(*landscape, *program, composition, model.values.data());
        if (!reason.empty())
            draft.problems.add(draft.top.origin_of("compare"), model.name + ": " + reason);
    }
}

}  // namespace

void read_order(Draft& draft) {
    if (draft.kind != ExperimentKind::order) return;
    if (draft.dynamics != nullptr && !draft.dynamics->optimizer) {
        draft.problems.add(draft.top.origin_of("dynamics"),
                           fmt::format("kind = \"order\" compares an optimizer with its SDE; {} is "
                                       "an SDE",
                                       draft.dynamics->name));
        for (char const* key : {"compare", "moments"}) draft.top.take(key);
        return;
    }
    std::size_t const before = draft.problems.size();
    read_compare(draft);
    read_moments(draft);
    if (draft.problems.size() == before && draft.has_landscape()) check_composed(draft);
}

void note_order(Draft& draft) {
    Cell& cell = draft.cell;
    OrderSetup const& order = cell.order;
    auto const note = [&](std::string text) { cell.notes.push_back(std::move(text)); };
    note(fmt::format("moments {} after {} iterations, t = {:.6g}; one iteration is {:.6g}",
                     fmt::join(order.observables, ", "), cell.snapshots.burn_in, order.time,
                     order.time_per_step));
    for (ComparedSde const& model : order.models) {
        std::string const ahead =
            model.steps_ahead == 0.0
                ? std::string()
                : fmt::format("{:.6g} of an iteration ahead, its own time is {:.6g}; ",
                              model.steps_ahead,
                              order.time + model.steps_ahead * order.time_per_step);
        note(fmt::format(
            "against {}: {}, {}; {}{} with {} substeps per iteration, dt = {:.6g}; {}", model.name,
            model.dynamics,
            parameter_text(find_dynamics(model.dynamics)->parameters, model.values, cell.dim),
            ahead, order.scheme, order.substeps, order.time_per_step / order.substeps,
            model.source));
    }
    if (order.common_noise && order.own_share != 0.0)
        note(fmt::format(
            "common noise in part: each normal of the gradient noise is the sum of the {} of the "
            "SDE's substeps over {:.6g}; the {} of {} has normals of its own{}, whose errors do "
            "not cancel",
            order.substeps, std::sqrt(order.substeps),
            draft.dynamics->second_batch ? "second batch" : "kick", draft.dynamics->name,
            std::isfinite(order.own_share)
                ? fmt::format(", {:.3g} of the variance of an iteration's noise", order.own_share)
                : std::string()));
    else
        note(order.common_noise
                 ? fmt::format(
                       "common noise: each normal of an iteration is the sum of the {} of the "
                       "SDE's substeps over {:.6g}",
                       order.substeps, std::sqrt(order.substeps))
                 : std::string("independent noise: errors do not cancel, expect to need many more "
                               "trajectories") +
                       (order.own_share == 1.0
                            ? ": all noise is in the kick, whose normals are its own"
                            : ""));
    if (order.observables.size() == 1)
        note(
            fmt::format("one moment, {}: errors of others may be larger or of a lower order, and "
                        "what is claimed is all of them (S4); give several, e.g. moments.of = "
                        "[\"x\", \"x^2\", \"cos(x)\"]",
                        order.observables.front()));
    if (std::string const warning = lipschitz_warning(cell); !warning.empty())
        note("warning: " + warning);
}

}  // namespace kramers
