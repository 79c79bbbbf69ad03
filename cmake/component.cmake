# SPDX-License-Identifier: Apache-2.0
# How the folders declare what they contain. The list in a folder's CMakeLists.txt is its table of
# contents.

include(CMakePackageConfigHelpers)

# Packages with something to link; cmake/kramersConfig.cmake.in finds them again for consumers.
set(kramers_linked_packages
  fmt::fmt TBB::tbb Threads::Threads muparser::muparser CUDA::cudart_static)

# kramers_library(<name> [SOURCES …] [LINK [PUBLIC …] [PRIVATE …]])
# The library kramers::<name>: static, or header-only when it has no sources.
function(kramers_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  cmake_parse_arguments(link "" "" "PUBLIC;PRIVATE" ${arg_LINK})
  if(arg_UNPARSED_ARGUMENTS OR link_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "kramers_library(${name}): what is "
                        "\"${arg_UNPARSED_ARGUMENTS}${link_UNPARSED_ARGUMENTS}\"? "
                        "Use SOURCES … LINK PUBLIC … PRIVATE …")
  endif()
  set(sources ${arg_SOURCES})
  set(target kramers_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    kramers_private_flags(${target})
    target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/generated")
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF)
    foreach(item IN LISTS link_PRIVATE)
      # An installed static library needs only what is linked; header-only packages stay behind.
      if(item MATCHES "^kramers::" OR item IN_LIST kramers_linked_packages)
        target_link_libraries(${target} PRIVATE ${item})
      else()
        target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${item}>)
      endif()
    endforeach()
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(kramers::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/kramers>)
  if(KRAMERS_CONTRACTS)
    target_compile_definitions(${target} ${scope} KRAMERS_CONTRACTS)
  endif()
  if(link_PUBLIC)
    target_link_libraries(${target} ${scope} ${link_PUBLIC})
  endif()
  set_property(GLOBAL APPEND PROPERTY kramers_libraries ${target})
endfunction()

# kramers_precompile(<name> [<header>…])
# Headers of others that most sources of kramers::<name> read, parsed once. Only a matter of speed: every
# source still includes what it uses, and without KRAMERS_PRECOMPILED_HEADERS nothing is precompiled.
function(kramers_precompile name)
  set(target kramers_${name})
  if(NOT KRAMERS_PRECOMPILED_HEADERS)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory> <optional> <string>
    <string_view> <utility> <variant> <vector> ${ARGN})
endfunction()

# kramers_group_sources(<target> [TOGETHER <regex>])
# With KRAMERS_GROUP_SOURCES twenty sources are compiled as one: they share what parsing and instantiating
# their headers costs, more than half of the whole. A change of one recompiles its group. Their
# unnamed namespaces become one, so a name in one of them is used once per folder. Sources with flags
# of their own are left alone. Those with a line that matches the regex, the #include of something
# costly, make groups of their own.
function(kramers_group_sources target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TOGETHER" "")
  if(NOT KRAMERS_GROUP_SOURCES)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  set(cheap_count 0)
  set(costly_count 0)
  foreach(source IN LISTS sources)
    set(kind cheap)
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE file)
    if(arg_TOGETHER AND EXISTS "${file}")
      file(STRINGS "${file}" costly REGEX "${arg_TOGETHER}" LIMIT_COUNT 1)
      if(costly)
        set(kind costly)
      endif()
    endif()
    math(EXPR group "${${kind}_count} / 20")
    math(EXPR ${kind}_count "${${kind}_count} + 1")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP ${kind}${group})
  endforeach()
  # Nothing is wrong with these where each source is compiled alone. (GCC 12 sees uninitialised members
  # of Eigen's matrices in large units.)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wno-shadow>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
endfunction()

# kramers_inlined_loops(<source>…)
# Sources that hold loops over trajectories with everything inlined. A build may give them flags of
# their own (KRAMERS_LOOP_FLAGS): sanitizers make them take minutes to compile, and a second compiler
# is to be compared on loops that it optimises. Their callers, which size the buffers, are compiled as
# everything else.
function(kramers_inlined_loops)
  if(KRAMERS_LOOP_FLAGS)
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS
      "$<$<COMPILE_LANGUAGE:CXX>:${KRAMERS_LOOP_FLAGS}>")
    set_source_files_properties(${ARGN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# kramers_executable(<name> SOURCES … LINK …): lands at the top of the build folder.
function(kramers_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK})
  kramers_private_flags(${name})
  target_include_directories(${name} PRIVATE "${PROJECT_BINARY_DIR}/generated")
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endfunction()

# kramers_write_if_different(<file> <content>): keeps the time stamp of an unchanged file.
function(kramers_write_if_different file content)
  if(EXISTS "${file}")
    file(READ "${file}" old)
    if(old STREQUAL content)
      return()
    endif()
  endif()
  file(WRITE "${file}" "${content}")
endfunction()

# kramers_install(): libraries, headers, package files, and what a user's own landscape needs.
function(kramers_install)
  get_property(libraries GLOBAL PROPERTY kramers_libraries)
  install(TARGETS ${libraries} kramers_kramers EXPORT kramersTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  # <kramers/sde/vec.hpp>; the headers themselves include "sde/vec.hpp".
  install(DIRECTORY sde landscapes estimators gpu experiments
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/kramers"
    FILES_MATCHING PATTERN "*.hpp")

  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/kramers")
  install(EXPORT kramersTargets NAMESPACE kramers:: DESTINATION "${package}")
  configure_package_config_file(cmake/kramersConfig.cmake.in
    "${PROJECT_BINARY_DIR}/kramersConfig.cmake" INSTALL_DESTINATION "${package}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/kramersConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES
    "${PROJECT_BINARY_DIR}/kramersConfig.cmake"
    "${PROJECT_BINARY_DIR}/kramersConfigVersion.cmake"
    cmake/landscapes.cmake
    gpu/instantiate.in
    gpu/composed/landscape_unit.in
    DESTINATION "${package}")
  install(DIRECTORY plots/ DESTINATION "${CMAKE_INSTALL_DATADIR}/kramers/plots"
    FILES_MATCHING PATTERN "*.py")
endfunction()
