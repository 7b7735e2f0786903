#include "tt_pieces.h"

void tt_piece_packing_make(unsigned width, tt_piece_packing *packing) {
  packing->field = width < 32 ? ((uint32_t)1 << width) - 1 : UINT32_MAX;
  packing->most = 120 / width;
  for (unsigned id = 0; id < 8; id++) {
    unsigned bit = 8 + id * width;
    packing->shifts[id] = bit & 7;
    for (unsigned byte = 0; byte < 4; byte++) {
      unsigned place = (bit >> 3) + byte;
      // The high bit: nothing.
      packing->bytes[4 * id + byte] = place < 16 ? (uint8_t)place : 0x80;
    }
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define KERNEL __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2")))

bool tt_pieces_are_available(void) {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("bmi2");
}

KERNEL size_t tt_piece_keys(const uint8_t *text, const uint32_t *starts, const uint32_t *ends,
                            size_t count, const void *lines, unsigned shift, unsigned line_bits,
                            void *keys, uint32_t *places, uint32_t *longs) {
  uint64_t *key = keys;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t start = starts[i], length = ends[i] - start;
    __m128i bytes = _mm_maskz_loadu_epi8((__mmask16)_bzhi_u32(0x7FFF, length), text + start);
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(bytes);
    uint64_t high = (uint64_t)_mm_extract_epi64(bytes, 1)
                    | (uint64_t)(length > 15 ? 0xFF : length) << 56;
    // As `ShortKey.hash`.
    unsigned __int128 product = (unsigned __int128)(low ^ 0x9E3779B97F4A7C15)
                                * (high ^ 0xD1B54A32D192ED03);
    uint64_t place = ((uint64_t)(product >> 64) ^ (uint64_t)product) >> shift;
    key[2 * i] = low;
    key[2 * i + 1] = high;
    places[i] = (uint32_t)place;
    __builtin_prefetch((const char *)lines + (place << line_bits), 0, 3);
    longs[found] = (uint32_t)i;
    found += length > 15;
  }
  return found;
}

KERNEL size_t tt_piece_ids(const void *keys, const uint32_t *places, size_t from, size_t count,
                           const void *lines, const tt_piece_packing *packing, uint32_t **output) {
  const __m256i bytes = _mm256_loadu_si256((const __m256i *)packing->bytes);
  const __m256i shifts = _mm256_loadu_si256((const __m256i *)packing->shifts);
  const __m256i field = _mm256_set1_epi32((int)packing->field);
  const uint8_t most = (uint8_t)packing->most;
  uint32_t *out = *output;
  size_t i = from;
  for (; i < count; i++) {
    const char *line = (const char *)lines + 64 * (size_t)places[i];
    __m256i both = _mm256_load_si256((const __m256i *)line);
    __m256i key = _mm256_broadcast_i64x2(_mm_load_si128((const __m128i *)keys + i));
    // Two bits for each key.
    unsigned differs = _mm256_cmpneq_epi64_mask(both, key);
    size_t second = (differs & 3) != 0;
    const char *ids = line + 32 + 16 * second;
    uint8_t number = (uint8_t)ids[0];
    if (__builtin_expect(((differs & 3) && (differs & 12)) || number > most, 0)) break;
    __m256i packed = _mm256_broadcast_i64x2(_mm_load_si128((const __m128i *)ids));
    _mm256_storeu_si256((__m256i *)out,
                        _mm256_and_si256(_mm256_srlv_epi32(_mm256_shuffle_epi8(packed, bytes),
                                                           shifts),
                                         field));
    out += number;
  }
  *output = out;
  return i;
}

#else

bool tt_pieces_are_available(void) { return false; }

size_t tt_piece_keys(const uint8_t *text, const uint32_t *starts, const uint32_t *ends, size_t count,
                     const void *lines, unsigned shift, unsigned line_bits, void *keys,
                     uint32_t *places, uint32_t *longs) {
  (void)text, (void)starts, (void)ends, (void)count, (void)lines, (void)shift, (void)line_bits;
  (void)keys, (void)places, (void)longs;
  return 0;
}

size_t tt_piece_ids(const void *keys, const uint32_t *places, size_t from, size_t count,
                    const void *lines, const tt_piece_packing *packing, uint32_t **output) {
  (void)keys, (void)places, (void)count, (void)lines, (void)packing, (void)output;
  return from;
}

#endif
