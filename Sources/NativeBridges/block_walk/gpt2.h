/// The pattern of GPT-2.
#pragma once

#include "boundaries.h"

/// Contractions: an apostrophe at the beginning of a piece and one or two letters.
typedef struct {
  mask apostrophe, after, r_v, l;
} contraction_state;

/// - Returns: where the second letter of one of two stands; `*shorts`: the only letter of others.
INLINE mask contractions(block_kinds kinds, mask high, mask apostrophes, contraction_state *state,
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
    block_bytes x = load_block(place);
    block_kinds kinds = ascii_classes(classes, 0, x);
    block_classes is = classify(classes, place, x, kinds, &over);
    mask high = high_bits(x);
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
