#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "tt_memory.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 1 << 21 };

void *tt_map_pages(size_t bytes) {
  if (bytes == 0 || bytes > SIZE_MAX - 2 * (size_t)HUGE_PAGE) return NULL;
  const int isLarge = bytes >= HUGE_PAGE;
  const size_t mapped = isLarge ? bytes + HUGE_PAGE : bytes;
  void *start = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  if (!isLarge) return start;

  // The system aligns to small pages only: cut off what stands before and after the huge ones.
  const uintptr_t from = (uintptr_t)start;
  const uintptr_t aligned = (from + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t end = (aligned + bytes + page - 1) / page * page;
  if (aligned > from) munmap(start, aligned - from);
  if (from + mapped > end) munmap((void *)end, from + mapped - end);
#ifdef MADV_HUGEPAGE
  // A refusal only costs speed.
  (void)madvise((void *)aligned, bytes, MADV_HUGEPAGE);
#endif
  return (void *)aligned;
}

void tt_unmap_pages(void *pages, size_t bytes) {
  if (pages != NULL && bytes > 0) munmap(pages, bytes);
}
