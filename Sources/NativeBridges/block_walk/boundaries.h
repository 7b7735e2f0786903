/// From bytes to the bits of a block, and bits of boundaries.
#pragma once

#include "masks.h"

INLINE block_classes classify(const tt_block_classes *classes, const uint8_t *text, block_bytes x,
                              block_kinds kinds, overhang *over) {
  block_classes block;
  mask high = high_bits(x);
  block.letters = of_kind(kinds, high, letter);
  block.numbers = of_kind(kinds, high, number);
  block.blanks = of_kind(kinds, high, blank);
  block.inner = 0;
  if (__builtin_expect(high != 0, 0)) add_wide(classes, text, x, &block, over);
  return block;
}

/// The first byte of each blank of several bytes that ends before a byte of `ends`.
static __attribute__((noinline)) KERNEL void mark_wide_blanks(const uint8_t *text, size_t base,
                                                              mask ends, mask *words) {
  for (; ends; ends &= ends - 1) {
    size_t at = base + __builtin_ctzll(ends) - 2;
    if (text[at] < 0xC0) at--;
    words[at >> 6] |= (mask)1 << (at & 63);
  }
}

INLINE void clear_before(mask *words, size_t block, mask places) {
  // Places in `places` lie one behind those that are meant.
  words[block] &= ~(places >> 1);
  if (block) words[block - 1] &= ~(places << 63);
}

INLINE void set_before(mask *words, size_t block, mask places) {
  words[block] |= places >> 1;
  if (block) words[block - 1] |= places << 63;
}
