// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

#include "sde/hd.hpp"

/// Promises between our own functions. User input is never checked here (experiments/input.hpp is).
/// Active when KRAMERS_CONTRACTS is defined (presets dev, sanitize, debug-device); otherwise free.
#if defined(KRAMERS_CONTRACTS)
#define KRAMERS_CONTRACT_(kind, condition)                                                 \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            std::printf("%s:%d: %s violated: %s\n", __FILE__, __LINE__, kind, #condition); \
            ::kramers::detail::contract_failed();                                          \
        }                                                                                  \
    } while (false)
#else
#define KRAMERS_CONTRACT_(kind, condition) static_cast<void>(0)
#endif
#define KRAMERS_EXPECTS(condition) KRAMERS_CONTRACT_("precondition", condition)
#define KRAMERS_ENSURES(condition) KRAMERS_CONTRACT_("postcondition", condition)

namespace kramers::detail {
KRAMERS_HOST_DEVICE inline void contract_failed() {
#if KRAMERS_DEVICE_PASS
    asm volatile("trap;");
#else
    std::abort();
#endif
}
}  // namespace kramers::detail
