/// ICU's normalization of UTF-8 and the character properties that say where it is needed.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The four forms of Unicode Standard Annex 15, and NFKC_Casefold (The Unicode Standard, 3.13).
typedef enum tt_normalization_form {
  TT_FORM_NFC = 0,
  TT_FORM_NFD = 1,
  TT_FORM_NFKC = 2,
  TT_FORM_NFKD = 3,
  TT_FORM_NFKC_CASEFOLD = 4,
} tt_normalization_form;

enum { TT_FORM_COUNT = 5 };

/// What a normalization does with a code point, in one byte. The values 1...240 are combining
/// classes of characters that pass the quick check.
enum {
  /// Passes the quick check, is a starter, never joins what stands before it.
  TT_CLASS_STARTER = 0,
  /// Too young for the normalization: stays, and nothing joins it or passes it.
  TT_CLASS_OPAQUE = 252,
  /// Becomes nothing, whatever its neighbors.
  TT_CLASS_DROPPED = 253,
  /// Changes and never joins what stands before it.
  TT_CLASS_CHANGES = 254,
  /// May join what stands before it.
  TT_CLASS_JOINS = 255,
};

/// The data of one normalization: immutable, static storage.
typedef struct tt_normalizer tt_normalizer;

/// Null when ICU lacks the form's data. `is_old`: as a library with the data of Unicode 9.0
/// normalizes, for which younger characters are unassigned.
const tt_normalizer *tt_normalizer_for(tt_normalization_form form, bool is_old);

/// Writes the class byte of `count` code points from `first` on. Returns whether any differs from
/// TT_CLASS_STARTER.
bool tt_normalizer_classes(const tt_normalizer *normalizer, uint32_t first, uint32_t count,
                           uint8_t *classes);

/// Whether the character is left alone and joins neither what precedes nor what follows it.
bool tt_normalizer_is_inert(const tt_normalizer *normalizer, uint32_t character);

/// Length in bytes of the normalized text, which is in `output` when it is not above `capacity`;
/// -1 when ICU fails. Ill-formed bytes pass. Quadratic in a run of marks out of order.
int32_t tt_normalizer_normalize(const tt_normalizer *normalizer, const char *text, int32_t count,
                                char *output, int32_t capacity);

/// A stretch that normalization changes: where it stands in the text and in the result, in bytes.
typedef struct tt_edit {
  int32_t source;
  int32_t source_count;
  int32_t result;
  int32_t result_count;
} tt_edit;

/// Writes the changes that normalization makes in a text, as fine as they can be told apart, and
/// returns their number, which may be above `capacity`; -1 when ICU fails.
int32_t tt_normalizer_edits(const tt_normalizer *normalizer, const char *text, int32_t count,
                            tt_edit *edits, int32_t capacity);

/// Most code points that one decomposes to (U+FDFA: 18), with room for a later Unicode.
enum { TT_DECOMPOSITION_CAPACITY = 32 };

/// Writes the full decomposition of a character to TT_DECOMPOSITION_CAPACITY code points and
/// returns its length; a character without one is its own.
int32_t tt_normalizer_decompose(const tt_normalizer *normalizer, uint32_t character,
                                uint32_t *decomposition);

/// The primary composite of two characters; -1 when there is none.
int32_t tt_normalizer_compose(const tt_normalizer *normalizer, uint32_t first, uint32_t second);

/// Canonical combining class, 0...254.
uint8_t tt_combining_class(uint32_t character);

#ifdef __cplusplus
}
#endif
