/// Streams of gzip (RFC 1952, many members) and Zstandard (RFC 8878, many frames) behind one face.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tt_decompressor tt_decompressor;

typedef enum tt_compression { tt_compression_gzip = 1, tt_compression_zstd = 2 } tt_compression;

typedef enum tt_decompress_status {
  /// Went on as far as the input or the room for output allowed.
  tt_decompress_more = 0,
  /// The last member or frame is whole: the stream may end here, or another one may follow.
  tt_decompress_member_end = 1,
  /// The data are not of this format, or a checksum does not hold.
  tt_decompress_corrupt = 2,
  tt_decompress_out_of_memory = 3,
} tt_decompress_status;

/// NULL when memory is short.
tt_decompressor *tt_decompressor_create(tt_compression format);
void tt_decompressor_destroy(tt_decompressor *decompressor);

/// Decompresses from `*input` (advanced past what was used) to `output`; `*produced` bytes came out.
tt_decompress_status tt_decompress(tt_decompressor *decompressor, const uint8_t **input,
                                   size_t *input_length, uint8_t *output, size_t output_capacity,
                                   size_t *produced);

#ifdef __cplusplus
}
#endif
