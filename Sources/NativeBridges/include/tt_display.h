/// How characters look: columns on a terminal, direction, and where a reader sees one end and another
/// begin. All by ICU's version of Unicode.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  /// Columns: 0, 1 or 2.
  TT_DISPLAY_COLUMNS = 3,
  /// It is written from right to left.
  TT_DISPLAY_RIGHT_TO_LEFT = 4,
};

/// Columns and direction of a character, in one word.
///
/// Columns are those of `wcwidth`: two for what is wide or full-width (UAX 11), none for marks that
/// stand on others and for the vowels and finals of conjoining Hangul.
uint32_t tt_display_facts(uint32_t character);

/// Writes where grapheme clusters (UAX 29) end to `ends`, as offsets, ascending, the last of them that
/// of the text; `ends` has room for `count` of them. Returns how many; 0 when memory is short or the
/// text is longer than 2^31 - 1 bytes.
size_t tt_grapheme_ends(const uint8_t *text, size_t count, size_t *ends);

#ifdef __cplusplus
}
#endif
