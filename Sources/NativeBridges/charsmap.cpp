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
