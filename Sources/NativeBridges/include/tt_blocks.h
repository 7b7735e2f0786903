/// Blocks of bytes in memory, each compressed by itself as a Zstandard frame (RFC 8878).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Room that a compressed block may need.
size_t tt_block_bound(size_t length);

/// Bytes that were written to `output`; 0 when memory is short.
size_t tt_block_compress(uint8_t *output, size_t capacity, const uint8_t *input, size_t length);

/// Whether `input` is a frame of exactly `length` bytes, which are then in `output`.
bool tt_block_decompress(uint8_t *output, size_t length, const uint8_t *input,
                         size_t input_length);

#ifdef __cplusplus
}
#endif
