/// Words of raw text, which a model of SentencePiece encodes one by one: see `WordBorders.pattern`.
#pragma once

#include "boundaries.h"

/// Of each block the bytes of blanks and of weak characters, and those of line feeds that are words.
typedef struct {
  mask soft[tt_block_walk_limit / 64 + 1], feeds[tt_block_walk_limit / 64 + 1];
} raw_blocks;

/// The first place from `at` on whose bit is clear in all of a block's masks, at most `count`.
INLINE size_t behind_run(const raw_blocks *raw, bool is_soft, size_t at, size_t count) {
  while (at < count) {
    size_t block = at >> 6;
    mask others = is_soft ? ~raw->soft[block] : raw->soft[block] | raw->feeds[block];
    others &= ~(mask)0 << (at & 63);
    if (others) {
      at = 64 * block + (size_t)__builtin_ctzll(others);
      break;
    }
    at = 64 * (block + 1);
  }
  return at < count ? at : count;
}

/// A weak character behind a strong one takes all along, up to the next blank behind another strong
/// one. `weak` has those behind strong ones.
static __attribute__((noinline)) KERNEL void join_weak(const raw_blocks *raw, const mask *weak,
                                                       size_t blocks, size_t count, mask *words) {
  size_t done = 0;
  for (size_t block = 0; block < blocks; block++)
    for (mask rest = weak[block]; rest; rest &= rest - 1) {
      size_t first = 64 * block + (size_t)__builtin_ctzll(rest);
      if (first < done || first >= count) continue;
      done = first;
      // What stands behind the strong run is weak if it begins another of these.
      do done = behind_run(raw, false, behind_run(raw, true, done, count), count);
      while (done < count && weak[done >> 6] >> (done & 63) & 1);
      for (size_t at = first; at < done;) {
        size_t bits = done - at < 64 - (at & 63) ? done - at : 64 - (at & 63);
        mask run = bits == 64 ? ~(mask)0 : (((mask)1 << bits) - 1) << (at & 63);
        words[at >> 6] &= ~run;
        at += bits;
      }
    }
}

/// `letters` are weak characters here, `numbers` are signs.
INLINE ptrdiff_t walk_raw_words(const tt_block_classes *classes, const tt_block_rules *rules,
                                const block_text *parts, size_t count, mask *words) {
  raw_blocks raw;
  mask weak_words[tt_block_walk_limit / 64 + 1];
  overhang over = {0, 0, 0};
  mask last_letter = 0, last_sign = 0, last_soft = 0, last_feed = 0, last_strong = 0, any_weak = 0;
  mask isolates = rules->isolates_line_feeds ? ~(mask)0 : 0;
  for (size_t block = 0; block < parts->blocks; block++) {
    const uint8_t *place = block_place(parts, block);
    block_bytes x = load_block(place);
    block_kinds kinds = ascii_classes(classes, 0, x);
    block_classes is = classify(classes, place, x, kinds, &over);
    mask soft = is.blanks | is.letters;
    mask feeds = eq(x, '\n') & isolates & ~soft;
    mask strong = ~(soft | feeds);
    mask singles = of_kind(kinds, high_bits(x), single);
    mask letters = strong & ~(is.numbers | singles);
    mask after_soft = behind(soft, &last_soft);
    mask starts = (letters & ~behind(letters, &last_letter))
                  | (is.numbers & ~behind(is.numbers, &last_sign)) | singles;
    words[block] = (starts & ~after_soft) | (soft & ~after_soft)
                   | (feeds & ~behind(feeds, &last_feed));
    raw.soft[block] = soft;
    raw.feeds[block] = feeds;
    weak_words[block] = is.letters & behind(strong, &last_strong);
    any_weak |= weak_words[block];
  }
  if (__builtin_expect(any_weak != 0, 0))
    join_weak(&raw, weak_words, parts->blocks, count, words);
  return 0;
}
