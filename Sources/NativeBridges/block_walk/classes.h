/// The tables behind `tt_block_classes`, and the kernels that read them.
#pragma once

#include "tt_block_walk.h"

/// Bits of an ASCII character: its sets, and whether it is one of those that contractions consist of.
enum {
  letter = 1, number = 2, blank = 4, s_t_d_m = 8, r_v = 16, l = 32, e = 64, single = 128,
  kind_count = 8
};

struct tt_block_classes {
  /// A bit for each code point of each set.
  uint64_t bits[3][0x110000 / 64];
  /// By ASCII character; the second for those who ignore case.
  uint8_t ascii[2][128];
  /// The same for each kind by the low half of the character: a bit for each high half.
  uint8_t columns[2][kind_count][16];
  /// The bits of the code points below U+0800.
  uint8_t two[3][256];
  /// For each 64 code points of the first plane a bit if all are letters, and in the high half of
  /// the byte one if they are not all of one kind.
  uint8_t three[256];
  /// By the low half of the first of three bytes: all bits where a set has any of its characters.
  uint8_t leads[16];
  tt_block_kernel kernel;
};

static inline bool tt_block_has(const tt_block_classes *classes, int set, uint32_t scalar) {
  return scalar < 0x110000 && classes->bits[set][scalar >> 6] >> (scalar & 63) & 1;
}

#if defined(__x86_64__)

bool tt_block_avx512_is_available(void);
ptrdiff_t tt_block_walk_avx512(const tt_block_classes *classes, const tt_block_rules *rules,
                               const uint8_t *text, size_t count, uint32_t base, uint32_t *ends);
ptrdiff_t tt_block_words_avx512(const tt_block_classes *classes, const uint8_t *text, size_t count,
                                uint32_t base, uint32_t *starts, uint32_t *ends);
size_t tt_block_skip_avx512(const tt_block_classes *classes, const uint8_t *text, size_t count);

bool tt_block_avx2_is_available(void);
ptrdiff_t tt_block_walk_avx2(const tt_block_classes *classes, const tt_block_rules *rules,
                             const uint8_t *text, size_t count, uint32_t base, uint32_t *ends);
ptrdiff_t tt_block_words_avx2(const tt_block_classes *classes, const uint8_t *text, size_t count,
                              uint32_t base, uint32_t *starts, uint32_t *ends);
size_t tt_block_skip_avx2(const tt_block_classes *classes, const uint8_t *text, size_t count);

#endif
