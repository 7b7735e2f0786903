/// What the rules of SentencePiece's charsmaps are made from, beside normalization.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Simple case folding: one character for one; a character without any is its own.
uint32_t tt_simple_fold(uint32_t character);

/// Whether ICU knows the character, and a version of Unicode up to `major`.9 brought it.
bool tt_is_assigned_until(uint32_t character, uint8_t major);

#ifdef __cplusplus
}
#endif
