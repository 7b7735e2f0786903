#include "tt_names.h"

#include <algorithm>
#include <unicode/uchar.h>

extern "C" int32_t tt_character_name(uint32_t character, char *name, int32_t capacity) {
  UErrorCode status = U_ZERO_ERROR;
  const int32_t length =
      u_charName(static_cast<UChar32>(character), U_EXTENDED_CHAR_NAME, name, capacity, &status);
  if (status == U_BUFFER_OVERFLOW_ERROR && capacity > 0)
    name[capacity - 1] = 0;
  else if (U_FAILURE(status))
    return 0;
  return std::min(length, std::max(capacity - 1, 0));
}
