/// Validation of UTF-8 at the speed of memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether the bytes are well-formed UTF-8 (Unicode 3.9, D92), a character cut at the end included
/// among what is not.
bool tt_utf8_is_valid(const char *text, size_t count);

#ifdef __cplusplus
}
#endif
