/// Memory as the operating system hands it out, and a hint to the cache: what Swift cannot say.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Asks for the cache line at an address that will be read soon. Never faults, whatever the address.
static inline void tt_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Zeroed pages that nothing else shares, aligned to 2 MiB where they are that large, and backed by
/// huge pages where the system has them: scattered reads then miss the translation cache less.
/// A page costs memory only once it is touched. NULL if the system refuses.
void *tt_map_pages(size_t bytes);

/// Gives pages back; `bytes` as they were asked for. NULL is allowed.
void tt_unmap_pages(void *pages, size_t bytes);

#ifdef __cplusplus
}
#endif
