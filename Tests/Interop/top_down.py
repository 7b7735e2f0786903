"""The top-down WordPiece learner of TensorFlow Text, written plainly: what `toktrain wordpiece
--score top-down` must equal.

The rules are those of `wordpiece_tokenizer_learner_lib.py` in tensorflow/text. By its documentation,
what is kept is subtracted from its beginnings; the code subtracts what is not kept, too (issue 583).

    top_down.py WORDS SIZE [--shipped] [SPECIAL...]    # lines of a word, a tab and its count
"""

import collections
import sys

PREFIX = "##"


def most_frequent_characters(counts, limit):
    """The `limit` most frequent characters, the smaller of equally frequent ones; None: all."""
    weights = collections.Counter()
    for word, count in counts:
        for character in word:
            weights[character] += count
    return set(sorted(weights, key=lambda c: (-weights[c], c))[:limit])


def substrings(word, start):
    """(whether it continues a word, text) of all that begins at a place, the shortest first."""
    return [(start > 0, word[start:end]) for end in range(start + 1, len(word) + 1)]


def longest_match_starts(word, vocabulary):
    start, starts = 0, []
    while start < len(word):
        starts.append(start)
        # Of characters every vocabulary has both forms.
        end = next(e for e in range(len(word), start, -1)
                   if (start > 0, word[start:e]) in vocabulary)
        start = end
    return starts


def spelled(piece):
    continues, text = piece
    return PREFIX + text if continues else text


def collides(piece):
    """Whether it would be spelled like a piece that continues words; TensorFlow Text keeps one of
    the two."""
    continues, text = piece
    return not continues and len(text) > len(PREFIX) and text.startswith(PREFIX)


def learn_with_threshold(counts, threshold, iterations, shipped):
    """Remaining counts of the pieces that are kept; single characters are there in any case."""
    characters = {character for word, _ in counts for character in word}
    singles = [(continues, c) for c in characters for continues in (False, True)]
    kept = dict.fromkeys(singles, 1)
    for iteration in range(iterations):
        remaining = collections.Counter()
        for word, count in counts:
            starts = range(len(word)) if iteration == 0 else longest_match_starts(word, kept)
            for start in starts:
                for piece in substrings(word, start):
                    remaining[piece] += count
        kept = {}
        for piece in sorted(remaining, key=lambda piece: -len(piece[1])):
            count = remaining[piece]
            is_kept = count >= threshold and not collides(piece)
            if is_kept:
                kept[piece] = count
            if is_kept or shipped:
                continues, text = piece
                for end in range(1, len(text)):
                    remaining[continues, text[:end]] -= count
        for piece in singles:
            kept.setdefault(piece, 1)
    return kept


def listed(kept, special):
    """Special tokens, characters, all others by falling remaining count; each token once."""
    singles = sorted({text for _, text in kept if len(text) == 1})
    tokens = {spelled(piece): count for piece, count in kept.items()}
    others = sorted(tokens, key=lambda token: (-tokens[token], token))
    return list(dict.fromkeys([*special, *singles, *others]))


def learn(counts, size, special=(), *, shipped, slack=0.05, iterations=4, characters=1000,
          low=10, high=10 ** 7, longest=50):
    """The vocabulary in order, of the size that the search ends with. `counts`: word to count."""
    low, high = max(low, min(counts.values())), min(high, max(counts.values()))
    words = [(word, count) for word, count in counts.items()
             if len(word) <= longest and word not in special]
    allowed = most_frequent_characters(words, characters)
    words = [(word, count) for word, count in words if allowed.issuperset(word)]
    while True:
        threshold = (low + high) // 2
        tokens = listed(learn_with_threshold(words, threshold, iterations, shipped), special)
        is_near = len(tokens) <= size and size - len(tokens) <= slack * size
        if is_near or low >= high or threshold <= 1:
            return tokens
        if len(tokens) > size:
            low = threshold + 1
        else:
            high = threshold - 1


def main():
    path, size, *rest = sys.argv[1:]
    shipped = "--shipped" in rest
    special = [token for token in rest if token != "--shipped"]
    with open(path, encoding="utf-8", newline="\n") as lines:
        rows = [line.rstrip("\n").rsplit("\t", 1) for line in lines]
    counts = {word: int(count) for word, count in rows}
    for token in learn(counts, int(size), special, shipped=shipped):
        print(token)


if __name__ == "__main__":
    main()
