#define _GNU_SOURCE
#include "tt_memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

// 16 KB is a whole number of pages on every machine in use.
enum { page = 1 << 14, huge_page = 1 << 21 };

static size_t whole_pages(size_t bytes) { return (bytes + page - 1) / page * page; }

void *tt_map_pages(size_t bytes) {
  size_t size = whole_pages(bytes);
  // Only aligned stretches become huge pages: map some more and give the ends back.
  size_t slack = size >= huge_page ? huge_page : 0;
  char *pages = mmap(NULL, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (pages == MAP_FAILED) return NULL;
  if (slack) {
    size_t head = (huge_page - (uintptr_t)pages % huge_page) % huge_page;
    if (head) munmap(pages, head);
    if (slack - head) munmap(pages + head + size, slack - head);
    pages += head;
#ifdef MADV_HUGEPAGE
    madvise(pages, size, MADV_HUGEPAGE);
#endif
  }
  return pages;
}

void tt_unmap_pages(void *pages, size_t bytes) {
  if (pages) munmap(pages, whole_pages(bytes));
}

void *tt_grow_pages(void *pages, size_t bytes, size_t larger) {
  void *grown = tt_map_pages(larger);
  if (!grown) return NULL;
#ifdef MREMAP_FIXED
  // The pages themselves move: no copy, and no memory beside the old one.
  size_t size = whole_pages(bytes);
  if (mremap(pages, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, grown) == grown) return grown;
#endif
  memcpy(grown, pages, bytes);
  tt_unmap_pages(pages, bytes);
  return grown;
}

void tt_release_pages(void *pages, size_t from, size_t to) {
  uintptr_t start = ((uintptr_t)pages + from + huge_page - 1) / huge_page * huge_page;
  uintptr_t end = ((uintptr_t)pages + to) / huge_page * huge_page;
  if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
}
