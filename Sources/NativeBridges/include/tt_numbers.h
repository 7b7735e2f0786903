/// Numbers and their digits.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The fewest digits that read back as the same number, without zeros behind them, and the power of
/// ten that they are multiplied by. `value`: finite, above 0.
uint64_t tt_shortest_digits(double value, int32_t *exponent);

#ifdef __cplusplus
}
#endif
