/// Byte strings in byte strings.
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The first occurrence of `needle` in `text`, in time linear in both; NULL if there is none.
const void *tt_find(const void *text, size_t count, const void *needle, size_t needle_count);

#ifdef __cplusplus
}
#endif
