# SPDX-License-Identifier: Apache-2.0

# kramers_landscape(<stem> <Class> DIMS <d>…)
# Registers the landscape Class<Real, d> of landscapes/<stem>.hpp for every d of DIMS. One call per
# landscape in landscapes/CMakeLists.txt; the engine compiles one unit per landscape.
#
# kramers_landscape(<stem> <Class> DIMS <d>… TARGET <target>)
# The same for a landscape of your own, after find_package(kramers): compiles every method on it into
# your target, which must find landscapes/<stem>.hpp on its include path. Make the engine know it
# before the first simulation:
#   #include <kramers/gpu/dispatch.hpp>
#   namespace kramers { void add_<stem>_host_methods(MethodTable&); }
#   kramers::register_methods(&kramers::add_<stem>_host_methods);
function(kramers_landscape stem class)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TARGET" "DIMS")
  if(NOT arg_DIMS OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kramers_landscape(${stem} ${class}): needs DIMS and the dimensions to "
                        "compile, as in kramers_landscape(rastrigin Rastrigin DIMS 1 2 8)")
  endif()
  string(REPLACE ";" ", " dims "${arg_DIMS}")
  if(arg_TARGET)
    kramers_foreign_landscape(${arg_TARGET} ${stem} ${class} "${dims}")
    return()
  endif()
  if(NOT COMMAND kramers_library)
    message(FATAL_ERROR "kramers_landscape(${stem} ${class}): outside of kramers' own tree it needs "
                        "TARGET and the name of your target")
  endif()
  if(KRAMERS_LANDSCAPES AND NOT stem IN_LIST KRAMERS_LANDSCAPES)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY kramers_landscape_stems "${stem}")
  set_property(GLOBAL PROPERTY kramers_landscape_class_${stem} "${class}")
  set_property(GLOBAL PROPERTY kramers_landscape_dims_${stem} "${dims}")
endfunction()

# A landscape outside of the tree: its host unit, with the flags that keep the bits.
function(kramers_foreign_landscape target STEM CLASS DIMS)
  set(BACKEND host)
  set(unit "${CMAKE_CURRENT_BINARY_DIR}/kramers/${STEM}.cpp")
  configure_file("${KRAMERS_INSTANTIATE}" "${unit}" @ONLY)
  target_sources(${target} PRIVATE "${unit}")
  target_link_libraries(${target} PRIVATE kramers::gpu)
  set_source_files_properties("${unit}" PROPERTIES COMPILE_OPTIONS
    "-O3;-fno-math-errno;-fno-trapping-math;-ffp-contract=off")
endfunction()

# Called once, at the end of landscapes/CMakeLists.txt. Writes, under <build>/generated,
#   landscapes/landscape_headers.inc  #include "landscapes/rastrigin.hpp"        per landscape
#   landscapes/landscape_list.inc     KRAMERS_LANDSCAPE(rastrigin, Rastrigin, 2) per landscape and d
#   landscapes/landscape_stems.inc    KRAMERS_LANDSCAPE_STEM(rastrigin)          per landscape
function(kramers_write_landscape_list)
  get_property(stems GLOBAL PROPERTY kramers_landscape_stems)
  set(headers "")
  set(list "")
  set(names "")
  foreach(stem IN LISTS stems)
    get_property(class GLOBAL PROPERTY kramers_landscape_class_${stem})
    get_property(dims GLOBAL PROPERTY kramers_landscape_dims_${stem})
    string(REPLACE ", " ";" dims "${dims}")
    string(APPEND headers "#include \"landscapes/${stem}.hpp\"\n")
    string(APPEND names "KRAMERS_LANDSCAPE_STEM(${stem})\n")
    foreach(dim IN LISTS dims)
      string(APPEND list "KRAMERS_LANDSCAPE(${stem}, ${class}, ${dim})\n")
    endforeach()
  endforeach()
  set(folder "${PROJECT_BINARY_DIR}/generated/landscapes")
  kramers_write_if_different("${folder}/landscape_headers.inc" "${headers}")
  kramers_write_if_different("${folder}/landscape_list.inc" "${list}")
  kramers_write_if_different("${folder}/landscape_stems.inc" "${names}")
endfunction()

# kramers_landscape_units(<variable>): generates the engine's units from gpu/instantiate.in, one .cpp
# per landscape for host threads and one .cu with CUDA, and returns their paths.
function(kramers_landscape_units out)
  get_property(stems GLOBAL PROPERTY kramers_landscape_stems)
  set(units "")
  foreach(STEM IN LISTS stems)
    get_property(CLASS GLOBAL PROPERTY kramers_landscape_class_${STEM})
    get_property(DIMS GLOBAL PROPERTY kramers_landscape_dims_${STEM})
    foreach(BACKEND IN ITEMS host cuda)
      if(BACKEND STREQUAL "host")
        set(unit "${PROJECT_BINARY_DIR}/generated/gpu/${STEM}.cpp")
      elseif(KRAMERS_HAVE_CUDA)
        set(unit "${PROJECT_BINARY_DIR}/generated/gpu/${STEM}.cu")
      else()
        continue()
      endif()
      configure_file("${PROJECT_SOURCE_DIR}/gpu/instantiate.in" "${unit}" @ONLY)
      list(APPEND units "${unit}")
    endforeach()
  endforeach()
  set(${out} "${units}" PARENT_SCOPE)
endfunction()
