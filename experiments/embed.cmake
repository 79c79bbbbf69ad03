# SPDX-License-Identifier: Apache-2.0
# Writes a C++ source that holds every file of a folder of specs as text.
#
#   kramers_embed_catalogue(<output.cpp> <folder> <function>)
#
# The function returns them; catalogue.hpp declares it.
# Found at configure time; adding or changing a .toml reconfigures.
function(kramers_embed_catalogue output folder name)
  file(GLOB specs CONFIGURE_DEPENDS "${folder}/*.toml")
  list(SORT specs)
  set(entries "")
  foreach(spec IN LISTS specs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${spec}")
    get_filename_component(stem "${spec}" NAME_WE)
    file(READ "${spec}" text)
    string(APPEND entries "        {\"${stem}\", R\"kramers_toml(${text})kramers_toml\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${output}" @ONLY CONTENT [=[
// SPDX-License-Identifier: Apache-2.0
// Generated from a folder of specs; do not edit.
#include "experiments/catalogue.hpp"

namespace kramers {

std::vector<CatalogueEntry> const& @name@() {
    static std::vector<CatalogueEntry> const entries{
@entries@    };
    return entries;
}

}  // namespace kramers
]=])
endfunction()
