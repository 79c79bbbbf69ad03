# SPDX-License-Identifier: Apache-2.0
# Third-party packages, all of them in Debian 12 (cmake/install-dependencies.sh installs them).

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(fmt 9 REQUIRED CONFIG)
find_package(TBB REQUIRED CONFIG)
find_package(tomlplusplus REQUIRED CONFIG)
find_package(CLI11 REQUIRED CONFIG)
find_package(nlohmann_json 3.11 REQUIRED CONFIG)
find_package(muparser REQUIRED CONFIG)

# The system's Python first: that is the one python3-matplotlib belongs to.
find_program(KRAMERS_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT KRAMERS_PYTHON)
  find_program(KRAMERS_PYTHON python3 REQUIRED)
endif()

# --- CUDA ---------------------------------------------------------------------------------------
# Optional and detected: nvcc on PATH, named by CUDACXX, or at its customary place.
set(KRAMERS_HAVE_CUDA OFF)
if(NOT KRAMERS_CUDA MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "KRAMERS_CUDA = \"${KRAMERS_CUDA}\" (must be AUTO, ON or OFF)")
endif()
if(NOT KRAMERS_CUDA STREQUAL "OFF")
  find_program(KRAMERS_NVCC nvcc HINTS ENV CUDACXX PATHS /usr/local/cuda/bin)
  if(KRAMERS_NVCC)
    set(CMAKE_CUDA_ARCHITECTURES "${KRAMERS_CUDA_ARCHITECTURES}")
    if(NOT CMAKE_CUDA_COMPILER)
      set(CMAKE_CUDA_COMPILER "${KRAMERS_NVCC}")
    endif()
    if(NOT CMAKE_CUDA_HOST_COMPILER)
      set(CMAKE_CUDA_HOST_COMPILER "${CMAKE_CXX_COMPILER}")
    endif()
    # Without -O device code is optimised all the same; the host half, which only launches, gets -O1
    # from warnings.cmake. With CMake's usual -O3 it would take as long as the device half.
    set(CMAKE_CUDA_FLAGS_RELEASE "-DNDEBUG" CACHE STRING "Flags of CUDA release builds")
    enable_language(CUDA)
    find_package(CUDAToolkit REQUIRED)
    set(KRAMERS_HAVE_CUDA ON)
    message(STATUS "CUDA backend: ${CMAKE_CUDA_COMPILER} ${CMAKE_CUDA_COMPILER_VERSION}, "
                   "architectures ${KRAMERS_CUDA_ARCHITECTURES}")
  elseif(KRAMERS_CUDA STREQUAL "ON")
    message(FATAL_ERROR "KRAMERS_CUDA=ON but there is no nvcc. Put it on PATH, set CUDACXX, "
                        "or configure with -DKRAMERS_CUDA=AUTO to build for host threads only.")
  else()
    message(STATUS "CUDA backend: none (no nvcc found); trajectories run on host threads")
  endif()
endif()

# --- Thrust -------------------------------------------------------------------------------------
# One Thrust per build. With nvcc it is the toolkit's own copy, for host units as well; otherwise
# Debian's libthrust-dev. Host units use the TBB system: one runtime for g++ and clang.
add_library(kramers_thrust INTERFACE)
if(KRAMERS_HAVE_CUDA)
  find_path(KRAMERS_CCCL_INCLUDE thrust/version.h
    PATHS ${CUDAToolkit_INCLUDE_DIRS} PATH_SUFFIXES cccl NO_DEFAULT_PATH REQUIRED)
  target_include_directories(kramers_thrust SYSTEM INTERFACE "${KRAMERS_CCCL_INCLUDE}")
else()
  find_path(KRAMERS_THRUST_INCLUDE thrust/version.h REQUIRED)
  if(NOT KRAMERS_THRUST_INCLUDE STREQUAL "/usr/include")
    target_include_directories(kramers_thrust SYSTEM INTERFACE "${KRAMERS_THRUST_INCLUDE}")
  endif()
endif()
target_compile_definitions(kramers_thrust INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:THRUST_HOST_SYSTEM=THRUST_HOST_SYSTEM_CPP>
  $<$<COMPILE_LANGUAGE:CXX>:THRUST_DEVICE_SYSTEM=THRUST_DEVICE_SYSTEM_TBB>)
target_link_libraries(kramers_thrust INTERFACE TBB::tbb Threads::Threads)

# --- Tests --------------------------------------------------------------------------------------
if(KRAMERS_TESTS)
  find_package(doctest 2.4 REQUIRED CONFIG)
  find_path(KRAMERS_RANDOM123_INCLUDE Random123/philox.h REQUIRED)
endif()
