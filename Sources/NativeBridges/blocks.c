#include "tt_blocks.h"

#include <zstd.h>

/// Fast, and near enough to what higher levels reach on sorted words.
static const int level = 1;

size_t tt_block_bound(size_t length) { return ZSTD_compressBound(length); }

size_t tt_block_compress(uint8_t *output, size_t capacity, const uint8_t *input, size_t length) {
  size_t written = ZSTD_compress(output, capacity, input, length, level);
  return ZSTD_isError(written) ? 0 : written;
}

bool tt_block_decompress(uint8_t *output, size_t length, const uint8_t *input,
                         size_t input_length) {
  size_t written = ZSTD_decompress(output, length, input, input_length);
  return !ZSTD_isError(written) && written == length;
}
