#include "tt_hash.h"

#include <xxhash.h>

uint64_t tt_hash64(const void *bytes, size_t length) { return XXH3_64bits(bytes, length); }

tt_hash128_value tt_hash128(const void *bytes, size_t length) {
  XXH128_hash_t hash = XXH3_128bits(bytes, length);
  tt_hash128_value value = {hash.low64, hash.high64};
  return value;
}
