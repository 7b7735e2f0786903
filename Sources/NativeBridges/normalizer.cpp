#include "tt_normalizer.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

struct tt_normalizer {
  const icu::Normalizer2 *icu;
  /// The instance that composes by the same data: it alone offers pairs and inertness of both.
  const icu::Normalizer2 *composing;
  UProperty quickCheck;
};

namespace {

using Instance = const icu::Normalizer2 *(*)(UErrorCode &);

tt_normalizer load(Instance instance, Instance composing, UProperty quickCheck) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2 *own = instance(status);
  const icu::Normalizer2 *composer = composing(status);
  if (U_FAILURE(status))
    return {nullptr, nullptr, quickCheck};
  return {own, composer, quickCheck};
}

uint8_t classOf(const tt_normalizer &normalizer, UChar32 c) {
  if (normalizer.icu->isInert(c))
    return TT_CLASS_STARTER;
  const int32_t check = u_getIntPropertyValue(c, normalizer.quickCheck);
  const uint8_t combiningClass = normalizer.icu->getCombiningClass(c);
  if (check == UNORM_YES && combiningClass != 0)
    return combiningClass;
  if (!normalizer.icu->hasBoundaryBefore(c) || check == UNORM_MAYBE)
    return TT_CLASS_JOINS;
  return check == UNORM_YES ? TT_CLASS_STARTER : TT_CLASS_CHANGES;
}

} // namespace

extern "C" const tt_normalizer *tt_normalizer_for(tt_normalization_form form) {
  using icu::Normalizer2;
  static const tt_normalizer normalizers[] = {
      load(Normalizer2::getNFCInstance, Normalizer2::getNFCInstance, UCHAR_NFC_QUICK_CHECK),
      load(Normalizer2::getNFDInstance, Normalizer2::getNFCInstance, UCHAR_NFD_QUICK_CHECK),
      load(Normalizer2::getNFKCInstance, Normalizer2::getNFKCInstance, UCHAR_NFKC_QUICK_CHECK),
      load(Normalizer2::getNFKDInstance, Normalizer2::getNFKCInstance, UCHAR_NFKD_QUICK_CHECK),
  };
  const tt_normalizer &normalizer = normalizers[form];
  return normalizer.icu == nullptr ? nullptr : &normalizer;
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
