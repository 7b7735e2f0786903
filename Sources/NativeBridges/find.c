#define _GNU_SOURCE
#include "tt_find.h"

#include <string.h>

const void *tt_find(const void *text, size_t count, const void *needle, size_t needle_count) {
  if (needle_count == 1) return memchr(text, *(const unsigned char *)needle, count);
  return memmem(text, count, needle, needle_count);
}
