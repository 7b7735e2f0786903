/// XXH3 of xxHash: fingerprints of corpora and files, and the hash of long words.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tt_hash128_value {
  uint64_t low;
  uint64_t high;
} tt_hash128_value;

uint64_t tt_hash64(const void *bytes, size_t length);
tt_hash128_value tt_hash128(const void *bytes, size_t length);

#ifdef __cplusplus
}
#endif
