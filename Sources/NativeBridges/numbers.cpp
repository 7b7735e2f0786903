#include "tt_numbers.h"

#include <charconv>
#include <cstdlib>

extern "C" uint64_t tt_shortest_digits(double value, int32_t *exponent) {
  // "d.ddde+dd": 17 digits at most.
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text - 1, value, std::chars_format::scientific);
  *end.ptr = 0;
  uint64_t digits = 0;
  int32_t scale = 0;
  bool is_fraction = false;
  const char *place = text;
  for (; place != end.ptr && *place != 'e'; place += 1) {
    if (*place == '.') {
      is_fraction = true;
      continue;
    }
    digits = digits * 10 + static_cast<uint64_t>(*place - '0');
    scale -= is_fraction;
  }
  if (place != end.ptr) scale += static_cast<int32_t>(std::strtol(place + 1, nullptr, 10));
  while (digits != 0 && digits % 10 == 0) {
    digits /= 10;
    scale += 1;
  }
  *exponent = scale;
  return digits;
}
