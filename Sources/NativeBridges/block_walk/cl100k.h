/// The patterns of cl100k, Llama 3 and Qwen 2.
#pragma once

#include "gpt2.h"

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
    block_bytes x = load_block(place);
    block_kinds kinds = ascii_classes(classes, 1, x);
    block_classes is = classify(classes, place, x, kinds, &over);
    mask high = high_bits(x);
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
