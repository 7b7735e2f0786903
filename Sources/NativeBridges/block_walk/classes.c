#include "classes.h"

#include <stdlib.h>

static void fill(uint64_t *bits, tt_block_set set) {
  for (size_t i = 0; i + 1 < set.count; i += 2)
    for (uint32_t scalar = set.bounds[i]; scalar < set.bounds[i + 1]; scalar++)
      bits[scalar >> 6] |= (uint64_t)1 << (scalar & 63);
}

static uint8_t contraction_bits(int character) {
  switch (character) {
  case 's': case 't': case 'd': case 'm': return s_t_d_m;
  case 'r': case 'v': return r_v;
  case 'l': return l;
  case 'e': return e;
  default: return 0;
  }
}

static void fill_ascii(tt_block_classes *classes, tt_block_set singles) {
  for (int byte = 0; byte < 128; byte++) {
    uint8_t sets = 0;
    for (int set = 0; set < 3; set++) sets |= tt_block_has(classes, set, byte) << set;
    classes->ascii[0][byte] = sets | contraction_bits(byte);
    classes->ascii[1][byte] = sets | contraction_bits(byte | 0x20);
  }
  for (size_t i = 0; i + 1 < singles.count; i += 2)
    for (uint32_t scalar = singles.bounds[i]; scalar < singles.bounds[i + 1] && scalar < 128;
         scalar++)
      classes->ascii[0][scalar] |= single;
  for (int table = 0; table < 2; table++)
    for (int kind = 0; kind < kind_count; kind++)
      for (int byte = 0; byte < 128; byte++)
        classes->columns[table][kind][byte & 15] |= (classes->ascii[table][byte] >> kind & 1)
                                                    << (byte >> 4);
}

static void fill_wide(tt_block_classes *classes) {
  for (int set = 0; set < 3; set++)
    for (int scalar = 0; scalar < 0x800; scalar += 8)
      classes->two[set][scalar >> 3] = classes->bits[set][scalar >> 6] >> (scalar & 63) & 0xFF;
  for (int block = 0; block < 1024; block++) {
    uint64_t letters = classes->bits[0][block];
    bool is_mixed = (letters && ~letters) || classes->bits[1][block] || classes->bits[2][block];
    classes->three[block >> 2] |= (is_mixed ? 16 : letters ? 1 : 0) << (block & 3);
    if (is_mixed || letters) classes->leads[block >> 6] = 0xFF;
  }
}

bool tt_block_kernel_is_available(tt_block_kernel kernel) {
#if defined(__x86_64__)
  switch (kernel) {
  case tt_block_avx512: return tt_block_avx512_is_available();
  case tt_block_avx2: return tt_block_avx2_is_available();
  }
#endif
  (void)kernel;
  return false;
}

tt_block_classes *tt_block_classes_make(const tt_block_sets *sets, tt_block_kernel kernel) {
  if (!tt_block_kernel_is_available(kernel)) return NULL;
  tt_block_classes *classes = calloc(1, sizeof *classes);
  if (!classes) return NULL;
  classes->kernel = kernel;
  fill(classes->bits[0], sets->letters);
  fill(classes->bits[1], sets->numbers);
  fill(classes->bits[2], sets->blanks);
  fill_ascii(classes, sets->singles);
  fill_wide(classes);
  return classes;
}

void tt_block_classes_free(tt_block_classes *classes) { free(classes); }

#if defined(__x86_64__)

ptrdiff_t tt_block_walk(const tt_block_classes *classes, const tt_block_rules *rules,
                        const uint8_t *text, size_t count, uint32_t base, uint32_t *ends) {
  return classes->kernel == tt_block_avx512
           ? tt_block_walk_avx512(classes, rules, text, count, base, ends)
           : tt_block_walk_avx2(classes, rules, text, count, base, ends);
}

ptrdiff_t tt_block_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
                         uint32_t base, uint32_t *starts, uint32_t *ends) {
  return classes->kernel == tt_block_avx512
           ? tt_block_words_avx512(classes, text, count, base, starts, ends)
           : tt_block_words_avx2(classes, text, count, base, starts, ends);
}

size_t tt_block_skip(const tt_block_classes *classes, const uint8_t *text, size_t count) {
  return classes->kernel == tt_block_avx512 ? tt_block_skip_avx512(classes, text, count)
                                            : tt_block_skip_avx2(classes, text, count);
}

#else

ptrdiff_t tt_block_walk(const tt_block_classes *classes, const tt_block_rules *rules,
                        const uint8_t *text, size_t count, uint32_t base, uint32_t *ends) {
  (void)classes, (void)rules, (void)text, (void)count, (void)base, (void)ends;
  return -1;
}

ptrdiff_t tt_block_words(const tt_block_classes *classes, const uint8_t *text, size_t count,
                         uint32_t base, uint32_t *starts, uint32_t *ends) {
  (void)classes, (void)text, (void)count, (void)base, (void)starts, (void)ends;
  return -1;
}

size_t tt_block_skip(const tt_block_classes *classes, const uint8_t *text, size_t count) {
  (void)classes, (void)text, (void)count;
  return 0;
}

#endif
