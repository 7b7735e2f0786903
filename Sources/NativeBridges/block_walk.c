#include "tt_block_walk.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL                                                                                     \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512bitalg,bmi,bmi2,"  \
                        "lzcnt,popcnt")))
#define INLINE static inline __attribute__((always_inline)) KERNEL

typedef uint64_t mask;

/// Bits of an ASCII character: its sets, and whether it is one of those that contractions consist of.
enum { letter = 1, number = 2, blank = 4, s_t_d_m = 8, r_v = 16, l = 32, e = 64 };

struct tt_block_classes {
  /// A bit for each code point of each set.
  uint64_t bits[3][0x110000 / 64];
  /// By ASCII character; the second for those who ignore case.
  uint8_t ascii[2][128];
  /// The bits of the code points below U+0800.
  uint8_t two[3][256];
  /// For each 64 code points of the first plane a bit if all are letters, and in the high half of
  /// the byte one if they are not all of one kind.
  uint8_t three[256];
};

static bool has(const tt_block_classes *classes, int set, uint32_t scalar) {
  return classes->bits[set][scalar >> 6] >> (scalar & 63) & 1;
}

static void fill(uint64_t *bits, tt_block_set set) {
  for (size_t i = 0; i + 1 < set.count; i += 2)
    for (uint32_t scalar = set.bounds[i]; scalar < set.bounds[i + 1]; scalar++)
      bits[scalar >> 6] |= (uint64_t)1 << (scalar & 63);
}

static uint8_t contraction_bits(int character) {
  switch (character) {
  case 's': case 't': case 'd': case 'm': return s_t_d_m;
  case 'r': case 'v': return r_v;
  case 'l': return l;
  case 'e': return e;
  default: return 0;
  }
}

static void derive(tt_block_classes *classes) {
  for (int byte = 0; byte < 128; byte++) {
    uint8_t sets = 0;
    for (int set = 0; set < 3; set++) sets |= has(classes, set, byte) << set;
    classes->ascii[0][byte] = sets | contraction_bits(byte);
    classes->ascii[1][byte] = sets | contraction_bits(byte | 0x20);
  }
  for (int set = 0; set < 3; set++)
    for (int scalar = 0; scalar < 0x800; scalar += 8)
      classes->two[set][scalar >> 3] = classes->bits[set][scalar >> 6] >> (scalar & 63) & 0xFF;
  for (int block = 0; block < 1024; block++) {
    uint64_t letters = classes->bits[0][block];
    bool is_mixed = (letters && ~letters) || classes->bits[1][block] || classes->bits[2][block];
    classes->three[block >> 2] |= (is_mixed ? 16 : letters ? 1 : 0) << (block & 3);
  }
}

static bool is_available(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")
         && __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("bmi")
         && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("lzcnt")
         && __builtin_cpu_supports("popcnt");
}

tt_block_classes *tt_block_classes_make(tt_block_set letters, tt_block_set numbers,
                                        tt_block_set blanks) {
  if (!is_available()) return NULL;
  tt_block_classes *classes = calloc(1, sizeof *classes);
  if (!classes) return NULL;
  fill(classes->bits[0], letters);
  fill(classes->bits[1], numbers);
  fill(classes->bits[2], blanks);
  derive(classes);
  return classes;
}

void tt_block_classes_free(tt_block_classes *classes) { free(classes); }

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

INLINE mask eq(__m512i x, int byte) { return _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(byte)); }

INLINE __m512i look_up(const uint8_t *table, __m512i index) {
  __m512i low = _mm512_permutex2var_epi8(_mm512_loadu_si512(table), index,
                                         _mm512_loadu_si512(table + 64));
  __m512i high = _mm512_permutex2var_epi8(_mm512_loadu_si512(table + 128), index,
                                          _mm512_loadu_si512(table + 192));
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
}

/// Gives the class of characters to all their bytes.
INLINE mask spread(mask chosen, leads of, mask *over) {
  mask two = chosen & of.two, three = chosen & of.three, four = chosen & of.four;
  mask result = two | two << 1 | three << 2 | four << 3 | *over;
  *over = two >> 63 | three >> 62 | four >> 61;
  return result;
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
    letters |= (mask)has(classes, 0, scalar) << at;
    numbers |= (mask)has(classes, 1, scalar) << at;
    blanks |= (mask)has(classes, 2, scalar) << at;
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

INLINE block_classes classify(const tt_block_classes *classes, const uint8_t *text, __m512i x,
                              __m512i kinds, overhang *over) {
  block_classes block;
  mask high = _mm512_movepi8_mask(x);
  block.letters = of_kind(kinds, high, letter);
  block.numbers = of_kind(kinds, high, number);
  block.blanks = of_kind(kinds, high, blank);
  block.inner = 0;
  if (__builtin_expect(high != 0, 0)) add_wide(classes, text, x, &block, over);
  return block;
}

/// The mask moved by one: what stands before each byte. `last` is the top bit of the block before.
INLINE mask behind(mask x, mask *last) {
  mask result = x << 1 | *last;
  *last = x >> 63;
  return result;
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

/// Contractions: an apostrophe at the beginning of a piece and one or two letters.
typedef struct {
  mask apostrophe, after, r_v, l;
} contraction_state;

/// - Returns: where the second letter of one of two stands; `*shorts`: the only letter of others.
INLINE mask contractions(__m512i kinds, mask high, mask apostrophes, contraction_state *state,
                         mask *shorts) {
  mask ends_l = of_kind(kinds, high, l);
  mask after = behind(apostrophes, &state->apostrophe);
  mask after_letter = behind(after, &state->after);
  mask after_r_v = behind(of_kind(kinds, high, r_v), &state->r_v);
  mask after_l = behind(ends_l, &state->l);
  *shorts = after & of_kind(kinds, high, s_t_d_m);
  return after_letter & ((after_r_v & of_kind(kinds, high, e)) | (after_l & ends_l));
}

INLINE ptrdiff_t walk_gpt2(const tt_block_classes *classes, const tt_block_rules *rules,
                           const block_text *parts, mask *words) {
  overhang over = {0, 0, 0};
  contraction_state contraction = {0, 0, 0, 0};
  mask last_letter = 0, last_number = 0, last_other = 0, last_space = 0, last_blank = 0,
       last_feed = 0, last_high = 0, last_short = 0, last_long = 0;
  mask splits = rules->splits_lines ? ~(mask)0 : 0;
  for (size_t block = 0; block < parts->blocks; block++) {
    const uint8_t *place = block_place(parts, block);
    __m512i x = _mm512_loadu_si512(place);
    __m512i kinds = ascii_classes(classes, 0, x);
    block_classes is = classify(classes, place, x, kinds, &over);
    mask high = _mm512_movepi8_mask(x);
    mask others = ~(is.letters | is.numbers | is.blanks);
    mask after_blank = behind(is.blanks, &last_blank);
    mask after_feed = behind(eq(x, '\n') & splits, &last_feed);
    mask starts = (is.letters & ~behind(is.letters, &last_letter))
                  | (is.numbers & ~behind(is.numbers, &last_number))
                  | (others & ~behind(others, &last_other));
    starts &= ~behind(eq(x, ' '), &last_space);
    // Behind a line feed that ends a text everything begins.
    starts |= (is.blanks & ~after_blank) | after_feed;
    mask after_high = behind(high, &last_high);
    mask ends_blanks = ~is.blanks & after_blank & ~after_feed;
    mask shorts;
    mask longs = contractions(kinds, high, eq(x, '\'') & starts, &contraction, &shorts);
    starts &= ~shorts;
    starts |= behind(shorts, &last_short) | behind(longs, &last_long);
    words[block] = starts;
    clear_before(words, block, longs);
    set_before(words, block, ends_blanks & ~after_high);
    if (__builtin_expect((ends_blanks & after_high) != 0, 0))
      mark_wide_blanks(parts->text, 64 * block, ends_blanks & after_high, words);
  }
  return 0;
}

/// The first bit behind each run of `run` that begins at a bit of `starts`; runs may go on in the
/// next block.
INLINE mask run_ends(mask run, mask starts, mask *carry) {
  unsigned long long sum;
  unsigned char over = _addcarry_u64(0, run, starts, &sum);
  unsigned char more = _addcarry_u64(0, sum, *carry, &sum);
  *carry = over | more;
  return sum & ~run;
}

/// The same for characters of several bytes.
static __attribute__((noinline)) KERNEL mask group_wide_numbers(mask numbers, mask after_number,
                                                                mask inner, unsigned *count) {
  mask starts = 0;
  for (mask rest = numbers & ~inner; rest; rest &= rest - 1) {
    mask bit = rest & -rest;
    if (!(after_number & bit)) *count = 0;
    if (*count == 0) starts |= bit;
    *count = *count == 2 ? 0 : *count + 1;
  }
  return starts;
}

/// Every third number of a run, from its first on. `count`: how many the run has so far, modulo 3, if
/// it goes on in the next block.
INLINE mask group_numbers(mask numbers, mask after_number, mask inner, unsigned *count) {
  if (numbers == 0) return 0;
  if (__builtin_expect((numbers & inner) != 0, 0))
    return group_wide_numbers(numbers, after_number, inner, count);
  mask starts = numbers & ~after_number;
  // A run from the block before: after 1 number two more belong to it, after 2 one, after 3 none.
  if (numbers & after_number & 1) {
    unsigned skipped = *count == 0 ? 0 : 3 - *count;
    mask begin = (mask)1 << skipped;
    // Only if the run reaches so far.
    if ((numbers & (begin | (begin - 1))) == (begin | (begin - 1))) starts |= begin;
  }
  mask reaches = numbers & numbers << 1 & numbers << 2;
  mask found = starts;
  while (found) {
    // The fourth number of a piece begins the next.
    found = found << 3 & reaches;
    starts |= found;
  }
  if (numbers >> 63) {
    mask run_start = starts;
    unsigned length = run_start ? (unsigned)__builtin_clzll(run_start) + 1 : 65;
    *count = run_start && length <= 3 ? length % 3 : (*count + 64) % 3;
  }
  return starts;
}

INLINE ptrdiff_t walk_cl100k(const tt_block_classes *classes, const tt_block_rules *rules,
                             const block_text *parts, size_t count, mask *words) {
  overhang over = {0, 0, 0};
  contraction_state contraction = {0, 0, 0, 0};
  mask last_letter = 0, last_number = 0, last_other = 0, last_space = 0, last_white = 0,
       last_blank = 0, last_feed = 0, last_high = 0, last_short = 0, last_long = 0,
       last_apostrophe = 0, last_line_feed = 0;
  mask sign_carry = 0, sign_over = 0, attached_carry = 0;
  unsigned numbers_before = 0;
  // Where blanks behind a line feed began, in a run that has not ended.
  bool has_open = false;
  size_t open = 0;
  mask splits = rules->splits_lines ? ~(mask)0 : 0;
  for (size_t block = 0; block < parts->blocks; block++) {
    const uint8_t *place = block_place(parts, block);
    __m512i x = _mm512_loadu_si512(place);
    __m512i kinds = ascii_classes(classes, 1, x);
    block_classes is = classify(classes, place, x, kinds, &over);
    mask high = _mm512_movepi8_mask(x);
    mask others = ~(is.letters | is.numbers | is.blanks);
    mask line_feeds = eq(x, '\n');
    mask feeds = line_feeds | eq(x, '\r');
    mask blanks = is.blanks & ~feeds;
    mask after_white = behind(is.blanks, &last_white);
    mask after_blank = behind(blanks, &last_blank);
    mask after_feed = behind(feeds, &last_feed);
    mask after_other = behind(others, &last_other);
    mask after_number = behind(is.numbers, &last_number);
    // A sign by itself, or the first of several: not behind a space, which would take it along.
    mask signs = others & ~after_other & ~behind(eq(x, ' '), &last_space);
    mask sign_inner = others & is.inner;
    mask sign_starts = signs << 1 | sign_over;
    sign_over = signs >> 63;
    mask after_sign = run_ends(sign_inner, sign_starts, &sign_carry);
    mask starts = (is.letters & ~behind(is.letters, &last_letter) & ~after_blank & ~after_sign)
                  | signs;
    starts |= rules->digits == 1
                ? is.numbers & ~is.inner
                : group_numbers(is.numbers, after_number, is.inner, &numbers_before);
    // Line feeds behind signs belong to them; what is behind them begins.
    mask attached = feeds & after_other;
    starts |= is.blanks & ~after_white & ~attached;
    mask begins_text = behind(line_feeds & splits, &last_line_feed);
    starts |= run_ends(feeds & ~begins_text, attached, &attached_carry) | begins_text;
    // The last blank before anything else.
    mask ends_blanks = ~is.blanks & after_blank;
    mask after_high = behind(high, &last_high);
    // Contractions.
    mask apostrophes = eq(x, '\'') & signs;
    mask shorts;
    mask longs = contractions(kinds, high, apostrophes, &contraction, &shorts);
    if (__builtin_expect((eq(x, (char)0xC5) & behind(apostrophes, &last_apostrophe)) != 0, 0))
      return -1;
    starts |= behind(shorts, &last_short) | behind(longs, &last_long);
    words[block] = starts;
    set_before(words, block, ends_blanks & ~after_high);
    if (__builtin_expect((ends_blanks & after_high) != 0, 0))
      mark_wide_blanks(parts->text, 64 * block, ends_blanks & after_high, words);
    // Blanks behind a line feed begin a piece, unless another line feed follows them.
    mask begins = blanks & after_feed;
    if (begins | (mask)has_open) {
      mask closed = has_open ? ~blanks & -~blanks : 0;
      if (closed) {
        if (!(closed & feeds)) words[open >> 6] |= (mask)1 << (open & 63);
        has_open = false;
      }
      unsigned char goes_on;
      unsigned long long sum;
      goes_on = _addcarry_u64(0, blanks, begins, &sum);
      // Of runs that begin here; the bits of others stay as they are.
      mask run_end = sum & ~blanks;
      mask whole = begins;
      if (goes_on) {
        int top = 63 - __builtin_clzll(begins);
        whole &= ~((mask)1 << top);
        has_open = true;
        open = 64 * block + (size_t)top;
      }
      words[block] |= _pdep_u64(_pext_u64(~feeds, run_end), whole);
    }
  }
  if (has_open && !rules->joins_end && open < count) words[open >> 6] |= (mask)1 << (open & 63);
  return 0;
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

KERNEL ptrdiff_t tt_block_walk(const tt_block_classes *classes, const tt_block_rules *rules,
                               const uint8_t *text, size_t count, uint32_t base, uint32_t *ends) {
  if (count > tt_block_walk_limit) return -1;
  if (count == 0) return 0;
  mask words[tt_block_walk_limit / 64 + 1];
  block_text parts;
  // White space behind the text never changes what stands before.
  part(&parts, text, count, rules->is_cl100k && !rules->joins_end ? ' ' : '\n');
  ptrdiff_t status = rules->is_cl100k ? walk_cl100k(classes, rules, &parts, count, words)
                                      : walk_gpt2(classes, rules, &parts, words);
  if (status < 0) return status;
  // The text begins with a piece; behind its end there are none.
  words[0] &= ~(mask)1;
  if (parts.rest) words[parts.blocks - 1] &= ((mask)1 << parts.rest) - 1;
  ptrdiff_t found = flatten(words, parts.blocks, base, ends);
  ends[found] = base + (uint32_t)count;
  return found + 1;
}

KERNEL ptrdiff_t tt_block_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
                                uint32_t base, uint32_t *starts, uint32_t *ends) {
  if (count > tt_block_walk_limit) return -1;
  if (count == 0) return 0;
  mask start_words[tt_block_walk_limit / 64 + 1], end_words[tt_block_walk_limit / 64 + 1];
  block_text parts;
  part(&parts, text, count, '\n');
  overhang over = {0, 0, 0};
  mask last_word = 0, last_sign = 0;
  for (size_t block = 0; block < parts.blocks; block++) {
    const uint8_t *place = block_place(&parts, block);
    __m512i x = _mm512_loadu_si512(place);
    block_classes is = classify(classes, place, x, ascii_classes(classes, 0, x), &over);
    mask signs = is.letters;
    mask words = ~(signs | is.blanks);
    mask after_word = behind(words, &last_word);
    start_words[block] = (words & ~after_word) | (signs & ~is.inner);
    end_words[block] = (~words & after_word) | (behind(signs, &last_sign) & ~is.inner);
  }
  ptrdiff_t found = flatten(start_words, parts.blocks, base, starts);
  ptrdiff_t ended = flatten(end_words, parts.blocks, base, ends);
  // The end of a piece that the text ends in, unless a tail showed it.
  if (ended < found) ends[ended] = base + (uint32_t)count;
  return found;
}

#else

tt_block_classes *tt_block_classes_make(tt_block_set letters, tt_block_set numbers,
                                        tt_block_set blanks) {
  (void)letters, (void)numbers, (void)blanks;
  return NULL;
}

void tt_block_classes_free(tt_block_classes *classes) { free(classes); }

ptrdiff_t tt_block_walk(const tt_block_classes *classes, const tt_block_rules *rules,
                        const uint8_t *text, size_t count, uint32_t base, uint32_t *ends) {
  (void)classes, (void)rules, (void)text, (void)count, (void)base, (void)ends;
  return -1;
}

ptrdiff_t tt_block_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
                         uint32_t base, uint32_t *starts, uint32_t *ends) {
  (void)classes, (void)text, (void)count, (void)base, (void)starts, (void)ends;
  return -1;
}

#endif
