#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include "tt_processors.h"

#include <unistd.h>

int tt_available_processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int count = CPU_COUNT(&set);
    if (count > 0) return count;
  }
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}
