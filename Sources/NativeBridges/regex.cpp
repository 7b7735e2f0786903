#include "tt_regex.h"
#include "utf16.hpp"

#include <memory>
#include <new>
#include <unicode/parseerr.h>
#include <unicode/regex.h>
#include <unicode/unistr.h>

namespace {

/// Bytes of ICU's stack of places to come back to. Its default, 8 MB, is overrun by honest
/// patterns: one frame a character in `(?:a|b)+` on a megabyte.
constexpr int32_t stackLimit = 32 << 20;

/// Units of 10,000 steps (ICU's own tick, 0.1 to 0.4 ms) that one search may take, and how many
/// bytes of text allow one more for all of its searches: 50 steps a byte, where well-known patterns
/// take 2 or 3. Steps, not time, so that a text fails on every machine or on none.
constexpr int64_t unitsPerSearch = 1000;
constexpr int64_t bytesPerUnit = 200;

struct Clock {
  int64_t search = 0;
  int64_t total = 0;
  int64_t allowed = 0;
};

UBool tick(const void *context, int32_t) {
  Clock &clock = *static_cast<Clock *>(const_cast<void *>(context));
  clock.search += 1;
  clock.total += 1;
  return clock.search <= unitsPerSearch && clock.total <= clock.allowed;
}

tt_regex_status statusOf(UErrorCode code) {
  switch (code) {
  case U_REGEX_STOPPED_BY_CALLER:
  case U_REGEX_TIME_OUT: return TT_REGEX_TOO_SLOW;
  case U_REGEX_STACK_OVERFLOW: return TT_REGEX_TOO_DEEP;
  case U_MEMORY_ALLOCATION_ERROR: return TT_REGEX_NO_MEMORY;
  default: return TT_REGEX_INVALID;
  }
}

} // namespace

struct tt_regex {
  std::unique_ptr<icu::RegexPattern> pattern;
};

struct tt_regex_matcher {
  std::unique_ptr<icu::RegexMatcher> icu;
  Clock clock;
  std::unique_ptr<char16_t[]> units;
  size_t capacity = 0;
  icu::UnicodeString view;
};

extern "C" tt_regex_status tt_regex_compile(const char *pattern, size_t count, tt_regex **regex,
                                            size_t *offset, const char **reason) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError place;
  place.line = 0;
  place.offset = -1;
  const icu::UnicodeString text(pattern, static_cast<int32_t>(count), US_INV);
  std::unique_ptr<icu::RegexPattern> compiled(icu::RegexPattern::compile(
      text, UREGEX_ERROR_ON_UNKNOWN_ESCAPES | UREGEX_MULTILINE | UREGEX_UNIX_LINES, place, status));
  if (U_FAILURE(status)) {
    *offset = place.offset < 0 ? count : static_cast<size_t>(place.offset);
    *reason = u_errorName(status);
    return statusOf(status);
  }
  *regex = new (std::nothrow) tt_regex{std::move(compiled)};
  return *regex == nullptr ? TT_REGEX_NO_MEMORY : TT_REGEX_OK;
}

extern "C" void tt_regex_free(tt_regex *regex) { delete regex; }

extern "C" tt_regex_matcher *tt_regex_matcher_create(const tt_regex *regex) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<tt_regex_matcher> matcher(new (std::nothrow) tt_regex_matcher);
  if (matcher == nullptr)
    return nullptr;
  matcher->icu.reset(regex->pattern->matcher(status));
  if (matcher->icu == nullptr)
    return nullptr;
  matcher->icu->setStackLimit(stackLimit, status);
  matcher->icu->setMatchCallback(tick, &matcher->clock, status);
  return U_FAILURE(status) ? nullptr : matcher.release();
}

extern "C" void tt_regex_matcher_free(tt_regex_matcher *matcher) { delete matcher; }

extern "C" tt_regex_status tt_regex_pieces(tt_regex_matcher *matcher, const uint8_t *text,
                                           size_t count, uint32_t origin, uint32_t *ends,
                                           size_t *pieces, size_t *failure) {
  *pieces = 0;
  *failure = 0;
  if (count >= INT32_MAX)
    return TT_REGEX_TOO_LONG;
  if (count > matcher->capacity) {
    matcher->capacity = 0;
    matcher->units.reset(new (std::nothrow) char16_t[count]);
    if (matcher->units == nullptr)
      return TT_REGEX_NO_MEMORY;
    matcher->capacity = count;
  }
  char16_t *units = matcher->units.get();
  const size_t length = toktrain::toUtf16(text, count, units);
  matcher->view.setTo(false, units, static_cast<int32_t>(length));
  matcher->icu->reset(matcher->view);
  matcher->clock = {0, 0, unitsPerSearch + static_cast<int64_t>(count) / bytesPerUnit};

  // Where the pieces so far end.
  toktrain::Utf16Place place;
  const auto advance = [&](size_t target) {
    place.advance(target, text, count);
    return origin + static_cast<uint32_t>(place.byte);
  };
  size_t made = 0;
  bool hasMatch = false;
  UErrorCode status = U_ZERO_ERROR;
  while (true) {
    matcher->clock.search = 0;
    const bool found = matcher->icu->find(status);
    if (U_FAILURE(status)) {
      *failure = place.byte;
      return statusOf(status);
    }
    if (!found)
      break;
    const size_t start = static_cast<size_t>(matcher->icu->start(status));
    const size_t end = static_cast<size_t>(matcher->icu->end(status));
    if (start == end && hasMatch && start == place.unit)
      continue;
    if (start > place.unit)
      ends[made++] = advance(start);
    ends[made++] = advance(end) | TT_REGEX_MATCH;
    hasMatch = true;
  }
  if (place.unit < length)
    ends[made++] = advance(length);
  *pieces = made;
  return TT_REGEX_OK;
}
