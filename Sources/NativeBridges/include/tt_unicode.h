/// General categories of all code points, Unicode 16.0: the version that Hugging Face's engine uses.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Runs of equal code points: first code point << 6 | Alphabetic << 5 | general category, ascending.
/// Categories count Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc
/// Cf Cs Co Cn from 0.
extern const uint32_t tt_unicode_runs[];
extern const uint32_t tt_unicode_run_count;

/// The run at an index below `tt_unicode_run_count`.
static inline uint32_t tt_unicode_run(uint32_t index) { return tt_unicode_runs[index]; }

#ifdef __cplusplus
}
#endif
