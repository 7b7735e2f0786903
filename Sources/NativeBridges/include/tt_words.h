/// Word boundaries from ICU's dictionaries, for scripts that are written without spaces.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// For one thread at a time.
typedef struct tt_word_breaker tt_word_breaker;

/// NULL when ICU lacks the data or memory is short.
tt_word_breaker *tt_word_breaker_create(void);
void tt_word_breaker_free(tt_word_breaker *breaker);

/// Writes where words end to `ends`, as offsets from `origin`, ascending, the last of them that of
/// the text; `ends` has room for `count` of them. Returns how many; 0 when memory is short.
size_t tt_word_ends(tt_word_breaker *breaker, const uint8_t *text, size_t count, uint32_t origin,
                    uint32_t *ends);

/// Where a word stands, half-open, in bytes.
typedef struct tt_word {
  uint32_t start;
  uint32_t end;
} tt_word;

/// Writes the words of a text in order: what word breaks bound and ICU calls a number, letters, kana
/// or ideographs, not blanks and signs. `words` has room for `count` of them. Returns how many;
/// `SIZE_MAX` when memory is short. Up to 1 GiB.
size_t tt_words(tt_word_breaker *breaker, const uint8_t *text, size_t count, tt_word *words);

#ifdef __cplusplus
}
#endif
