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

/// What a character does at the borders of what a reader takes for one (Unicode Standard Annex 29,
/// table 2).
enum {
  TT_GRAPHEME_OTHER = 0,
  TT_GRAPHEME_CONTROL = 1,
  TT_GRAPHEME_CR = 2,
  TT_GRAPHEME_LF = 3,
  TT_GRAPHEME_EXTEND = 4,
  TT_GRAPHEME_ZWJ = 5,
  TT_GRAPHEME_SPACING_MARK = 6,
  TT_GRAPHEME_PREPEND = 7,
  TT_GRAPHEME_L = 8,
  TT_GRAPHEME_V = 9,
  TT_GRAPHEME_T = 10,
  TT_GRAPHEME_LV = 11,
  TT_GRAPHEME_LVT = 12,
  TT_GRAPHEME_REGIONAL_INDICATOR = 13,
  TT_GRAPHEME_PICTOGRAPH = 14,
};

/// The classes of characters in ICU's version of Unicode.
void tt_grapheme_classes(uint32_t first, uint32_t count, uint8_t *classes);

#ifdef __cplusplus
}
#endif
