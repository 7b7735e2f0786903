/// Large tables: pages from the system and hints to the processor.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline void tt_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Zeroed memory of whole pages, in huge pages where the system has them; NULL when it has none.
void *tt_map_pages(size_t bytes);
/// The same bytes in a larger place, zeros behind them; the old place is gone. NULL, and all as it
/// was, where there is no memory.
void *tt_grow_pages(void *pages, size_t bytes, size_t larger);
void tt_unmap_pages(void *pages, size_t bytes);
/// Gives the memory of `from` to `to` back, as far as it is whole huge pages. What stood there is
/// lost; the place stays.
void tt_release_pages(void *pages, size_t from, size_t to);

#ifdef __cplusplus
}
#endif
