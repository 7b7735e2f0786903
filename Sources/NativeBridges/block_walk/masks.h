/// Bits for the bytes of a block of 64, as all kernels have them. `KERNEL` names the instructions of
/// the one that includes this.
#pragma once

#include "classes.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline)) KERNEL

typedef uint64_t mask;

/// A text in blocks: the last bytes stand in a block of their own, with others behind them.
typedef struct {
  const uint8_t *text;
  size_t full, rest, blocks;
  uint8_t tail[64 + 16];
} block_text;

INLINE void part(block_text *parts, const uint8_t *text, size_t count, int padding) {
  parts->text = text;
  parts->full = count / 64;
  parts->rest = count % 64;
  parts->blocks = parts->full + (parts->rest > 0);
  if (parts->rest == 0) return;
  memset(parts->tail, padding, sizeof parts->tail);
  memcpy(parts->tail, text + 64 * parts->full, parts->rest);
}

INLINE const uint8_t *block_place(const block_text *parts, size_t block) {
  return block < parts->full ? parts->text + 64 * block : parts->tail;
}

/// The bytes of each set in a block. A character gives its class to all its bytes.
typedef struct {
  mask letters, numbers, blanks;
  /// Bytes of characters behind their first.
  mask inner;
} block_classes;

/// Of the last character of a block, the bytes in the next one.
typedef struct {
  mask letters, numbers, blanks;
} overhang;

/// First bytes of characters of two bytes or more, of three or more, and of four.
typedef struct {
  mask two, three, four;
} leads;

/// Gives the class of characters to all their bytes.
INLINE mask spread(mask chosen, leads of, mask *over) {
  mask two = chosen & of.two, three = chosen & of.three, four = chosen & of.four;
  mask result = two | two << 1 | three << 2 | four << 3 | *over;
  *over = two >> 63 | three >> 62 | four >> 61;
  return result;
}
/// The mask moved by one: what stands before each byte. `last` is the top bit of the block before.
INLINE mask behind(mask x, mask *last) {
  mask result = x << 1 | *last;
  *last = x >> 63;
  return result;
}
