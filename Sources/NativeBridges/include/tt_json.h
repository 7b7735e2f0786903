/// JSON by simdjson: whole files, and single fields of records.
///
/// Keys are kept as they stand: repeated and canonically equal ones stay apart.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Owns the memory of the last record it read; one thread at a time.
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

/// A text that has been read.
typedef struct tt_json_document tt_json_document;

/// The form in which simdjson keeps a text (doc/tape.md there): a list of words whose highest byte
/// says what they are, and the strings.
typedef struct tt_json_tape {
  /// The value begins at the second.
  const uint64_t *words;
  const uint8_t *strings;
} tt_json_tape;

/// Reads a whole text. On success `document` and `tape` are set; the tape lives as long as the
/// document. Otherwise `offset` is the byte where the text stops being JSON, or SIZE_MAX where that
/// is not known.
///
/// `readable`: how many bytes may be read from `text` on; if it is less than `length` and 64, the
/// text is copied.
int tt_json_parse(
  const char *text, size_t length, size_t readable, size_t maximum_depth,
  tt_json_document **document, tt_json_tape *tape, size_t *offset);

void tt_json_document_free(tt_json_document *document);

/// A parser of records that refuses those nested deeper than `maximum_depth`; null without memory.
tt_json_parser *tt_json_parser_create(size_t maximum_depth);

void tt_json_parser_free(tt_json_parser *parser);

/// Reads one record (a line of JSONL without its end) and finds the string at the end of a path
/// of keys. The whole record is checked. `value` lives until the parser reads again.
int tt_json_field(
  tt_json_parser *parser, const char *record, size_t length, const char *const *path,
  size_t depth, const char **value, size_t *value_length);

#ifdef __cplusplus
}
#endif
