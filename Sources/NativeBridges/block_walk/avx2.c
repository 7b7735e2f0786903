#if defined(__x86_64__)

#include <immintrin.h>

#define KERNEL __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#include "masks.h"

typedef struct {
  __m256i low, high;
} block_bytes;

/// Rows of `columns`, by the low half of each ASCII character, and the bit of its high half.
typedef struct {
  block_bytes columns, bits;
  const uint8_t (*rows)[16];
} block_kinds;

INLINE block_bytes load_block(const uint8_t *text) {
  return (block_bytes){_mm256_loadu_si256((const __m256i *)text),
                       _mm256_loadu_si256((const __m256i *)(text + 32))};
}

INLINE mask high_bits(block_bytes x) {
  return (uint32_t)_mm256_movemask_epi8(x.low) | (mask)_mm256_movemask_epi8(x.high) << 32;
}

INLINE mask eq(block_bytes x, int byte) {
  __m256i all = _mm256_set1_epi8((char)byte);
  return high_bits(
    (block_bytes){_mm256_cmpeq_epi8(x.low, all), _mm256_cmpeq_epi8(x.high, all)});
}

INLINE mask at_least(block_bytes x, int byte) {
  __m256i all = _mm256_set1_epi8((char)byte);
  return high_bits((block_bytes){_mm256_cmpeq_epi8(_mm256_max_epu8(x.low, all), x.low),
                                 _mm256_cmpeq_epi8(_mm256_max_epu8(x.high, all), x.high)});
}

/// 16 bytes in both halves.
INLINE __m256i twice(const uint8_t *row) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)row));
}

INLINE block_bytes shuffle(__m256i row, block_bytes index) {
  return (block_bytes){_mm256_shuffle_epi8(row, index.low), _mm256_shuffle_epi8(row, index.high)};
}

INLINE block_bytes both(block_bytes x, __m256i bits) {
  return (block_bytes){_mm256_and_si256(x.low, bits), _mm256_and_si256(x.high, bits)};
}

/// Each byte moved to the right; what comes in from its neighbor is for the caller to clear.
INLINE block_bytes right(block_bytes x, int bits) {
  return (block_bytes){_mm256_srli_epi16(x.low, bits), _mm256_srli_epi16(x.high, bits)};
}

/// Where the one bit of `bits` is set in `x`; a byte without a bit has it.
INLINE mask test(block_bytes x, block_bytes bits) {
  return high_bits((block_bytes){
    _mm256_cmpeq_epi8(_mm256_and_si256(x.low, bits.low), bits.low),
    _mm256_cmpeq_epi8(_mm256_and_si256(x.high, bits.high), bits.high)});
}

/// 1 << (i & 7) for i from 0 to 15.
INLINE __m256i one_bits(void) { return _mm256_set1_epi64x((long long)0x8040201008040201); }

INLINE block_kinds ascii_classes(const tt_block_classes *classes, int ignores_case, block_bytes x) {
  block_bytes high_half = both(right(x, 4), _mm256_set1_epi8(15));
  return (block_kinds){x, shuffle(one_bits(), high_half), classes->columns[ignores_case]};
}

INLINE mask of_kind(block_kinds kinds, mask high, int kind) {
  (void)high;
  // A shuffle looks at the low half of an ASCII character, and gives no bits for others.
  return test(shuffle(twice(kinds.rows[__builtin_ctz((unsigned)kind)]), kinds.columns), kinds.bits);
}

/// The last 6 bits of each byte, to be looked up in 64 bits.
typedef struct {
  block_bytes byte, bit;
} in_64;

INLINE in_64 index_64(block_bytes x) {
  const __m256i seven = _mm256_set1_epi8(7);
  return (in_64){both(right(x, 3), seven), shuffle(one_bits(), both(x, seven))};
}

INLINE mask look_up(uint64_t bits, in_64 index, mask of) {
  return bits ? of & test(shuffle(_mm256_set1_epi64x((long long)bits), index.byte), index.bit) : 0;
}

/// Adds the characters beyond ASCII: all of the same 64 at once.
static __attribute__((noinline)) KERNEL void add_wide(const tt_block_classes *classes,
                                                      const uint8_t *text, block_bytes x,
                                                      block_classes *block, overhang *over) {
  block_bytes x1 = load_block(text + 1);
  mask high = high_bits(x);
  leads of;
  of.two = at_least(x, 0xC0);
  of.three = at_least(x, 0xE0);
  of.four = at_least(x, 0xF0);
  mask letters = 0, numbers = 0, blanks = 0;
  mask two = of.two & ~of.three;
  if (two) {
    in_64 index = index_64(x1);
    do {
      int first = __builtin_ctzll(two);
      int number = text[first] & 31;
      mask same = two & eq(x, text[first]);
      letters |= look_up(classes->bits[0][number], index, same);
      numbers |= look_up(classes->bits[1][number], index, same);
      blanks |= look_up(classes->bits[2][number], index, same);
      two &= ~same;
    } while (two);
  }
  mask three = of.three & ~of.four;
  // Those first bytes that any set has characters of.
  three &= high_bits(shuffle(twice(classes->leads), both(x, _mm256_set1_epi8(15))));
  if (three) {
    in_64 index = index_64(load_block(text + 2));
    do {
      int first = __builtin_ctzll(three);
      uint8_t b0 = text[first], b1 = text[first + 1];
      int number = (b0 & 15) << 6 | (b1 & 63);
      uint8_t kinds = classes->three[number >> 2] >> (number & 3);
      if (!(kinds & 16)) {
        // Of one kind, as most ideographs and syllables are: hardly two of the same 64 in a block.
        letters |= (mask)(kinds & 1) << first;
        three &= three - 1;
        continue;
      }
      mask same = three & eq(x, b0) & eq(x1, b1);
      letters |= look_up(classes->bits[0][number], index, same);
      numbers |= look_up(classes->bits[1][number], index, same);
      blanks |= look_up(classes->bits[2][number], index, same);
      three &= ~same;
    } while (three);
  }
  for (mask rest = of.four; rest; rest &= rest - 1) {
    int at = __builtin_ctzll(rest);
    const uint8_t *c = text + at;
    uint32_t scalar = (uint32_t)(c[0] & 7) << 18 | (uint32_t)(c[1] & 63) << 12
                      | (uint32_t)(c[2] & 63) << 6 | (c[3] & 63);
    letters |= (mask)tt_block_has(classes, 0, scalar) << at;
    numbers |= (mask)tt_block_has(classes, 1, scalar) << at;
    blanks |= (mask)tt_block_has(classes, 2, scalar) << at;
  }
  block->letters |= spread(letters, of, &over->letters);
  block->numbers |= spread(numbers, of, &over->numbers);
  block->blanks |= spread(blanks, of, &over->blanks);
  block->inner = high & ~of.two;
}

/// Writes the places of bits, plus `base`, and up to 7 numbers behind them; returns how many there
/// are.
static KERNEL ptrdiff_t flatten(const mask *words, size_t blocks, uint32_t base, uint32_t *places) {
  uint32_t *out = places;
  for (size_t block = 0; block < blocks; block++, base += 64) {
    mask word = words[block];
    uint32_t *next = out + __builtin_popcountll(word);
    // As many as most blocks have without a branch, and then as many again.
    do {
      for (int i = 0; i < 8; i++) {
        out[i] = base + (uint32_t)_tzcnt_u64(word);
        word = _blsr_u64(word);
      }
      out += 8;
    } while (word);
    out = next;
  }
  return out - places;
}

#include "rules.h"

bool tt_block_avx2_is_available(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
         && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt")
         && __builtin_cpu_supports("popcnt");
}

KERNEL ptrdiff_t tt_block_walk_avx2(const tt_block_classes *classes, const tt_block_rules *rules,
                                    const uint8_t *text, size_t count, uint32_t base,
                                    uint32_t *ends) {
  return walk(classes, rules, text, count, base, ends);
}

KERNEL ptrdiff_t tt_block_words_avx2(const tt_block_classes *classes, const uint8_t *text,
                                     size_t count, uint32_t base, uint32_t *starts,
                                     uint32_t *ends) {
  return cut_words(classes, text, count, base, starts, ends);
}

KERNEL size_t tt_block_skip_avx2(const tt_block_classes *classes, const uint8_t *text,
                                 size_t count) {
  return skip(classes, text, count);
}

#endif
