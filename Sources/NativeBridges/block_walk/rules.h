/// What cuts, by the bits of a block. A kernel includes this behind its `block_bytes` and
/// `block_kinds`, and what it does with them: `load_block`, `eq`, `high_bits`, `ascii_classes`,
/// `of_kind`, `add_wide`, `flatten`.
#pragma once

#include "bert.h"
#include "cl100k.h"
#include "gpt2.h"
#include "raw_words.h"

INLINE ptrdiff_t walk(const tt_block_classes *classes, const tt_block_rules *rules,
                      const uint8_t *text, size_t count, uint32_t base, uint32_t *ends) {
  if (count > tt_block_walk_limit) return -1;
  if (count == 0) return 0;
  mask words[tt_block_walk_limit / 64 + 1];
  block_text parts;
  // White space behind the text never changes what stands before.
  bool takes_spaces = rules->pattern == tt_block_cl100k && !rules->joins_end;
  part(&parts, text, count, takes_spaces ? ' ' : '\n');
  ptrdiff_t status = 0;
  switch (rules->pattern) {
  case tt_block_gpt2: status = walk_gpt2(classes, rules, &parts, words); break;
  case tt_block_cl100k: status = walk_cl100k(classes, rules, &parts, count, words); break;
  case tt_block_raw_words: status = walk_raw_words(classes, rules, &parts, count, words); break;
  }
  if (status < 0) return status;
  // The text begins with a piece; behind its end there are none.
  words[0] &= ~(mask)1;
  if (parts.rest) words[parts.blocks - 1] &= ((mask)1 << parts.rest) - 1;
  ptrdiff_t found = flatten(words, parts.blocks, base, ends);
  ends[found] = base + (uint32_t)count;
  return found + 1;
}

INLINE size_t skip(const tt_block_classes *classes, const uint8_t *text, size_t count) {
  overhang over = {0, 0, 0};
  for (size_t place = 0; place + 64 <= count; place += 64) {
    block_bytes x = load_block(text + place);
    block_classes is
      = classify(classes, text + place, x, ascii_classes(classes, 0, x), &over);
    if (is.letters) return place + (size_t)__builtin_ctzll(is.letters);
  }
  return count & ~(size_t)63;
}
