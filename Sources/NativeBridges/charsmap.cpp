#include "tt_charsmap.h"

#include <unicode/uchar.h>

extern "C" uint32_t tt_simple_fold(uint32_t character) {
  return static_cast<uint32_t>(
      u_foldCase(static_cast<UChar32>(character), U_FOLD_CASE_DEFAULT));
}

extern "C" bool tt_is_assigned_until(uint32_t character, uint8_t major) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(character), age);
  return age[0] != 0 && age[0] <= major;
}

namespace {

uint8_t grapheme_class(UChar32 c) {
  switch (u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK)) {
  case U_GCB_CONTROL:
    return TT_GRAPHEME_CONTROL;
  case U_GCB_CR:
    return TT_GRAPHEME_CR;
  case U_GCB_LF:
    return TT_GRAPHEME_LF;
  case U_GCB_EXTEND:
    return TT_GRAPHEME_EXTEND;
  case U_GCB_ZWJ:
    return TT_GRAPHEME_ZWJ;
  case U_GCB_SPACING_MARK:
    return TT_GRAPHEME_SPACING_MARK;
  case U_GCB_PREPEND:
    return TT_GRAPHEME_PREPEND;
  case U_GCB_L:
    return TT_GRAPHEME_L;
  case U_GCB_V:
    return TT_GRAPHEME_V;
  case U_GCB_T:
    return TT_GRAPHEME_T;
  case U_GCB_LV:
    return TT_GRAPHEME_LV;
  case U_GCB_LVT:
    return TT_GRAPHEME_LVT;
  case U_GCB_REGIONAL_INDICATOR:
    return TT_GRAPHEME_REGIONAL_INDICATOR;
  default:
    return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ? TT_GRAPHEME_PICTOGRAPH
                                                                 : TT_GRAPHEME_OTHER;
  }
}

} // namespace

extern "C" void tt_grapheme_classes(uint32_t first, uint32_t count, uint8_t *classes) {
  for (uint32_t i = 0; i < count; ++i)
    classes[i] = grapheme_class(static_cast<UChar32>(first + i));
}
