/// Large tables: pages from the system and hints to the processor.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline void tt_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Zeroed memory of whole pages, in huge pages where the system has them; NULL when it has none.
void *tt_map_pages(size_t bytes);
void tt_unmap_pages(void *pages, size_t bytes);

#ifdef __cplusplus
}
#endif
