# SPDX-License-Identifier: Apache-2.0

# kramers_composed_units(<variable> LISTS <list>…)
# Generates the units of gpu/composed: one per landscape with all its dimensions, one per list of
# programs in sde/methods.hpp, and with CUDA one per dimension that runs on a GPU. Their numbers add,
# they do not multiply. Also writes, in <build>/generated/gpu/composed, program_lists.inc with
# KRAMERS_PROGRAM_LIST(list) per list and landscape_stems.inc with KRAMERS_LANDSCAPE_STEM(stem) per
# landscape.
function(kramers_composed_units out)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LISTS")
  set(folder "${PROJECT_BINARY_DIR}/generated/gpu/composed")
  set(units "")
  set(stem_lines "")
  get_property(stems GLOBAL PROPERTY kramers_landscape_stems)
  foreach(STEM IN LISTS stems)
    get_property(CLASS GLOBAL PROPERTY kramers_landscape_class_${STEM})
    get_property(DIMS GLOBAL PROPERTY kramers_landscape_dims_${STEM})
    configure_file("${PROJECT_SOURCE_DIR}/gpu/composed/landscape_unit.in"
      "${folder}/landscape_${STEM}.cpp" @ONLY)
    list(APPEND units "${folder}/landscape_${STEM}.cpp")
    string(APPEND stem_lines "KRAMERS_LANDSCAPE_STEM(${STEM})\n")
  endforeach()
  kramers_write_if_different("${folder}/landscape_stems.inc" "${stem_lines}")
  set(names "")
  foreach(LIST IN LISTS arg_LISTS)
    configure_file("${PROJECT_SOURCE_DIR}/gpu/composed/program_unit.in"
      "${folder}/${LIST}.cpp" @ONLY)
    list(APPEND units "${folder}/${LIST}.cpp")
    string(APPEND names "KRAMERS_PROGRAM_LIST(${LIST})\n")
  endforeach()
  kramers_write_if_different("${folder}/program_lists.inc" "${names}")
  kramers_inlined_loops(${units})
  if(KRAMERS_HAVE_CUDA)
    foreach(DIM IN ITEMS 1 2 8)  # thread_dims of gpu/composed/thread_method.hpp
      configure_file("${PROJECT_SOURCE_DIR}/gpu/composed/cuda_unit.in"
        "${folder}/composed_d${DIM}.cu" @ONLY)
      list(APPEND units "${folder}/composed_d${DIM}.cu")
      # A kernel takes as many registers as the greediest function that it may call. At most 128, or
      # fewer than 512 threads fit on a multiprocessor; the launch bounds of Thrust allow 255.
      set_source_files_properties("${folder}/composed_d${DIM}.cu" PROPERTIES
        COMPILE_OPTIONS "-maxrregcount=128;-Xptxas=--override-directive-values")
    endforeach()
  endif()
  set(${out} "${units}" PARENT_SCOPE)
endfunction()
