/// JSON by simdjson: whole files as a flat list of nodes, and single fields of records.
///
/// Keys are kept as they stand: repeated and canonically equal ones stay apart.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Owns the memory of the last text it read; one thread at a time.
typedef struct tt_json_parser tt_json_parser;

/// What became of a reading.
enum {
  TT_JSON_OK = 0,
  /// Not JSON, or not UTF-8, or anything behind the value.
  TT_JSON_INVALID = 1,
  /// The record has no such field.
  TT_JSON_MISSING = 2,
  /// The field is there and is no string.
  TT_JSON_NOT_STRING = 3,
  /// Arrays and objects are nested deeper than the parser was made for.
  TT_JSON_TOO_DEEP = 4,
  /// 4 GB or more.
  TT_JSON_TOO_LARGE = 5,
  TT_JSON_NO_MEMORY = 6
};

enum {
  TT_JSON_NULL = 0,
  TT_JSON_FALSE = 1,
  TT_JSON_TRUE = 2,
  /// `bits` is an int64_t.
  TT_JSON_INTEGER = 3,
  /// `bits` is a uint64_t above the greatest int64_t.
  TT_JSON_UNSIGNED = 4,
  /// `bits` is a double.
  TT_JSON_NUMBER = 5,
  /// `text` and `bits` bytes; also the keys of an object, which stand before their values.
  TT_JSON_STRING = 6,
  /// The nodes up to `next` are the elements; `bits` is their number.
  TT_JSON_ARRAY = 7,
  /// The nodes up to `next` are keys and values in turn; `bits` is the number of keys.
  TT_JSON_OBJECT = 8
};

/// One value. Nodes stand in the order of the text.
typedef struct tt_json_node {
  uint32_t kind;
  /// Index of the first node behind this one and all it contains.
  uint32_t next;
  uint64_t bits;
  /// Unescaped UTF-8 of a string, valid until the parser reads again; null for other kinds.
  const char *text;
} tt_json_node;

/// A parser that refuses texts nested deeper than `maximum_depth`; null without memory.
tt_json_parser *tt_json_parser_create(size_t maximum_depth);

void tt_json_parser_free(tt_json_parser *parser);

/// Reads a whole text. On success `nodes` and `count` are set; they live until the parser reads
/// again. Otherwise `offset` is the byte where the text stops being JSON, or SIZE_MAX where that
/// is not known.
int tt_json_parse(
  tt_json_parser *parser, const char *text, size_t length, const tt_json_node **nodes,
  size_t *count, size_t *offset);

/// Reads one record (a line of JSONL without its end) and finds the string at the end of a path
/// of keys. The whole record is checked. `value` lives until the parser reads again.
int tt_json_field(
  tt_json_parser *parser, const char *record, size_t length, const char *const *path,
  size_t depth, const char **value, size_t *value_length);

#ifdef __cplusplus
}
#endif
