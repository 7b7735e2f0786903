#if defined(__x86_64__)

#include <immintrin.h>

#define KERNEL                                                                                     \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512bitalg,bmi,bmi2,"  \
                        "lzcnt,popcnt")))
#include "masks.h"

typedef __m512i block_bytes;
/// A byte with the bits of each ASCII character.
typedef __m512i block_kinds;

INLINE __m512i load_block(const uint8_t *text) { return _mm512_loadu_si512(text); }

INLINE mask eq(__m512i x, int byte) { return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte)); }

INLINE mask high_bits(__m512i x) { return _mm512_movepi8_mask(x); }

INLINE __m512i look_up(const uint8_t *table, __m512i index) {
  __m512i low = _mm512_permutex2var_epi8(_mm512_loadu_si512(table), index,
                                         _mm512_loadu_si512(table + 64));
  __m512i high = _mm512_permutex2var_epi8(_mm512_loadu_si512(table + 128), index,
                                          _mm512_loadu_si512(table + 192));
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
}

/// Adds the characters beyond ASCII.
static __attribute__((noinline)) KERNEL void add_wide(const tt_block_classes *classes,
                                                      const uint8_t *text, __m512i x,
                                                      block_classes *block, overhang *over) {
  __m512i x1 = _mm512_loadu_si512(text + 1);
  mask high = _mm512_movepi8_mask(x);
  leads of;
  of.two = _mm512_cmpge_epu8_mask(x, _mm512_set1_epi8((char)0xC0));
  of.three = _mm512_cmpge_epu8_mask(x, _mm512_set1_epi8((char)0xE0));
  of.four = _mm512_cmpge_epu8_mask(x, _mm512_set1_epi8((char)0xF0));
  mask letters = 0, numbers = 0, blanks = 0;
  mask two = of.two & ~of.three;
  if (two) {
    const __m512i seven = _mm512_set1_epi8(7);
    __m512i index = _mm512_or_si512(
      _mm512_slli_epi16(_mm512_and_si512(x, _mm512_set1_epi8(31)), 3),
      _mm512_and_si512(_mm512_srli_epi16(x1, 3), seven));
    __m512i bit = _mm512_shuffle_epi8(_mm512_set1_epi64(0x8040201008040201),
                                      _mm512_and_si512(x1, seven));
    letters = _mm512_mask_test_epi8_mask(two, look_up(classes->two[0], index), bit);
    numbers = _mm512_mask_test_epi8_mask(two, look_up(classes->two[1], index), bit);
    blanks = _mm512_mask_test_epi8_mask(two, look_up(classes->two[2], index), bit);
  }
  mask three = of.three & ~of.four;
  if (three) {
    __m512i x2 = _mm512_loadu_si512(text + 2);
    __m512i index = _mm512_or_si512(
      _mm512_slli_epi16(_mm512_and_si512(x, _mm512_set1_epi8(15)), 4),
      _mm512_and_si512(_mm512_srli_epi16(x1, 2), _mm512_set1_epi8(15)));
    __m512i kinds = look_up(classes->three, index);
    __m512i in_four = _mm512_and_si512(x1, _mm512_set1_epi8(3));
    letters |= _mm512_mask_test_epi8_mask(
      three, kinds, _mm512_shuffle_epi8(_mm512_set1_epi32(0x08040201), in_four));
    mask mixed = _mm512_mask_test_epi8_mask(
      three, kinds, _mm512_shuffle_epi8(_mm512_set1_epi32((int)0x80402010), in_four));
    // All characters of the same 64 at once.
    while (mixed) {
      int first = __builtin_ctzll(mixed);
      uint8_t b0 = text[first], b1 = text[first + 1];
      mask same = mixed & eq(x, (char)b0) & eq(x1, (char)b1);
      int number = (b0 & 15) << 6 | (b1 & 63);
      letters |= _mm512_mask_bitshuffle_epi64_mask(
        same, _mm512_set1_epi64((long long)classes->bits[0][number]), x2);
      numbers |= _mm512_mask_bitshuffle_epi64_mask(
        same, _mm512_set1_epi64((long long)classes->bits[1][number]), x2);
      blanks |= _mm512_mask_bitshuffle_epi64_mask(
        same, _mm512_set1_epi64((long long)classes->bits[2][number]), x2);
      mixed &= ~same;
    }
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

INLINE __m512i ascii_classes(const tt_block_classes *classes, int ignores_case, __m512i x) {
  const uint8_t *table = classes->ascii[ignores_case];
  return _mm512_permutex2var_epi8(_mm512_loadu_si512(table), x, _mm512_loadu_si512(table + 64));
}

INLINE mask of_kind(__m512i kinds, mask high, int kind) {
  return _mm512_mask_test_epi8_mask(~high, kinds, _mm512_set1_epi8((char)kind));
}

/// Writes the places of bits, plus `base`, and up to 63 numbers behind them; returns how many there
/// are.
static KERNEL ptrdiff_t flatten(const mask *words, size_t blocks, uint32_t base, uint32_t *places) {
  const __m512i iota = _mm512_set_epi8(
    63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40,
    39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
    15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  uint32_t *out = places;
  for (size_t block = 0; block < blocks; block++) {
    mask word = words[block];
    __m512i bits = _mm512_maskz_compress_epi8(word, iota);
    __m512i from = _mm512_set1_epi32((int)(base + 64 * (uint32_t)block));
    _mm512_storeu_si512(
      out, _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bits))));
    _mm512_storeu_si512(
      out + 16,
      _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bits, 1))));
    int found = __builtin_popcountll(word);
    if (__builtin_expect(found > 32, 0)) {
      _mm512_storeu_si512(
        out + 32,
        _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bits, 2))));
      _mm512_storeu_si512(
        out + 48,
        _mm512_add_epi32(from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bits, 3))));
    }
    out += found;
  }
  return out - places;
}

#include "rules.h"

bool tt_block_avx512_is_available(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
         && __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("bmi")
         && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt")
         && __builtin_cpu_supports("popcnt");
}

KERNEL ptrdiff_t tt_block_walk_avx512(const tt_block_classes *classes, const tt_block_rules *rules,
                                      const uint8_t *text, size_t count, uint32_t base,
                                      uint32_t *ends) {
  return walk(classes, rules, text, count, base, ends);
}

KERNEL ptrdiff_t tt_block_words_avx512(const tt_block_classes *classes, const uint8_t *text,
                                       size_t count, uint32_t base, uint32_t *starts,
                                       uint32_t *ends) {
  return cut_words(classes, text, count, base, starts, ends);
}

KERNEL size_t tt_block_skip_avx512(const tt_block_classes *classes, const uint8_t *text,
                                   size_t count) {
  return skip(classes, text, count);
}

#endif
