#include "tt_json.h"

#include <cstring>
#include <new>
#include <simdjson.h>
#include <string_view>
#include <vector>

struct tt_json_parser {
  simdjson::dom::parser dom;
  std::vector<tt_json_node> nodes;
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

void append(std::vector<tt_json_node> &nodes, std::string_view text) {
  const uint32_t next = static_cast<uint32_t>(nodes.size()) + 1;
  nodes.push_back({TT_JSON_STRING, next, text.size(), text.data()});
}

// Recursion is as deep as the text is nested, which the parser has limited before.
void append(std::vector<tt_json_node> &nodes, simdjson::dom::element element) {
  using simdjson::dom::element_type;
  const size_t index = nodes.size();
  const uint32_t next = static_cast<uint32_t>(index) + 1;
  switch (element.type()) {
  case element_type::NULL_VALUE:
    nodes.push_back({TT_JSON_NULL, next, 0, nullptr});
    break;
  case element_type::BOOL: {
    const bool value = element.get_bool().value_unsafe();
    nodes.push_back({value ? uint32_t{TT_JSON_TRUE} : uint32_t{TT_JSON_FALSE}, next, 0, nullptr});
    break;
  }
  case element_type::INT64: {
    const int64_t value = element.get_int64().value_unsafe();
    nodes.push_back({TT_JSON_INTEGER, next, static_cast<uint64_t>(value), nullptr});
    break;
  }
  case element_type::UINT64:
    nodes.push_back({TT_JSON_UNSIGNED, next, element.get_uint64().value_unsafe(), nullptr});
    break;
  case element_type::DOUBLE: {
    const double value = element.get_double().value_unsafe();
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    nodes.push_back({TT_JSON_NUMBER, next, bits, nullptr});
    break;
  }
  case element_type::STRING:
    append(nodes, element.get_string().value_unsafe());
    break;
  case element_type::ARRAY: {
    nodes.push_back({TT_JSON_ARRAY, 0, 0, nullptr});
    uint64_t size = 0;
    for (simdjson::dom::element child : element.get_array().value_unsafe()) {
      append(nodes, child);
      size += 1;
    }
    nodes[index].next = static_cast<uint32_t>(nodes.size());
    nodes[index].bits = size;
    break;
  }
  case element_type::OBJECT: {
    nodes.push_back({TT_JSON_OBJECT, 0, 0, nullptr});
    uint64_t size = 0;
    for (simdjson::dom::key_value_pair field : element.get_object().value_unsafe()) {
      append(nodes, field.key);
      append(nodes, field.value);
      size += 1;
    }
    nodes[index].next = static_cast<uint32_t>(nodes.size());
    nodes[index].bits = size;
    break;
  }
  }
}

// A byte order mark is allowed by many writers and ignored by RFC 8259 readers.
size_t byte_order_mark(const char *text, size_t length) {
  return length >= 3 && std::memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

} // namespace

extern "C" tt_json_parser *tt_json_parser_create(size_t maximum_depth) {
  tt_json_parser *parser = new (std::nothrow) tt_json_parser;
  if (parser != nullptr && parser->dom.allocate(4096, maximum_depth) != simdjson::SUCCESS) {
    delete parser;
    return nullptr;
  }
  return parser;
}

extern "C" void tt_json_parser_free(tt_json_parser *parser) { delete parser; }

extern "C" int tt_json_parse(
  tt_json_parser *parser, const char *text, size_t length, const tt_json_node **nodes,
  size_t *count, size_t *offset) {
  const size_t start = byte_order_mark(text, length);
  *offset = SIZE_MAX;
  simdjson::dom::element root;
  const auto error = parser->dom.parse(text + start, length - start, true).get(root);
  if (error == simdjson::EMPTY) *offset = length;
  if (error != simdjson::SUCCESS) return status(error);
  try {
    parser->nodes.clear();
    append(parser->nodes, root);
  } catch (const std::bad_alloc &) {
    return TT_JSON_NO_MEMORY;
  }
  *nodes = parser->nodes.data();
  *count = parser->nodes.size();
  return TT_JSON_OK;
}

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
