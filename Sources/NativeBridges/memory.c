#define _DEFAULT_SOURCE
#include "tt_memory.h"

#include <stdint.h>
#include <sys/mman.h>

enum { huge_page = 1 << 21 };

void *tt_map_pages(size_t bytes) {
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (pages == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
  if (bytes >= huge_page) madvise(pages, bytes, MADV_HUGEPAGE);
#endif
  return pages;
}

void tt_unmap_pages(void *pages, size_t bytes) {
  if (pages) munmap(pages, bytes);
}
