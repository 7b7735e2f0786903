"""How well vectors of tokens agree with what people say of words."""

import pathlib
import time

import numpy
import scipy.stats

# Words of one kind that are common enough to be tokens of their own in most vocabularies.
CATEGORIES = {
    "days": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "months": "January February March April June July August September October November December",
    "numbers": "two three four five six seven eight nine ten twelve twenty",
    "colours": "red blue green yellow black white brown grey orange pink",
    "family": "mother father brother sister son daughter wife husband uncle aunt",
    "vehicles": "car truck bus train plane ship boat bike taxi van",
    "countries": "France Germany Italy Spain Japan China India Russia Brazil Canada",
    "fruit": "apple banana orange lemon cherry grape peach pear",
    "body": "head hand foot arm leg eye ear nose mouth heart",
    "questions": "what who where when why how which",
    "sports": "football cricket rugby tennis golf basketball hockey baseball",
    "animals": "dog cat horse cow sheep pig bird fish lion bear",
}


def cosine(left, right):
    return float(left @ right / (numpy.linalg.norm(left) * numpy.linalg.norm(right)))


def vector(vectors, vocabulary, word):
    """That of the word behind a blank, in the case that the vocabulary has."""
    for spelling in (word, word.lower(), word.capitalize()):
        id = vocabulary.get("Ġ" + spelling)
        if id is not None and vectors[id].any():
            return vectors[id].astype(float)
    return None


def scores(vectors, vocabulary):
    """Spearman's correlation with WordSim-353, and the purity of the five nearest words."""
    import gensim

    place = pathlib.Path(gensim.__file__).parent / "test/test_data/wordsim353.tsv"
    found, said = [], []
    for line in place.read_text().splitlines():
        if line.startswith("#"):
            continue
        first, second, score = line.split("\t")[:3]
        pair = [vector(vectors, vocabulary, word) for word in (first, second)]
        if all(part is not None for part in pair):
            found.append(cosine(*pair))
            said.append(float(score))
    return {"correlation": float(scipy.stats.spearmanr(found, said).statistic),
            "pairs": len(found), "purity": purity(vectors, vocabulary)}


def purity(vectors, vocabulary):
    """Of the five nearest among all words of the list, the share that is of the same kind."""
    kinds, rows = [], []
    for kind, words in CATEGORIES.items():
        for word in words.split():
            row = vector(vectors, vocabulary, word)
            if row is not None:
                kinds.append(kind)
                rows.append(row / numpy.linalg.norm(row))
    kinds, rows = numpy.array(kinds), numpy.array(rows)
    products = rows @ rows.T
    numpy.fill_diagonal(products, -2)
    nearest = numpy.argsort(-products, axis=1)[:, :5]
    return float((kinds[nearest] == kinds[:, None]).mean())


def skip_grams(documents, count, dimension):
    """Vectors of gensim's skip-grams with five negative samples, and the seconds they took."""
    from gensim.models import Word2Vec

    sentences = [list(map(str, ids)) for ids in documents]
    start = time.monotonic()
    model = Word2Vec(sentences, vector_size=dimension, window=5, min_count=5, sg=1, negative=5,
                     epochs=5, workers=2, seed=1)
    seconds = time.monotonic() - start
    vectors = numpy.zeros((count, dimension), numpy.float32)
    for word, row in model.wv.key_to_index.items():
        vectors[int(word)] = model.wv.vectors[row]
    return vectors, seconds
