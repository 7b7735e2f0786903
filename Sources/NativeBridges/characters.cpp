#include "tt_characters.h"

#include <algorithm>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/unistr.h>

namespace {

int32_t write(const icu::UnicodeString &text, uint32_t *characters) {
  int32_t length = 0;
  for (int32_t i = 0; i < text.length() && length < TT_CASE_CAPACITY; ++length) {
    const UChar32 c = text.char32At(i);
    characters[length] = static_cast<uint32_t>(c);
    i += U16_LENGTH(c);
  }
  return length;
}

uint32_t factsOf(UChar32 c) {
  uint32_t facts = static_cast<uint32_t>(u_charType(c));
  if (u_isUWhiteSpace(c))
    facts |= TT_FACT_WHITE_SPACE;
  if (u_tolower(c) != c)
    facts |= TT_FACT_LOWERS;
  // Cased characters too: the simple folding of some (U+01F0) is themselves, the full one is not.
  if (u_foldCase(c, U_FOLD_CASE_DEFAULT) != c || u_hasBinaryProperty(c, UCHAR_CASED))
    facts |= TT_FACT_MAY_FOLD;
  if (u_getIntPropertyValue(c, UCHAR_NFD_QUICK_CHECK) == UNORM_NO)
    facts |= TT_FACT_DECOMPOSES;
  facts |= static_cast<uint32_t>(u_getCombiningClass(c)) << TT_FACT_CLASS_SHIFT;
  UVersionInfo age;
  u_charAge(c, age);
  return facts | static_cast<uint32_t>(std::min(10 * age[0] + age[1], 255)) << TT_FACT_AGE_SHIFT;
}

} // namespace

extern "C" void tt_character_facts(uint32_t first, uint32_t count, uint32_t *facts) {
  for (uint32_t i = 0; i < count; ++i)
    facts[i] = factsOf(static_cast<UChar32>(first + i));
}

extern "C" int32_t tt_character_lower(uint32_t character, uint32_t *lower) {
  icu::UnicodeString text(static_cast<UChar32>(character));
  return write(text.toLower(icu::Locale::getRoot()), lower);
}

extern "C" int32_t tt_character_fold(uint32_t character, uint32_t *folding) {
  icu::UnicodeString text(static_cast<UChar32>(character));
  return write(text.foldCase(), folding);
}
