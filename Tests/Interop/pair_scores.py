"""WordPiece by likelihood and by gain, written plainly: every pair is looked at for every merge."""

import collections
import math


class PairScores:
    """Words as lists of token numbers, the counts of tokens and pairs, and where pairs stand.

    words: (text, count) in any order; base: tokens to begin with, in the order of their ids, with
    `##` before those that continue words.
    """

    def __init__(self, words, base):
        self.tokens = list(base)
        ids = {token: number for number, token in enumerate(self.tokens)}
        self.rows = [([ids[("##" if place else "") + c] for place, c in enumerate(text)], count)
                     for text, count in words]
        self.symbols, self.pairs = collections.Counter(), collections.Counter()
        self.places = collections.defaultdict(set)
        for number in range(len(self.rows)):
            self.add(number, 1)
        self.total = sum(self.symbols.values())

    def add(self, number, sign):
        row, count = self.rows[number]
        for symbol in row:
            self.symbols[symbol] += sign * count
        for pair in zip(row, row[1:]):
            self.pairs[pair] += sign * count
            if sign > 0:
                self.places[pair].add(number)

    def joined(self, pair):
        return self.tokens[pair[0]] + self.tokens[pair[1]][2:]

    @staticmethod
    def splits(text, ids):
        """Pairs of tokens that make a text; `ids`: those of the tokens."""
        start = 2 if text.startswith("##") else 0
        for cut in range(start + 1, len(text)):
            left, right = ids.get(text[:cut]), ids.get("##" + text[cut:])
            if left is not None and right is not None:
                yield left, right

    def candidates(self, least, longest=100):
        """Pairs that may be merged: often enough, short enough, not spelled like a continuation."""
        for pair, count in self.pairs.items():
            if count >= max(least, 1):
                text = self.joined(pair)
                is_continuing = self.tokens[pair[0]].startswith("##")
                length = len(text) - (2 if is_continuing else 0)
                if length <= longest and (is_continuing or not text.startswith("##")):
                    yield pair, count

    def best_by_likelihood(self, least):
        """The argmax of count / (left * right), compared as whole numbers."""
        best = None
        for pair, count in self.candidates(least):
            product = self.symbols[pair[0]] * self.symbols[pair[1]]
            if best is not None:
                ours, theirs = count * best[2], best[1] * product
                if ours < theirs or ours == theirs and (-count, pair) > (-best[1], best[0]):
                    continue
            best = (pair, count, product)
        return best and best[0]

    def best_by_gain(self, least):
        """Pairs whose gain is the largest as far as doubles can tell, in the order of ties."""
        gains = {}
        for pair, count in self.candidates(least):
            ratio = self.total * count / (self.symbols[pair[0]] * self.symbols[pair[1]])
            gains[pair] = count * math.log(ratio)
        if not gains:
            return []
        largest = max(gains.values())
        near = [pair for pair in gains if gains[pair] >= largest - 1e-12 * abs(largest)]
        return sorted(near, key=lambda pair: (-self.pairs[pair], pair))

    def merge(self, pair):
        new = len(self.tokens)
        self.tokens.append(self.joined(pair))
        for number in sorted(self.places.pop(pair)):
            row, count = self.rows[number]
            merged, place = [], 0
            while place < len(row):
                if tuple(row[place:place + 2]) == pair:
                    merged.append(new)
                    place += 2
                else:
                    merged.append(row[place])
                    place += 1
            if len(merged) < len(row):
                self.add(number, -1)
                self.rows[number] = (merged, count)
                self.add(number, 1)
