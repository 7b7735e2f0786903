/// What the machine offers to this process.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Processors that this process may run on (taskset and cpusets honored), at least 1.
int tt_available_processors(void);

#ifdef __cplusplus
}
#endif
