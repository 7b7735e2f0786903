// ICU's own normalizer on a whole file, for comparison: one call a form, the result copied.
//
//     c++ -O2 icu_alone.cpp -licuuc -o icu_alone && ./icu_alone FILE FORM...     MB/s of each form
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <vector>

static void normalize(const std::string &form, const std::string &text, icu::ByteSink &sink) {
  UErrorCode status = U_ZERO_ERROR;
  using icu::Normalizer2;
  if (form == "lower") {
    icu::CaseMap::utf8ToLower("", 0, text, sink, nullptr, status);
    return;
  }
  if (form == "fold") {
    icu::CaseMap::utf8Fold(0, text, sink, nullptr, status);
    return;
  }
  const Normalizer2 *icu = form == "nfc"    ? Normalizer2::getNFCInstance(status)
                           : form == "nfd"  ? Normalizer2::getNFDInstance(status)
                           : form == "nfkc" ? Normalizer2::getNFKCInstance(status)
                           : form == "nfkd" ? Normalizer2::getNFKDInstance(status)
                                            : Normalizer2::getNFKCCasefoldInstance(status);
  icu->normalizeUTF8(0, text, sink, nullptr, status);
}

int main(int count, char **words) {
  if (count < 3) return 2;
  std::ifstream file(words[1], std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<char> result(3 * text.size() + 64);
  for (int word = 2; word < count; ++word) {
    double best = 1e9;
    for (int pass = 0; pass < 5; ++pass) {
      const std::clock_t start = std::clock();
      icu::CheckedArrayByteSink sink(result.data(), static_cast<int32_t>(result.size()));
      normalize(words[word], text, sink);
      best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC);
    }
    std::printf("%s %.0f\n", words[word], text.size() / best / 1e6);
  }
}
