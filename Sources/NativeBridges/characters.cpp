#include "tt_characters.h"

#include <algorithm>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
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

uint32_t ageOf(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return static_cast<uint32_t>(std::min(10 * age[0] + age[1], 255)) << TT_FACT_AGE_SHIFT;
}

/// Whether anything that is asked about depends on how old the character is.
bool hasAge(uint32_t facts) {
  const uint32_t category = facts & TT_FACT_CATEGORY;
  return (category >= TT_CATEGORY_NONSPACING_MARK && category <= TT_CATEGORY_SPACING_MARK) ||
         category == TT_CATEGORY_FORMAT || (facts & TT_FACT_DECOMPOSES) != 0;
}

bool mayBeWhiteSpace(uint32_t category) {
  return (category >= U_SPACE_SEPARATOR && category <= U_CONTROL_CHAR);
}

const icu::Normalizer2 *decomposer() {
  static const icu::Normalizer2 *const nfd = [] {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *instance = icu::Normalizer2::getNFDInstance(status);
    return U_SUCCESS(status) ? instance : nullptr;
  }();
  return nfd;
}

uint32_t factsOf(UChar32 c, uint32_t asked) {
  uint32_t facts = 0;
  if (asked & TT_ASK_CATEGORY) {
    facts = static_cast<uint32_t>(u_charType(c));
    if (facts == TT_CATEGORY_UNASSIGNED)
      return facts;
    if (mayBeWhiteSpace(facts) && u_isUWhiteSpace(c))
      facts |= TT_FACT_WHITE_SPACE;
  }
  if (asked & TT_ASK_LOWER && u_tolower(c) != c)
    facts |= TT_FACT_LOWERS;
  // Cased characters too: the simple folding of some (U+01F0) is themselves, the full one is not.
  if (asked & TT_ASK_FOLD &&
      (u_foldCase(c, U_FOLD_CASE_DEFAULT) != c || u_hasBinaryProperty(c, UCHAR_CASED)))
    facts |= TT_FACT_MAY_FOLD;
  if (asked & TT_ASK_DECOMPOSITION) {
    const icu::Normalizer2 *nfd = decomposer();
    if (nfd != nullptr && !nfd->isInert(c)) {
      const uint32_t combiningClass = nfd->getCombiningClass(c);
      facts |= combiningClass << TT_FACT_CLASS_SHIFT;
      if (combiningClass == 0 || u_getIntPropertyValue(c, UCHAR_NFD_QUICK_CHECK) == UNORM_NO)
        facts |= TT_FACT_DECOMPOSES;
    }
  }
  return hasAge(facts) ? facts | ageOf(c) : facts;
}

} // namespace

extern "C" void tt_character_facts(uint32_t first, uint32_t count, uint32_t asked,
                                   uint32_t *facts) {
  for (uint32_t i = 0; i < count; ++i)
    facts[i] = factsOf(static_cast<UChar32>(first + i), asked);
}

extern "C" int32_t tt_character_lower(uint32_t character, uint32_t *lower) {
  icu::UnicodeString text(static_cast<UChar32>(character));
  return write(text.toLower(icu::Locale::getRoot()), lower);
}

extern "C" int32_t tt_character_fold(uint32_t character, uint32_t *folding) {
  icu::UnicodeString text(static_cast<UChar32>(character));
  return write(text.foldCase(), folding);
}
