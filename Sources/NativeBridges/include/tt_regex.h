/// ICU's regular expressions over UTF-8, bounded in steps and stack.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern: immutable, for any number of threads.
typedef struct tt_regex tt_regex;
/// What runs a pattern on texts: owns scratch memory, for one thread at a time.
typedef struct tt_regex_matcher tt_regex_matcher;

typedef enum tt_regex_status {
  TT_REGEX_OK = 0,
  /// The pattern is none that ICU takes.
  TT_REGEX_INVALID = 1,
  /// A match, or all matches of a text together, took more steps than allowed.
  TT_REGEX_TOO_SLOW = 2,
  /// A match needed more memory for places to come back to than allowed.
  TT_REGEX_TOO_DEEP = 3,
  /// The text has 2^31 UTF-16 units or more.
  TT_REGEX_TOO_LONG = 4,
  TT_REGEX_NO_MEMORY = 5,
} tt_regex_status;

/// Set in an end: the piece is a match. Otherwise it is a stretch between matches.
#define TT_REGEX_MATCH 0x80000000u

/// Compiles an ASCII pattern in ICU's syntax; `^` and `$` hold at line feeds, and only there.
/// When it is invalid, `offset` is the byte at fault, or `count` if ICU does not say, and `reason`
/// ICU's name of the fault (static storage).
tt_regex_status tt_regex_compile(const char *pattern, size_t count, tt_regex **regex,
                                 size_t *offset, const char **reason);
void tt_regex_free(tt_regex *regex);

/// NULL without memory. The pattern must outlive the matcher.
tt_regex_matcher *tt_regex_matcher_create(const tt_regex *regex);
void tt_regex_matcher_free(tt_regex_matcher *matcher);

/// Writes where the matches of a text and the stretches between them end, as offsets from `origin`,
/// to `ends`, which has room for `2 * count + 1`; the flag TT_REGEX_MATCH tells them apart. A match
/// of nothing is a piece of length 0, unless it stands directly behind another match.
/// A byte that belongs to no well-formed character counts as U+FFFD. On failure `failure` is the
/// offset, from `text`, where the match in question was looked for.
tt_regex_status tt_regex_pieces(tt_regex_matcher *matcher, const uint8_t *text, size_t count,
                                uint32_t origin, uint32_t *ends, size_t *pieces, size_t *failure);

#ifdef __cplusplus
}
#endif
