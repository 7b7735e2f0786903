/// Where the patterns of GPT-2, cl100k and their kin cut text, BERT's words and those of raw text, 64
/// bytes at a time: the classes of all bytes as bit masks, and boundaries by shifts of these. For
/// processors with AVX2; faster with AVX-512.
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

/// The instructions that a walk takes.
typedef enum { tt_block_avx512, tt_block_avx2 } tt_block_kernel;

bool tt_block_kernel_is_available(tt_block_kernel kernel);

typedef struct {
  tt_block_set letters, numbers, blanks;
  /// ASCII characters of which each is a word, for `tt_block_raw_words`.
  tt_block_set singles;
} tt_block_sets;

/// NULL where the processor cannot do it, or no memory is left.
tt_block_classes *tt_block_classes_make(const tt_block_sets *sets, tt_block_kernel kernel);
void tt_block_classes_free(tt_block_classes *classes);

typedef enum {
  /// Letters, numbers and others take a space along.
  tt_block_gpt2,
  /// Letters take one other character along, numbers nothing, signs the line feeds behind them.
  tt_block_cl100k,
  /// Words of raw text: runs of signs (here `numbers`), single signs, and runs of what is left, all with
  /// the blanks before them. A weak character (here `letters`) is a blank but behind a word, which then
  /// goes on to the next blank behind a word.
  tt_block_raw_words,
} tt_block_pattern;

typedef struct {
  tt_block_pattern pattern;
  /// Each line with its line feed is a text.
  bool splits_lines;
  /// Most digits of a piece, 1 or 3; of cl100k and its kin.
  int digits;
  /// White space at the end of the text is one piece, line feeds included; likewise.
  bool joins_end;
  /// Runs of line feeds are words; of raw words.
  bool isolates_line_feeds;
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

/// How many bytes of a text stand before the first character of the first set, or before what is less
/// than a block of 64 at the end. 3 more bytes may be read; of ill-formed text the answer is for those
/// characters that are well-formed, and may be less.
size_t tt_block_skip(const tt_block_classes *classes, const uint8_t *text, size_t count);

#ifdef __cplusplus
}
#endif
