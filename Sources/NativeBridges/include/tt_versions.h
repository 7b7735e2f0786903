/// Versions of the libraries that decide what a tokenizer does with text.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Version of the ICU library that is loaded, such as "72.1". Static storage.
const char *tt_icu_version(void);

/// Version of Unicode that the loaded ICU implements, such as "15.0". Static storage.
const char *tt_icu_unicode_version(void);

#ifdef __cplusplus
}
#endif
