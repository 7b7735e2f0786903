"""A small transformer layer in numpy, to show what enters one: python transformer_layer.py INPUT.npy"""

import sys

import numpy


def normalized(x):
    """Layer normalization without learned parts."""
    return (x - x.mean(-1, keepdims=True)) / numpy.sqrt(x.var(-1, keepdims=True) + 1e-5)


def softmax(x):
    powers = numpy.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


class Layer:
    """Attention of some heads, then a feed-forward part, each added to what enters it (Vaswani and others
    2017, section 3.1); weights are drawn, nothing is learned."""

    def __init__(self, dimension, heads=8, seed=0):
        chance = numpy.random.default_rng(seed)
        shapes = [(dimension, dimension)] * 4 + [(dimension, 4 * dimension), (4 * dimension, dimension)]
        self.query, self.key, self.value, self.out, self.up, self.down = (
            chance.normal(0, rows ** -0.5, (rows, columns)).astype("f4") for rows, columns in shapes)
        self.heads = heads

    def attention(self, x):
        def split(weights):
            return (x @ weights).reshape(len(x), self.heads, -1).swapaxes(0, 1)

        query, key, value = split(self.query), split(self.key), split(self.value)
        self.weights = softmax(query @ key.swapaxes(1, 2) / query.shape[-1] ** 0.5)
        return (self.weights @ value).swapaxes(0, 1).reshape(len(x), -1) @ self.out

    def __call__(self, x):
        x = normalized(x + self.attention(x))
        return normalized(x + numpy.maximum(0, x @ self.up) @ self.down)


if __name__ == "__main__":
    entering = numpy.load(sys.argv[1])
    layer = Layer(entering.shape[1])
    leaving = layer(entering)
    rows, columns = leaving.shape
    print(f"a transformer layer (8 heads, numpy) takes {rows} × {columns} and gives {rows} × {columns}:")
    for place in (0, rows - 1):
        print(f"  token {place:2}  " + " ".join(f"{value:8.4f}" for value in leaving[place, :5]) + " …")
    print("  the last token's attention to the others, mean of heads: "
          + " ".join(f"{weight:.2f}" for weight in layer.weights.mean(0)[-1]))
