/// Where the patterns of GPT-2, cl100k and their kin cut text, and BERT's words, 64 bytes at a time: the
/// classes of all bytes as bit masks, and boundaries by shifts of these. For processors with AVX-512.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Most bytes of a text.
enum { tt_block_walk_limit = 1 << 16 };

/// Which characters are letters, numbers and white space.
typedef struct tt_block_classes tt_block_classes;

/// A set of code points: from the first bound to below the second, from the third to below the
/// fourth, ...
typedef struct {
  const uint32_t *bounds;
  size_t count;
} tt_block_set;

/// NULL where the processor cannot do it, or no memory is left.
tt_block_classes *tt_block_classes_make(tt_block_set letters, tt_block_set numbers,
                                        tt_block_set blanks);
void tt_block_classes_free(tt_block_classes *classes);

typedef struct {
  /// Letters take one other character along, numbers nothing, signs the line feeds behind them; else
  /// all three take a space along (cl100k and GPT-2).
  bool is_cl100k;
  /// Each line with its line feed is a text.
  bool splits_lines;
  /// Most digits of a piece, 1 or 3; where letters take others along.
  int digits;
  /// White space at the end of the text is one piece, line feeds included; likewise.
  bool joins_end;
} tt_block_rules;

/// Writes the end of each piece of a text, plus `base`, to `ends`, which needs room for `count` + 64;
/// returns how many there are. Negative for what is left to others: longer texts, and letters behind
/// an apostrophe that only a table of case folding knows for an s.
///
/// The text must be well-formed UTF-8, with 2 more bytes that may be read.
ptrdiff_t tt_block_walk(const tt_block_classes *classes, const tt_block_rules *rules,
                        const uint8_t *text, size_t count, uint32_t base, uint32_t *ends);

/// Writes where each run of other characters and each single one of the first set begins and ends, plus
/// `base`, to `starts` and `ends`, which need room for `count` + 64 each; the third set is nothing, and
/// there is no second. Returns how many there are, or a negative number as `tt_block_walk`.
ptrdiff_t tt_block_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
                         uint32_t base, uint32_t *starts, uint32_t *ends);

#ifdef __cplusplus
}
#endif
