/// Properties and case mappings of single characters, by ICU's version of Unicode.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// General categories, as ICU numbers them.
enum {
  TT_CATEGORY_UNASSIGNED = 0,
  TT_CATEGORY_NONSPACING_MARK = 6,
  TT_CATEGORY_ENCLOSING_MARK = 7,
  TT_CATEGORY_SPACING_MARK = 8,
  TT_CATEGORY_CONTROL = 15,
  TT_CATEGORY_FORMAT = 16,
  TT_CATEGORY_PRIVATE_USE = 17,
};

/// What is to be known of a character, in one word.
enum {
  /// The general category.
  TT_FACT_CATEGORY = 0x1F,
  TT_FACT_WHITE_SPACE = 0x20,
  /// Its lower case is another.
  TT_FACT_LOWERS = 0x40,
  /// Its full case folding may be another.
  TT_FACT_MAY_FOLD = 0x80,
  /// It has a canonical decomposition.
  TT_FACT_DECOMPOSES = 0x100,
  /// The canonical combining class, from bit 16 on.
  TT_FACT_CLASS_SHIFT = 16,
  /// The major and minor version of Unicode that brought it, from bit 24 on: 10 * major + minor.
  TT_FACT_AGE_SHIFT = 24,
};

/// Which facts are asked for, since each costs time.
enum {
  /// Category and white space.
  TT_ASK_CATEGORY = 1,
  TT_ASK_LOWER = 2,
  TT_ASK_FOLD = 4,
  /// Decomposition and combining class.
  TT_ASK_DECOMPOSITION = 8,
  TT_ASK_ALL = 15,
};

/// Writes the facts of `count` characters from `first` on. The age stands there in any case for
/// marks, format characters, and what decomposes.
void tt_character_facts(uint32_t first, uint32_t count, uint32_t asked, uint32_t *facts);

/// Most code points that the case mapping of one has (3), with room for a later Unicode.
enum { TT_CASE_CAPACITY = 8 };

/// Writes the full lower case of a character, whatever its language and neighbors, and returns its
/// length.
int32_t tt_character_lower(uint32_t character, uint32_t *lower);

/// Writes the full case folding of a character and returns its length.
int32_t tt_character_fold(uint32_t character, uint32_t *folding);

#ifdef __cplusplus
}
#endif
