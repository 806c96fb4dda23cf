"""The sides of `bench tokenizer-training` in Python: `tokenizer_training.py tokenizers|sentencepiece bpe|unigram FOLDER PIECES`. Prints JSON.

Each library with its defaults, no normalisation, words marked as SentencePiece marks them, and all threads that it takes. One that is not
installed prints null.
"""

import io
import json
import os
import pathlib
import resource
import sys
import time

library, kind, folder, pieces = sys.argv[1:]
files = sorted(str(path) for path in pathlib.Path(folder).iterdir())


def with_tokenizers():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE() if kind == "bpe" else models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer if kind == "bpe" else trainers.UnigramTrainer
    return lambda: tokenizer.train(files, trainer(vocab_size=int(pieces), show_progress=False))


def with_sentencepiece():
    import sentencepiece

    return lambda: sentencepiece.SentencePieceTrainer.train(
        input=files,
        model_writer=io.BytesIO(),
        model_type=kind,
        vocab_size=int(pieces),
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        max_sentence_length=2**24,
        num_threads=os.cpu_count(),
        minloglevel=2,
    )


try:
    train = with_tokenizers() if library == "tokenizers" else with_sentencepiece()
except ImportError:
    print("null")
else:
    start = time.perf_counter()
    train()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "peakMb": round(peak)}))
