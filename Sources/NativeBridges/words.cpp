#include "tt_words.h"
#include "utf16.hpp"

#include <memory>
#include <new>
#include <unicode/ubrk.h>

namespace {

struct Close {
  void operator()(UBreakIterator *iterator) const { ubrk_close(iterator); }
};

} // namespace

struct tt_word_breaker {
  std::unique_ptr<UBreakIterator, Close> iterator;
  std::unique_ptr<char16_t[]> units;
  size_t capacity = 0;
};

extern "C" tt_word_breaker *tt_word_breaker_create(void) {
  std::unique_ptr<tt_word_breaker> breaker(new (std::nothrow) tt_word_breaker);
  if (breaker == nullptr)
    return nullptr;
  // Dictionaries go by script, so the root locale has them all.
  UErrorCode status = U_ZERO_ERROR;
  breaker->iterator.reset(ubrk_open(UBRK_WORD, "", nullptr, 0, &status));
  return U_FAILURE(status) ? nullptr : breaker.release();
}

extern "C" void tt_word_breaker_free(tt_word_breaker *breaker) { delete breaker; }

/// Gives a text to the iterator; returns its length in units, or `SIZE_MAX` when memory is short.
static size_t setText(tt_word_breaker *breaker, const uint8_t *text, size_t count) {
  if (count > breaker->capacity) {
    breaker->capacity = 0;
    breaker->units.reset(new (std::nothrow) char16_t[count]);
    if (breaker->units == nullptr)
      return SIZE_MAX;
    breaker->capacity = count;
  }
  const size_t length = toktrain::toUtf16(text, count, breaker->units.get());
  UErrorCode status = U_ZERO_ERROR;
  ubrk_setText(breaker->iterator.get(), breaker->units.get(), static_cast<int32_t>(length),
               &status);
  return U_FAILURE(status) ? SIZE_MAX : length;
}

extern "C" size_t tt_word_ends(tt_word_breaker *breaker, const uint8_t *text, size_t count,
                               uint32_t origin, uint32_t *ends) {
  if (setText(breaker, text, count) == SIZE_MAX)
    return 0;
  toktrain::Utf16Place place;
  size_t made = 0;
  for (int32_t end = ubrk_next(breaker->iterator.get()); end != UBRK_DONE;
       end = ubrk_next(breaker->iterator.get())) {
    place.advance(static_cast<size_t>(end), text, count);
    ends[made++] = origin + static_cast<uint32_t>(place.byte);
  }
  return made;
}

extern "C" size_t tt_words(tt_word_breaker *breaker, const uint8_t *text, size_t count,
                           tt_word *words) {
  const size_t length = setText(breaker, text, count);
  if (length == SIZE_MAX)
    return SIZE_MAX;
  UBreakIterator *const iterator = breaker->iterator.get();
  // As many units as bytes: each byte is a unit, and places need no counting.
  const bool isNarrow = length == count;
  toktrain::Utf16Place place;
  size_t made = 0;
  uint32_t start = 0;
  for (int32_t end = ubrk_next(iterator); end != UBRK_DONE; end = ubrk_next(iterator)) {
    uint32_t byte = static_cast<uint32_t>(end);
    if (!isNarrow) {
      place.advance(static_cast<size_t>(end), text, count);
      byte = static_cast<uint32_t>(place.byte);
    }
    if (ubrk_getRuleStatus(iterator) >= UBRK_WORD_NONE_LIMIT)
      words[made++] = {start, byte};
    start = byte;
  }
  return made;
}
