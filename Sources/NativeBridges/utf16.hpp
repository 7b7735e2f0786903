/// UTF-8 to UTF-16, for the parts of ICU that read nothing else.
#pragma once

#include <cstddef>
#include <cstdint>

namespace toktrain {

/// A character and its length in bytes; a byte that belongs to no well-formed one is U+FFFD.
struct Utf8Unit {
  uint32_t length;
  char32_t character;
};

inline Utf8Unit decodeUtf8(const uint8_t *text, size_t room) {
  const uint32_t lead = text[0];
  const auto isTail = [&](size_t index) { return (text[index] & 0xC0) == 0x80; };
  if (lead < 0x80)
    return {1, lead};
  if (lead >= 0xC2 && lead < 0xE0 && room >= 2 && isTail(1))
    return {2, (lead & 0x1F) << 6 | (text[1] & 0x3Fu)};
  if (lead >= 0xE0 && lead < 0xF0 && room >= 3 && isTail(1) && isTail(2)) {
    const char32_t c = (lead & 0xF) << 12 | (text[1] & 0x3Fu) << 6 | (text[2] & 0x3Fu);
    if (c >= 0x800 && (c & 0xF800) != 0xD800)
      return {3, c};
  }
  if (lead >= 0xF0 && lead < 0xF5 && room >= 4 && isTail(1) && isTail(2) && isTail(3)) {
    const char32_t c =
        (lead & 7) << 18 | (text[1] & 0x3Fu) << 12 | (text[2] & 0x3Fu) << 6 | (text[3] & 0x3Fu);
    if (c >= 0x10000 && c < 0x110000)
      return {4, c};
  }
  return {1, 0xFFFD};
}

/// Writes at most one unit a byte and returns how many.
inline size_t toUtf16(const uint8_t *text, size_t count, char16_t *units) {
  size_t length = 0;
  for (size_t at = 0; at < count;) {
    const Utf8Unit unit = decodeUtf8(text + at, count - at);
    if (unit.character < 0x10000) {
      units[length++] = static_cast<char16_t>(unit.character);
    } else {
      units[length++] = static_cast<char16_t>(0xD7C0 + (unit.character >> 10));
      units[length++] = static_cast<char16_t>(0xDC00 + (unit.character & 0x3FF));
    }
    at += unit.length;
  }
  return length;
}

/// A place in both forms of a text, moved forward only.
struct Utf16Place {
  size_t byte = 0;
  size_t unit = 0;

  /// Moves to a place between characters.
  void advance(size_t target, const uint8_t *text, size_t count) {
    while (unit < target) {
      const Utf8Unit next = decodeUtf8(text + byte, count - byte);
      unit += next.length == 4 ? 2 : 1;
      byte += next.length;
    }
  }
};

} // namespace toktrain
