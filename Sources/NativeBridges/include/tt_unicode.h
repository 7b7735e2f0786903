/// Properties of all code points, Unicode 16.0: the version that Hugging Face's and tiktoken's
/// engines use. Generated; see Tests/Interop/generate_unicode_tables.py.
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

/// A binary property or a script: its names in lower case without separators, divided by `|`; where
/// its part of `tt_unicode_bounds` begins; how many bounds it has. Members are those from the first
/// bound to below the second, from the third to below the fourth, ...; each bound is its difference
/// to the one before, seven bits a byte, low ones first, with the high bit where more follow.
typedef struct {
  const char *names;
  uint32_t start;
  uint32_t count;
} tt_unicode_property;
extern const tt_unicode_property tt_unicode_properties[];
extern const uint32_t tt_unicode_property_count;
extern const uint8_t tt_unicode_bounds[];

/// Simple case folding, in runs: first code point, how many, the step between them, the difference
/// to what they fold to.
extern const int32_t tt_unicode_folds[][4];
extern const uint32_t tt_unicode_fold_count;
/// Code points that fold to two or three, with those; 0 for none.
extern const uint32_t tt_unicode_expansions[][4];
extern const uint32_t tt_unicode_expansion_count;

/// Swift cannot index arrays of unknown length.
static inline const uint32_t *tt_unicode_run(void) { return tt_unicode_runs; }
static inline const tt_unicode_property *tt_unicode_property_list(void) {
  return tt_unicode_properties;
}
static inline const uint8_t *tt_unicode_bound_bytes(void) { return tt_unicode_bounds; }
static inline const int32_t *tt_unicode_fold_runs(void) { return tt_unicode_folds[0]; }
static inline const uint32_t *tt_unicode_expansion_list(void) { return tt_unicode_expansions[0]; }

#ifdef __cplusplus
}
#endif
