#include "tt_decompress.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct tt_decompressor {
  tt_compression format;
  z_stream gzip;
  ZSTD_DStream *zstd;
  /// A member has ended and no byte of another one has come yet.
  int at_member_end;
};

tt_decompressor *tt_decompressor_create(tt_compression format) {
  tt_decompressor *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  self->format = format;
  if (format == tt_compression_gzip) {
    // 15 + 16: the largest window, gzip wrapping only (zlib.h, inflateInit2).
    if (inflateInit2(&self->gzip, 15 + 16) == Z_OK) return self;
  } else {
    self->zstd = ZSTD_createDStream();
    if (self->zstd && !ZSTD_isError(ZSTD_initDStream(self->zstd))) return self;
    ZSTD_freeDStream(self->zstd);
  }
  free(self);
  return NULL;
}

void tt_decompressor_destroy(tt_decompressor *self) {
  if (!self) return;
  if (self->format == tt_compression_gzip) {
    inflateEnd(&self->gzip);
  } else {
    ZSTD_freeDStream(self->zstd);
  }
  free(self);
}

static tt_decompress_status gzip_step(tt_decompressor *self, const uint8_t **input,
                                      size_t *input_length, uint8_t *output,
                                      size_t output_capacity, size_t *produced) {
  if (self->at_member_end) {
    if (*input_length == 0) return tt_decompress_member_end;
    inflateReset(&self->gzip);
    self->at_member_end = 0;
  }
  uInt in = *input_length > UINT_MAX ? UINT_MAX : (uInt)*input_length;
  uInt out = output_capacity > UINT_MAX ? UINT_MAX : (uInt)output_capacity;
  self->gzip.next_in = (Bytef *)*input;
  self->gzip.avail_in = in;
  self->gzip.next_out = output;
  self->gzip.avail_out = out;
  int status = inflate(&self->gzip, Z_NO_FLUSH);
  *input += in - self->gzip.avail_in;
  *input_length -= in - self->gzip.avail_in;
  *produced = out - self->gzip.avail_out;
  switch (status) {
  case Z_OK:
  case Z_BUF_ERROR:
    return tt_decompress_more;
  case Z_STREAM_END:
    self->at_member_end = 1;
    return tt_decompress_member_end;
  case Z_MEM_ERROR:
    return tt_decompress_out_of_memory;
  default:
    return tt_decompress_corrupt;
  }
}

static tt_decompress_status zstd_step(tt_decompressor *self, const uint8_t **input,
                                      size_t *input_length, uint8_t *output,
                                      size_t output_capacity, size_t *produced) {
  ZSTD_inBuffer in = {*input, *input_length, 0};
  ZSTD_outBuffer out = {output, output_capacity, 0};
  size_t status = ZSTD_decompressStream(self->zstd, &out, &in);
  *input += in.pos;
  *input_length -= in.pos;
  *produced = out.pos;
  if (ZSTD_isError(status)) {
    return ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation ? tt_decompress_out_of_memory
                                                                     : tt_decompress_corrupt;
  }
  return status == 0 ? tt_decompress_member_end : tt_decompress_more;
}

tt_decompress_status tt_decompress(tt_decompressor *self, const uint8_t **input,
                                   size_t *input_length, uint8_t *output, size_t output_capacity,
                                   size_t *produced) {
  *produced = 0;
  return self->format == tt_compression_gzip
             ? gzip_step(self, input, input_length, output, output_capacity, produced)
             : zstd_step(self, input, input_length, output, output_capacity, produced);
}
