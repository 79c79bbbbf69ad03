# SPDX-License-Identifier: Apache-2.0
# Tests as ctest entries and as lines of <build>/tests/manifest.json, which tests/run_all.py runs.

# Tests need the numerics of the product, not its optimisation: they compile twice as fast.
function(kramers_test_optimisation target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# kramers_test_program(<name> SOURCES … LINK …): an executable in <build>/tests.
function(kramers_test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  kramers_private_flags(${name})
  kramers_test_optimisation(${name})
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
endfunction()

# kramers_tests(<folder> LABELS … LINK …): tests/<folder>/*.cpp as tests_<folder>. Cases that need a
# GPU stand in TEST_SUITE("gpu"); without one they are listed as skipped.
function(kramers_tests folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LABELS;LINK")
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(name tests_${folder})
  kramers_test_program(${name} SOURCES ${sources}
    LINK ${arg_LINK} kramers_test_support doctest::doctest Eigen3::Eigen Boost::headers fmt::fmt
         nlohmann_json::nlohmann_json)
  kramers_group_sources(${name})
  if(KRAMERS_PRECOMPILED_HEADERS)
    target_precompile_headers(${name} REUSE_FROM kramers_test_support)
  endif()
  if("unit" IN_LIST arg_LABELS)
    add_dependencies(unit_tests ${name})
  endif()
  target_include_directories(${name} SYSTEM PRIVATE "${KRAMERS_RANDOM123_INCLUDE}")
  target_include_directories(${name} PRIVATE "${PROJECT_BINARY_DIR}/generated")
  target_compile_definitions(${name} PRIVATE KRAMERS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  kramers_register_test(${folder} KIND doctest LABELS ${arg_LABELS}
    COMMAND "$<TARGET_FILE:${name}>" --test-suite-exclude=gpu)

  set(gpu_cases "")
  foreach(source IN LISTS sources)
    file(STRINGS "${source}" found REGEX "TEST_SUITE\\(\"gpu\"\\)")
    list(APPEND gpu_cases ${found})
  endforeach()
  if(gpu_cases)
    # Through the runner, which looks for a GPU first and says why if there is none.
    add_test(NAME ${folder}_gpu COMMAND "${KRAMERS_PYTHON}" "${PROJECT_SOURCE_DIR}/tests/run_all.py"
      "${PROJECT_BINARY_DIR}/tests/manifest.json" --gpu-only ${folder})
    set_tests_properties(${folder}_gpu PROPERTIES LABELS gpu SKIP_RETURN_CODE 77)
  endif()
endfunction()

# kramers_script_test(<name> LABELS … COMMAND <arguments of python>)
function(kramers_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LABELS;COMMAND")
  kramers_register_test(${name} KIND script LABELS ${arg_LABELS}
    COMMAND "${KRAMERS_PYTHON}" ${arg_COMMAND})
endfunction()

# One entry, for ctest and for the manifest alike.
function(kramers_register_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "KIND" "LABELS;COMMAND")
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  set(environment
    KRAMERS_EXECUTABLE=${PROJECT_BINARY_DIR}/kramers
    KRAMERS_SOURCE_DIR=${PROJECT_SOURCE_DIR}
    PYTHONDONTWRITEBYTECODE=1)
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 1200 SKIP_RETURN_CODE 77
    ENVIRONMENT "${environment}")
  list(JOIN arg_LABELS "\", \"" labels)
  list(JOIN arg_COMMAND "\", \"" command)
  set_property(GLOBAL APPEND PROPERTY kramers_test_entries "{\"name\": \"${name}\", \
\"kind\": \"${arg_KIND}\", \"labels\": [\"${labels}\"], \"command\": [\"${command}\"]}")
endfunction()

function(kramers_write_test_manifest)
  get_property(entries GLOBAL PROPERTY kramers_test_entries)
  list(JOIN entries ",\n" entries)
  set(probe "")
  if(TARGET gpu_probe)
    set(probe "$<TARGET_FILE:gpu_probe>")
  endif()
  file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/tests/manifest.json" CONTENT
"{\"source\": \"${PROJECT_SOURCE_DIR}\",
\"executable\": \"${PROJECT_BINARY_DIR}/kramers\",
\"gpu_probe\": \"${probe}\",
\"tests\": [
${entries}
]}
")
endfunction()
