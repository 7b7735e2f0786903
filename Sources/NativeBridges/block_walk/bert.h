/// BERT's words.
#pragma once

#include "boundaries.h"

INLINE ptrdiff_t cut_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
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
    block_bytes x = load_block(place);
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
