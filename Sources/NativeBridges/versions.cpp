#include "tt_versions.h"

#include <string>
#include <unicode/uchar.h>
#include <unicode/uversion.h>

namespace {

std::string dotted(const UVersionInfo version) {
  return std::to_string(version[0]) + "." + std::to_string(version[1]);
}

} // namespace

extern "C" const char *tt_icu_version(void) {
  static const std::string text = [] {
    UVersionInfo version;
    u_getVersion(version);
    return dotted(version);
  }();
  return text.c_str();
}

extern "C" const char *tt_icu_unicode_version(void) {
  static const std::string text = [] {
    UVersionInfo version;
    u_getUnicodeVersion(version);
    return dotted(version);
  }();
  return text.c_str();
}
