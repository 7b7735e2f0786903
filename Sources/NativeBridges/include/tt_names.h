/// Names of characters.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Writes the name of a character, ended by NUL, and returns its length; where Unicode gives none,
/// one such as "<control-0009>". Names longer than `capacity` - 1 bytes are cut.
int32_t tt_character_name(uint32_t character, char *name, int32_t capacity);

#ifdef __cplusplus
}
#endif
