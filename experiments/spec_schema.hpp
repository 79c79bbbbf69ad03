// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kramers {

/// JSON Schema (draft 7) of spec files, for editors: made of spec_keys() and of the parameters of the
/// components. It knows shapes, types, ranges and names; what depends on numbers only `check` knows.
std::string spec_schema();

}  // namespace kramers
