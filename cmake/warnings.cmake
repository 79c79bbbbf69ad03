# SPDX-License-Identifier: Apache-2.0

# Bits must not depend on the compiler: no contraction, never -ffast-math. errno and floating-point
# traps are not used; without these two flags lane loops do not vectorize (sqrt, if-conversion).
set(kramers_numeric_flags -fno-math-errno -fno-trapping-math -ffp-contract=off)

# Warnings and numerics of our own code; consumers never inherit them.
function(kramers_private_flags target)
  target_compile_options(${target} PRIVATE
    "$<$<COMPILE_LANGUAGE:CXX>:${kramers_numeric_flags}>"
    # (-Wno-sign-conversion: g++ and clang disagree whether -Wconversion means it.)
    $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion>)
  if(KRAMERS_WARNINGS_AS_ERRORS)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
  endif()
  if(KRAMERS_HAVE_CUDA)
    # (CMake 3.25 does not know CUDA_STANDARD 20.)
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:-std=c++20>)
    # Same bits as the host: no contraction, IEEE division and square root, denormals kept. A host
    # function called in device code would silently give an empty kernel, so it is an error.
    target_compile_options(${target} PRIVATE
      $<$<COMPILE_LANGUAGE:CUDA>:-fmad=false;-prec-div=true;-prec-sqrt=true;-ftz=false>
      $<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr;-Werror=cross-execution-space-call>
      $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-fno-math-errno,-fno-trapping-math,-ffp-contract=off>
      # The host half of a .cu only launches: optimising it would double the compile time.
      $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-O1>)
  endif()
endfunction()
