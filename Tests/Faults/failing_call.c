// Makes one system call of a process fail, for LD_PRELOAD; configured by the environment:
//
//   FAULT_CALLS  names of the calls that are counted, between commas
//   FAULT_AT     number of the counted call that fails, from 1; 0: none
//   FAULT_ERRNO  what it fails with; 0: it does half of what it was asked (reading and writing);
//                -1: there is nothing to read
//   FAULT_SIGNAL number of a signal that the process gets instead; then FAULT_PAUSE microseconds
//                pass, and the call is done
//   FAULT_LOG    file that gets number and name of every counted call, one on each line
//
// Calls that the C library makes for itself are not seen.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *counted = "";
static long fault_at;
static int fault_errno, fault_signal, fault_pause;
static int log_descriptor = -1;
static atomic_long calls;

__attribute__((constructor)) static void configure(void) {
  const char *names = getenv("FAULT_CALLS"), *at = getenv("FAULT_AT");
  const char *number = getenv("FAULT_ERRNO"), *log = getenv("FAULT_LOG");
  const char *signal = getenv("FAULT_SIGNAL"), *pause = getenv("FAULT_PAUSE");
  fault_signal = signal ? atoi(signal) : 0;
  fault_pause = pause ? atoi(pause) : 0;
  fault_at = at ? atol(at) : 0;
  fault_errno = number ? atoi(number) : EIO;
  if (log) {
    int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    int opened = (int)syscall(SYS_openat, AT_FDCWD, log, flags, 0666);
    // Out of the way of the numbers that the process counts on.
    log_descriptor = (int)syscall(SYS_fcntl, opened, F_DUPFD_CLOEXEC, 100);
    syscall(SYS_close, opened);
  }
  if (names) counted = names;
}

static int is_counted(const char *name) {
  size_t length = strlen(name);
  for (const char *at = counted; *at; at += strcspn(at, ","), at += *at == ',')
    if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == 0)) return 1;
  return 0;
}

// Counts a call; says whether it is the one to fail.
static int fails(const char *name) {
  if (!is_counted(name)) return 0;
  long number = atomic_fetch_add(&calls, 1) + 1;
  if (log_descriptor >= 0) {
    char line[64];
    int length = snprintf(line, sizeof line, "%ld %s\n", number, name);
    syscall(SYS_write, log_descriptor, line, length);
  }
  if (number != fault_at) return 0;
  if (fault_signal == 0) return 1;
  kill(getpid(), fault_signal);
  usleep(fault_pause);
  return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define PLAIN(result, name, parameters, arguments, failed)                                         \
  result name parameters {                                                                         \
    if (!fails(#name)) return REAL(name) arguments;                                                \
    errno = fault_errno;                                                                           \
    return failed;                                                                                 \
  }

// A short read or write is no failure: it may happen at any time.
#define PARTIAL(name, parameters, whole, half)                                                     \
  ssize_t name parameters {                                                                        \
    if (!fails(#name)) return REAL(name) whole;                                                    \
    if (fault_errno == 0) return REAL(name) half;                                                  \
    if (fault_errno == -1) return 0;                                                               \
    errno = fault_errno;                                                                           \
    return -1;                                                                                     \
  }

#define HALF(length) ((length) > 1 ? (length) / 2 : (length))

PLAIN(int, fsync, (int descriptor), (descriptor), -1)
PLAIN(int, ftruncate, (int descriptor, off_t size), (descriptor, size), -1)
PLAIN(int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
PLAIN(int, rmdir, (const char *path), (path), -1)
PLAIN(int, unlink, (const char *path), (path), -1)
PLAIN(int, rename, (const char *from, const char *to), (from, to), -1)
PLAIN(int, renameat2, (int a, const char *from, int b, const char *to, unsigned int flags),
      (a, from, b, to, flags), -1)
PLAIN(int, stat, (const char *restrict path, struct stat *restrict out), (path, out), -1)
PLAIN(int, lstat, (const char *restrict path, struct stat *restrict out), (path, out), -1)
PLAIN(int, fstat, (int descriptor, struct stat *out), (descriptor, out), -1)
PLAIN(DIR *, opendir, (const char *path), (path), NULL)
PLAIN(struct dirent *, readdir, (DIR * directory), (directory), NULL)
PLAIN(char *, realpath, (const char *restrict path, char *restrict out), (path, out), NULL)
PLAIN(void *, mmap, (void *at, size_t size, int protection, int flags, int descriptor, off_t offset),
      (at, size, protection, flags, descriptor, offset), MAP_FAILED)
PARTIAL(read, (int descriptor, void *bytes, size_t size), (descriptor, bytes, size),
        (descriptor, bytes, HALF(size)))
PARTIAL(write, (int descriptor, const void *bytes, size_t size), (descriptor, bytes, size),
        (descriptor, bytes, HALF(size)))
PARTIAL(pwrite, (int descriptor, const void *bytes, size_t size, off_t offset),
        (descriptor, bytes, size, offset), (descriptor, bytes, HALF(size), offset))
PARTIAL(pread, (int descriptor, void *bytes, size_t size, off_t offset),
        (descriptor, bytes, size, offset), (descriptor, bytes, HALF(size), offset))

// It closes what it was given even when it fails.
int close(int descriptor) {
  int failed = fails("close");
  int result = REAL(close)(descriptor);
  if (!failed) return result;
  errno = fault_errno;
  return -1;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (!fails("open")) return REAL(open)(path, flags, mode);
  errno = fault_errno;
  return -1;
}

// These return their error instead of setting errno.
int posix_fallocate(int descriptor, off_t from, off_t size) {
  if (fails("posix_fallocate")) return fault_errno;
  return REAL(posix_fallocate)(descriptor, from, size);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*body)(void *), void *restrict argument) {
  if (fails("pthread_create")) return fault_errno;
  return REAL(pthread_create)(thread, attributes, body, argument);
}
