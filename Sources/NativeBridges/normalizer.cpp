#include "tt_normalizer.h"

#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>

struct tt_normalizer {
  /// What normalizes: `whole`, or that limited to old characters.
  const icu::Normalizer2 *icu;
  const icu::Normalizer2 *whole;
  /// The instance that composes by the same data: it alone offers pairs and inertness of both.
  const icu::Normalizer2 *composing;
  /// UCHAR_INVALID_CODE for a form without a property.
  UProperty quickCheck;
};

namespace {

using Instance = const icu::Normalizer2 *(*)(UErrorCode &);

tt_normalizer load(Instance instance, Instance composing, UProperty quickCheck,
                   const icu::UnicodeSet *limit) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2 *whole = instance(status);
  const icu::Normalizer2 *composer = composing(status);
  if (U_FAILURE(status) || (limit != nullptr && limit->isEmpty()))
    return {nullptr, nullptr, nullptr, quickCheck};
  // Lives as long as the process, as ICU's own instances do.
  const icu::Normalizer2 *own =
      limit == nullptr ? whole : new icu::FilteredNormalizer2(*whole, *limit);
  return {own, whole, composer, quickCheck};
}

/// The characters that Unicode 9.0 assigns; empty when ICU lacks the property.
const icu::UnicodeSet &oldCharacters() {
  static const icu::UnicodeSet *const characters = [] {
    UErrorCode status = U_ZERO_ERROR;
    auto *set = new icu::UnicodeSet(u"[:Age=9.0:]", status);
    if (U_FAILURE(status))
      set->clear();
    set->freeze();
    return set;
  }();
  return *characters;
}

bool isYoung(UChar32 c) {
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 9 || (age[0] == 9 && age[1] > 0);
}

UNormalizationCheckResult quickCheck(const tt_normalizer &normalizer, UChar32 c) {
  if (normalizer.quickCheck != UCHAR_INVALID_CODE)
    return static_cast<UNormalizationCheckResult>(
        u_getIntPropertyValue(c, normalizer.quickCheck));
  UErrorCode status = U_ZERO_ERROR;
  return normalizer.whole->quickCheck(icu::UnicodeString(c), status);
}

uint8_t classOf(const tt_normalizer &normalizer, UChar32 c) {
  if (normalizer.whole->isInert(c))
    return TT_CLASS_STARTER;
  const UNormalizationCheckResult check = quickCheck(normalizer, c);
  const uint8_t combiningClass = normalizer.whole->getCombiningClass(c);
  uint8_t result = TT_CLASS_CHANGES;
  if (check == UNORM_YES && combiningClass != 0)
    result = combiningClass;
  else if (!normalizer.whole->hasBoundaryBefore(c) || check == UNORM_MAYBE)
    result = TT_CLASS_JOINS;
  else if (check == UNORM_YES)
    return TT_CLASS_STARTER;
  return normalizer.icu != normalizer.whole && isYoung(c) ? TT_CLASS_OPAQUE : result;
}

} // namespace

extern "C" const tt_normalizer *tt_normalizer_for(tt_normalization_form form, bool is_old) {
  using icu::Normalizer2;
  const auto all = [](const icu::UnicodeSet *limit, tt_normalizer *target) {
    const auto nfc = Normalizer2::getNFCInstance;
    const auto nfkc = Normalizer2::getNFKCInstance;
    const auto folding = Normalizer2::getNFKCCasefoldInstance;
    target[TT_FORM_NFC] = load(nfc, nfc, UCHAR_NFC_QUICK_CHECK, limit);
    target[TT_FORM_NFD] = load(Normalizer2::getNFDInstance, nfc, UCHAR_NFD_QUICK_CHECK, limit);
    target[TT_FORM_NFKC] = load(nfkc, nfkc, UCHAR_NFKC_QUICK_CHECK, limit);
    target[TT_FORM_NFKD] = load(Normalizer2::getNFKDInstance, nfkc, UCHAR_NFKD_QUICK_CHECK, limit);
    target[TT_FORM_NFKC_CASEFOLD] = load(folding, folding, UCHAR_INVALID_CODE, limit);
    return true;
  };
  static tt_normalizer current[TT_FORM_COUNT];
  static tt_normalizer old[TT_FORM_COUNT];
  if (is_old) {
    static const bool isLoaded = all(&oldCharacters(), old);
    return isLoaded && old[form].icu != nullptr ? &old[form] : nullptr;
  }
  static const bool isLoaded = all(nullptr, current);
  return isLoaded && current[form].icu != nullptr ? &current[form] : nullptr;
}

extern "C" bool tt_normalizer_classes(const tt_normalizer *normalizer, uint32_t first,
                                      uint32_t count, uint8_t *classes) {
  uint8_t any = 0;
  for (uint32_t i = 0; i < count; ++i) {
    classes[i] = classOf(*normalizer, static_cast<UChar32>(first + i));
    any |= classes[i];
  }
  return any != TT_CLASS_STARTER;
}

extern "C" bool tt_normalizer_is_inert(const tt_normalizer *normalizer, uint32_t character) {
  return normalizer->icu->isInert(static_cast<UChar32>(character));
}

extern "C" int32_t tt_normalizer_normalize(const tt_normalizer *normalizer, const char *text,
                                           int32_t count, char *output, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  icu::CheckedArrayByteSink sink(output, capacity);
  normalizer->icu->normalizeUTF8(0, icu::StringPiece(text, count), sink, nullptr, status);
  return U_FAILURE(status) ? -1 : sink.NumberOfBytesAppended();
}

extern "C" int32_t tt_normalizer_edits(const tt_normalizer *normalizer, const char *text,
                                       int32_t count, tt_edit *edits, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  icu::CheckedArrayByteSink sink(nullptr, 0);
  icu::Edits found;
  normalizer->icu->normalizeUTF8(0, icu::StringPiece(text, count), sink, &found, status);
  int32_t length = 0;
  for (icu::Edits::Iterator change = found.getFineChangesIterator(); change.next(status);
       ++length) {
    if (length < capacity)
      edits[length] = {change.sourceIndex(), change.oldLength(), change.destinationIndex(),
                       change.newLength()};
  }
  return U_FAILURE(status) ? -1 : length;
}

extern "C" int32_t tt_normalizer_decompose(const tt_normalizer *normalizer, uint32_t character,
                                           uint32_t *decomposition) {
  const UChar32 c = static_cast<UChar32>(character);
  icu::UnicodeString mapping;
  if (!normalizer->composing->getDecomposition(c, mapping)) {
    decomposition[0] = character;
    return 1;
  }
  int32_t length = 0;
  for (int32_t i = 0; i < mapping.length() && length < TT_DECOMPOSITION_CAPACITY; ++length) {
    const UChar32 part = mapping.char32At(i);
    decomposition[length] = static_cast<uint32_t>(part);
    i += U16_LENGTH(part);
  }
  return length;
}

extern "C" int32_t tt_normalizer_compose(const tt_normalizer *normalizer, uint32_t first,
                                         uint32_t second) {
  return normalizer->composing->composePair(static_cast<UChar32>(first),
                                            static_cast<UChar32>(second));
}

extern "C" uint8_t tt_combining_class(uint32_t character) {
  return u_getCombiningClass(static_cast<UChar32>(character));
}
