#include "tt_display.h"
#include "utf16.hpp"

#include <limits>
#include <memory>
#include <new>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>

namespace {

struct Close {
  void operator()(UBreakIterator *iterator) const { ubrk_close(iterator); }
};

uint32_t columnsOf(UChar32 c) {
  switch (u_charType(c)) {
  case U_NON_SPACING_MARK:
  case U_ENCLOSING_MARK:
    return 0;
  default:
    break;
  }
  switch (u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE)) {
  case U_HST_VOWEL_JAMO:
  case U_HST_TRAILING_JAMO:
    return 0;
  default:
    break;
  }
  switch (u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH)) {
  case U_EA_WIDE:
  case U_EA_FULLWIDTH:
    return 2;
  default:
    return 1;
  }
}

} // namespace

extern "C" uint32_t tt_display_facts(uint32_t character) {
  const UChar32 c = static_cast<UChar32>(character);
  const UCharDirection direction = u_charDirection(c);
  const bool isRightToLeft =
      direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
  return columnsOf(c) | (isRightToLeft ? TT_DISPLAY_RIGHT_TO_LEFT : 0);
}

extern "C" size_t tt_grapheme_ends(const uint8_t *text, size_t count, size_t *ends) {
  if (count == 0 || count > static_cast<size_t>(std::numeric_limits<int32_t>::max()))
    return 0;
  std::unique_ptr<char16_t[]> units(new (std::nothrow) char16_t[count]);
  if (units == nullptr)
    return 0;
  const size_t length = toktrain::toUtf16(text, count, units.get());
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<UBreakIterator, Close> iterator(ubrk_open(
      UBRK_CHARACTER, "", units.get(), static_cast<int32_t>(length), &status));
  if (U_FAILURE(status))
    return 0;
  toktrain::Utf16Place place;
  size_t made = 0;
  for (int32_t end = ubrk_next(iterator.get()); end != UBRK_DONE; end = ubrk_next(iterator.get())) {
    place.advance(static_cast<size_t>(end), text, count);
    ends[made++] = place.byte;
  }
  return made;
}
