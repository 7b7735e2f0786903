/// The loops that turn pieces of text into keys, and these into ids that a cache knows, for processors
/// with AVX-512. `KeyBatch` and `PieceEncoder` have the same in Swift.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether this processor has what the others need.
bool tt_pieces_are_available(void);

/// Makes the key of each piece, and the place of its line, and asks for the lines. A piece begins at
/// `starts[i]` and ends at `ends[i]`; nothing behind it is read.
///
/// A key is 15 bytes and a length; that of a longer piece is none that a table holds: its length is 0xFF.
/// `lines` is a table of 2^(64 - shift) lines of 2^line_bits bytes.
/// - Returns: how many numbers of pieces of 16 bytes and more it wrote to `longs`, which needs room
///   for one more.
size_t tt_piece_keys(const uint8_t *text, const uint32_t *starts, const uint32_t *ends, size_t count,
                     const void *lines, unsigned shift, unsigned line_bits, void *keys,
                     uint32_t *places, uint32_t *longs);

/// How ids are packed: a byte with their number, and fields of `width` bits.
typedef struct {
  /// For each of 8 ids, which bytes hold it, how far it is to be shifted then, and the bits it has.
  uint8_t bytes[32];
  uint32_t shifts[8];
  uint32_t field;
  /// Greatest number of ids; more mean that they are elsewhere.
  uint32_t most;
} tt_piece_packing;

/// Sets `packing` for ids of `width` bits, 16 to 24.
void tt_piece_packing_make(unsigned width, tt_piece_packing *packing);

/// Writes the ids of pieces `from`..<`count`, up to the first whose ids are not in its line; returns
/// its number, or `count`. `*output` moves by the ids written, and needs room for 8 more.
size_t tt_piece_ids(const void *keys, const uint32_t *places, size_t from, size_t count,
                    const void *lines, const tt_piece_packing *packing, uint32_t **output);

#ifdef __cplusplus
}
#endif
