#include "tt_regex.h"

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

/// The character that begins at a byte: its length, 1 for a byte of none, and whether there is one.
struct Unit {
  uint32_t length;
  char32_t character;
};

inline Unit decode(const uint8_t *text, size_t room) {
  const uint32_t lead = text[0];
  const auto is_tail = [&](size_t index) { return (text[index] & 0xC0) == 0x80; };
  if (lead < 0x80)
    return {1, lead};
  if (lead >= 0xC2 && lead < 0xE0 && room >= 2 && is_tail(1))
    return {2, (lead & 0x1F) << 6 | (text[1] & 0x3Fu)};
  if (lead >= 0xE0 && lead < 0xF0 && room >= 3 && is_tail(1) && is_tail(2)) {
    const char32_t c = (lead & 0xF) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
    if (c >= 0x800 && (c & 0xF800) != 0xD800)
      return {3, c};
  }
  if (lead >= 0xF0 && lead < 0xF5 && room >= 4 && is_tail(1) && is_tail(2) && is_tail(3)) {
    const char32_t c = (lead & 7) << 18 | (text[1] & 0x3Fu) << 12 | (text[2] & 0x3Fu) << 6 |
                       (text[3] & 0x3Fu);
    if (c >= 0x10000 && c < 0x110000)
      return {4, c};
  }
  return {1, 0xFFFD};
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
  size_t length = 0;
  for (size_t at = 0; at < count;) {
    const Unit unit = decode(text + at, count - at);
    if (unit.character < 0x10000) {
      units[length++] = static_cast<char16_t>(unit.character);
    } else {
      units[length++] = static_cast<char16_t>(0xD7C0 + (unit.character >> 10));
      units[length++] = static_cast<char16_t>(0xDC00 + (unit.character & 0x3FF));
    }
    at += unit.length;
  }
  matcher->view.setTo(false, units, static_cast<int32_t>(length));
  matcher->icu->reset(matcher->view);
  matcher->clock = {0, 0, unitsPerSearch + static_cast<int64_t>(count) / bytesPerUnit};

  // Where the pieces so far end, in bytes and in UTF-16 units.
  size_t byte = 0, place = 0;
  const auto advance = [&](size_t target) {
    while (place < target) {
      const Unit unit = decode(text + byte, count - byte);
      place += unit.length == 4 ? 2 : 1;
      byte += unit.length;
    }
    return origin + static_cast<uint32_t>(byte);
  };
  size_t made = 0;
  bool hasMatch = false;
  UErrorCode status = U_ZERO_ERROR;
  while (true) {
    matcher->clock.search = 0;
    const bool found = matcher->icu->find(status);
    if (U_FAILURE(status)) {
      *failure = byte;
      return statusOf(status);
    }
    if (!found)
      break;
    const size_t start = static_cast<size_t>(matcher->icu->start(status));
    const size_t end = static_cast<size_t>(matcher->icu->end(status));
    if (start == end && hasMatch && start == place)
      continue;
    if (start > place)
      ends[made++] = advance(start);
    ends[made++] = advance(end) | TT_REGEX_MATCH;
    hasMatch = true;
  }
  if (place < length)
    ends[made++] = advance(length);
  *pieces = made;
  return TT_REGEX_OK;
}
