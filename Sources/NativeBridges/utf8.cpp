#include "tt_utf8.h"

#include <simdjson.h>

extern "C" bool tt_utf8_is_valid(const char *text, size_t count) {
  return simdjson::validate_utf8(text, count);
}
