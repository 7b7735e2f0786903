/// Scripts of all code points in Unicode 9.0, the version that SentencePiece and Hugging Face keep.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Runs of equal code points: first code point << 8 | number of the script, ascending. Numbers have
/// no meaning but the first three; kana count as Han.
extern const uint32_t tt_script_runs[];
extern const uint32_t tt_script_run_count;

enum {
  /// Unassigned, or newer than Unicode 9.
  TT_SCRIPT_NONE = 0,
  TT_SCRIPT_COMMON = 1,
  TT_SCRIPT_INHERITED = 2,
};

/// The run at an index below `tt_script_run_count`.
static inline uint32_t tt_script_run(uint32_t index) { return tt_script_runs[index]; }

#ifdef __cplusplus
}
#endif
