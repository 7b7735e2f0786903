#define _GNU_SOURCE
#include "include/tt_rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int tt_rename_exclusive(const char *from, const char *to) {
#if defined(__APPLE__)
  if (renamex_np(from, to, RENAME_EXCL) == 0) return 0;
#else
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
#endif
  if (errno != EINVAL && errno != ENOTSUP && errno != ENOSYS) return errno;
  struct stat found;
  if (lstat(to, &found) == 0) return EEXIST;
  return rename(from, to) == 0 ? 0 : errno;
}

int tt_rename_exchange(const char *a, const char *b) {
#if defined(__APPLE__)
  return renamex_np(a, b, RENAME_SWAP) == 0 ? 0 : errno;
#else
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
#endif
}
