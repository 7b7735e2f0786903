#include "tt_json.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>
#include <string_view>

struct tt_json_document {
  simdjson::dom::document dom;
};

struct tt_json_parser {
  simdjson::dom::parser dom;
};

namespace {

int status(simdjson::error_code error) {
  switch (error) {
  case simdjson::SUCCESS:
    return TT_JSON_OK;
  case simdjson::DEPTH_ERROR:
    return TT_JSON_TOO_DEEP;
  case simdjson::CAPACITY:
    return TT_JSON_TOO_LARGE;
  case simdjson::MEMALLOC:
    return TT_JSON_NO_MEMORY;
  default:
    return TT_JSON_INVALID;
  }
}

// A byte order mark is allowed by many writers and ignored by RFC 8259 readers.
size_t byte_order_mark(const char *text, size_t length) {
  return length >= 3 && std::memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

} // namespace

extern "C" int tt_json_parse(
  const char *text, size_t length, size_t readable, size_t maximum_depth,
  tt_json_document **document, tt_json_tape *tape, size_t *offset) {
  const size_t start = byte_order_mark(text, length);
  *offset = SIZE_MAX;
  std::unique_ptr<tt_json_document> read(new (std::nothrow) tt_json_document);
  if (!read) return TT_JSON_NO_MEMORY;
  // A parser of its own: what it needs besides the tape goes when the text has been read.
  simdjson::dom::parser parser;
  if (parser.allocate(4096, maximum_depth) != simdjson::SUCCESS) return TT_JSON_NO_MEMORY;
  const bool copies = readable - length < simdjson::SIMDJSON_PADDING;
  const auto error =
    parser.parse_into_document(read->dom, text + start, length - start, copies).error();
  if (error == simdjson::EMPTY) *offset = length;
  if (error != simdjson::SUCCESS) return status(error);
  tape->words = read->dom.tape.get();
  tape->strings = read->dom.string_buf.get();
  *document = read.release();
  return TT_JSON_OK;
}

extern "C" void tt_json_document_free(tt_json_document *document) { delete document; }

extern "C" tt_json_parser *tt_json_parser_create(size_t maximum_depth) {
  tt_json_parser *parser = new (std::nothrow) tt_json_parser;
  if (parser != nullptr && parser->dom.allocate(4096, maximum_depth) != simdjson::SUCCESS) {
    delete parser;
    return nullptr;
  }
  return parser;
}

extern "C" void tt_json_parser_free(tt_json_parser *parser) { delete parser; }

extern "C" int tt_json_field(
  tt_json_parser *parser, const char *record, size_t length, const char *const *path,
  size_t depth, const char **value, size_t *value_length) {
  const size_t start = byte_order_mark(record, length);
  simdjson::dom::element element;
  const auto error = parser->dom.parse(record + start, length - start, true).get(element);
  if (error != simdjson::SUCCESS) return status(error);
  for (size_t level = 0; level < depth; level += 1) {
    simdjson::dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS) return TT_JSON_MISSING;
    if (object.at_key(path[level]).get(element) != simdjson::SUCCESS) return TT_JSON_MISSING;
  }
  std::string_view text;
  if (element.get_string().get(text) != simdjson::SUCCESS) return TT_JSON_NOT_STRING;
  *value = text.data();
  *value_length = text.size();
  return TT_JSON_OK;
}
