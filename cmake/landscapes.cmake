# SPDX-License-Identifier: Apache-2.0

# kramers_landscape(<stem> <Class> DIMS <d>… [FUSED <d>…])
# Registers the landscape Class<Real, d> of landscapes/<stem>.hpp for every d of DIMS. One call per
# landscape in landscapes/CMakeLists.txt. For the dimensions after FUSED, some of DIMS, the engine
# compiles every method of its own into one loop with the landscape, in units of
# kramers_landscape_units. The others are composed at run time. By default there are none.
#
# kramers_landscape(<stem> <Class> DIMS <d>… TARGET <target>)
# The same for a landscape of your own, after find_package(kramers): compiles every method on it into
# your target, which must find landscapes/<stem>.hpp on its include path. Make the engine know it
# before the first simulation:
#   #include <kramers/gpu/dispatch.hpp>
#   namespace kramers { void add_<stem>_host_methods(MethodTable&); }
#   kramers::register_methods(&kramers::add_<stem>_host_methods);
# and for the methods that are composed at run time
#   #include <kramers/gpu/composed/composition.hpp>
#   namespace kramers::composed { void add_<stem>_landscape(std::vector<LandscapeEntry>&); }
#   kramers::composed::register_landscapes(&kramers::composed::add_<stem>_landscape);
function(kramers_landscape stem class)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "TARGET" "DIMS;FUSED")
  if(NOT arg_DIMS OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kramers_landscape(${stem} ${class}): needs DIMS and the dimensions to "
                        "compile, as in kramers_landscape(rastrigin Rastrigin DIMS 1 2 8)")
  endif()
  string(REPLACE ";" ", " dims "${arg_DIMS}")
  foreach(dim IN LISTS arg_FUSED)
    if(arg_TARGET OR NOT dim IN_LIST arg_DIMS)
      message(FATAL_ERROR "kramers_landscape(${stem} ${class}): FUSED ${dim} is not among the DIMS "
                          "(${dims}), or there is a TARGET, for which all of them are fused")
    endif()
  endforeach()
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
  set_property(GLOBAL PROPERTY kramers_landscape_fused_${stem} "${arg_FUSED}")
endfunction()

# A landscape outside of the tree: its host unit, with the flags that keep the bits.
function(kramers_foreign_landscape target STEM CLASS DIMS)
  set(BACKEND host)
  set(NAME ${STEM})
  set(unit "${CMAKE_CURRENT_BINARY_DIR}/kramers/${STEM}.cpp")
  configure_file("${KRAMERS_INSTANTIATE}" "${unit}" @ONLY)
  set(composed "${CMAKE_CURRENT_BINARY_DIR}/kramers/${STEM}_composed.cpp")
  configure_file("${KRAMERS_LANDSCAPE_UNIT}" "${composed}" @ONLY)
  target_sources(${target} PRIVATE "${unit}" "${composed}")
  target_link_libraries(${target} PRIVATE kramers::gpu)
  set_source_files_properties("${unit}" "${composed}" PROPERTIES COMPILE_OPTIONS
    "-O3;-fno-math-errno;-fno-trapping-math;-ffp-contract=off")
endfunction()

# Called once, at the end of landscapes/CMakeLists.txt. Writes, under <build>/generated,
#   landscapes/landscape_headers.inc  #include "landscapes/rastrigin.hpp"        per landscape
#   landscapes/landscape_list.inc     KRAMERS_LANDSCAPE(rastrigin, Rastrigin, 2) per landscape and d
#   landscapes/landscape_stems.inc    KRAMERS_LANDSCAPE_STEM(rastrigin)          per landscape
#   landscapes/fused_list.inc         KRAMERS_FUSED(rastrigin, Rastrigin, 2)     per d of FUSED
#   landscapes/fused_stems.inc        KRAMERS_FUSED_STEM(rastrigin)              per landscape with some
function(kramers_write_landscape_list)
  get_property(stems GLOBAL PROPERTY kramers_landscape_stems)
  set(headers "")
  set(list "")
  set(names "")
  set(fused_list "")
  set(fused_stems "")
  foreach(stem IN LISTS stems)
    get_property(class GLOBAL PROPERTY kramers_landscape_class_${stem})
    get_property(dims GLOBAL PROPERTY kramers_landscape_dims_${stem})
    string(REPLACE ", " ";" dims "${dims}")
    string(APPEND headers "#include \"landscapes/${stem}.hpp\"\n")
    string(APPEND names "KRAMERS_LANDSCAPE_STEM(${stem})\n")
    foreach(dim IN LISTS dims)
      string(APPEND list "KRAMERS_LANDSCAPE(${stem}, ${class}, ${dim})\n")
    endforeach()
    get_property(fused GLOBAL PROPERTY kramers_landscape_fused_${stem})
    foreach(dim IN LISTS fused)
      string(APPEND fused_list "KRAMERS_FUSED(${stem}, ${class}, ${dim})\n")
    endforeach()
    if(fused)
      string(APPEND fused_stems "KRAMERS_FUSED_STEM(${stem})\n")
    endif()
  endforeach()
  set(folder "${PROJECT_BINARY_DIR}/generated/landscapes")
  kramers_write_if_different("${folder}/landscape_headers.inc" "${headers}")
  kramers_write_if_different("${folder}/landscape_list.inc" "${list}")
  kramers_write_if_different("${folder}/landscape_stems.inc" "${names}")
  kramers_write_if_different("${folder}/fused_list.inc" "${fused_list}")
  kramers_write_if_different("${folder}/fused_stems.inc" "${fused_stems}")
endfunction()

# kramers_landscape_units(<variable>): generates the engine's units from gpu/instantiate.in and returns
# their paths. For each fused landscape and dimension <stem>_d<d>.cpp for host threads, which defines
# add_<stem>_<d>_host_methods; with CUDA, for each fused landscape <stem>.cu with all its dimensions,
# because half the time of a small CUDA unit goes into headers. It defines add_<stem>_cuda_methods.
function(kramers_landscape_units out)
  get_property(stems GLOBAL PROPERTY kramers_landscape_stems)
  set(units "")
  foreach(STEM IN LISTS stems)
    get_property(CLASS GLOBAL PROPERTY kramers_landscape_class_${STEM})
    get_property(fused GLOBAL PROPERTY kramers_landscape_fused_${STEM})
    if(NOT fused)
      continue()
    endif()
    set(BACKEND host)
    foreach(DIMS IN LISTS fused)
      set(NAME "${STEM}_${DIMS}")
      set(unit "${PROJECT_BINARY_DIR}/generated/gpu/${STEM}_d${DIMS}.cpp")
      configure_file("${PROJECT_SOURCE_DIR}/gpu/instantiate.in" "${unit}" @ONLY)
      list(APPEND units "${unit}")
    endforeach()
    if(KRAMERS_HAVE_CUDA)
      set(BACKEND cuda)
      set(NAME "${STEM}")
      string(REPLACE ";" ", " DIMS "${fused}")
      set(unit "${PROJECT_BINARY_DIR}/generated/gpu/${STEM}.cu")
      configure_file("${PROJECT_SOURCE_DIR}/gpu/instantiate.in" "${unit}" @ONLY)
      list(APPEND units "${unit}")
    endif()
  endforeach()
  set(${out} "${units}" PARENT_SCOPE)
endfunction()
