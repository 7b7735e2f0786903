/// Renames that replace nothing or swap two entries in one step; the portable calls offer neither.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Renames `from` to `to` unless `to` exists. Returns 0, or an errno: EEXIST when it exists.
/// On a file system without this rename the test and the rename are two steps.
int tt_rename_exclusive(const char *from, const char *to);

/// Swaps two existing entries of one file system atomically. Returns 0, or an errno: EINVAL or
/// ENOTSUP where the file system cannot.
int tt_rename_exchange(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
