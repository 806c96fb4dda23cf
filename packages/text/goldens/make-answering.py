"""Questions and texts as BERT is given them, and answers decoded from scores: `python make-answering.py > answering.json`.

Needs transformers and tokenizers; what is written names their versions. Offsets and rows are those of transformers, windows
those of BERT's run_squad.py, labels those of the question answering example of transformers (`prepare_train_features`); answers are decoded by
`compute_predictions_logits` of transformers, which is that program's `write_predictions`. Two tokenizers learn from the few lines below, so they are small.
"""
import json
import random
import sys
import tempfile
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import tokenizers
import transformers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast
from transformers.data.metrics.squad_metrics import compute_predictions_logits
from transformers.data.processors.squad import _check_is_max_context

tokens, stride, question_tokens, longest = 48, 16, 12, 8

texts = [
    "The first computer program was written by Ada Lovelace in 1843, in London, for a machine of Charles Babbage.",
    "Who wrote the first program, where and when? The café naïve façade of the Größe in the year of the machine.",
    "东京是日本的首都。 在东京 2020 年 有 很多 人 住 在 这里 。",
    "Привет мир, где живёт Ада? В Лондоне. The emoji was sent by Grace on Monday, and read by Alan on Tuesday.",
]
long = " ".join(
    f"In {1800 + 7 * i} the engine number {i} was built in {city}, and nobody knew why." for i, city in enumerate(["Rome", "Oslo", "Bern", "Lima", "Kyiv", "Cairo", "Turku", "Quito"])
)
# Question, text, the answer, and which of its places in the text.
asked = [
    ("Who wrote the first program?", texts[0], "Ada Lovelace", 0),
    ("When?", texts[0], "1843", 0),
    ("Where was number 5 built?", long, "Cairo", 0),
    ("When was number 7 built?", long, "1849", 0),
    ("What is the last one?", long, "why.", 7),
    ("Where is nobody?", long, None, 0),
    ("What was sent?", "On Monday 👩‍👩‍👧👍🏽 was sent by Grace, and on Tuesday 🇩🇪 by Alan in Rome.", "Grace", 0),
    ("What was sent on Tuesday?", "On Monday 👩‍👩‍👧👍🏽 was sent by Grace, and on Tuesday 🇩🇪 by Alan in Rome.", "🇩🇪", 0),
    ("Which façade?", "A cafe\u0301 and a naïve fac\u0327ade, x\u0323\u0307y, of the Größe in the year", "naïve", 0),
    ("Which year?", "A cafe\u0301 and a naïve fac\u0327ade, x\u0323\u0307y, of the Größe in the year", "year", 0),
    ("首都?", "东京是日本的首都。在东京有很多人。", "日本", 0),
    ("Кто?", "Привет, где живёт Ада? В\u00a0Лондоне.\tThe\u200bend\u0000 of it", "Лондоне", 0),
    ("Who was it that wrote the first program, where and when, and for which machine of whom?", texts[0], "London", 0),
    ("What?", "  two  spaces \n\n and lines\r\n here ", "lines", 0),
    ("\U0001d4d7?", "\U0001d4d7 \U00020bb7野家 … “Ada” — 12,345.67", "Ada", 0),
    ("Nothing?", "", None, 0),
]


def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts * 3 + [long], trainers.WordPieceTrainer(vocab_size=330, special_tokens=special, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def places_of(text, answer, number):
    at = -1
    for _ in range(number + 1):
        at = text.index(answer, at + 1)
    return at


Span = namedtuple("DocSpan", ["start", "length"])


def spans_of(pieces, room):
    """The windows of run_squad.py. (The overflowing tokens of tokenizers 0.23 lack all windows but the first and one more.)"""
    spans, start = [], 0
    while start < pieces:
        length = min(pieces - start, room)
        spans.append(Span(start, length))
        if start + length == pieces:
            break
        start += min(length, stride)
    return spans


def features_of(tokenizer, question, context, answer, start_char):
    """`prepare_train_features` of examples/pytorch/question-answering/run_qa.py, for one example and windows of its own."""
    asked = tokenizer(question, add_special_tokens=False)["input_ids"][:question_tokens]
    told = tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    spans = spans_of(len(told["input_ids"]), tokens - 3 - len(asked)) or [Span(0, 0)]
    rows, labels = [], []
    for start, length in spans:
        row = [cls, *asked, sep, *told["input_ids"][start : start + length], sep]
        offsets = [None] * (len(asked) + 2) + told["offset_mapping"][start : start + length] + [None]
        if len(spans) == 1 and length > 0 and len(tokenizer(question, add_special_tokens=False)["input_ids"]) == len(asked):
            assert tokenizer(question, context)["input_ids"] == row
        rows.append(row)
        first, last = len(asked) + 2, len(row) - 2
        if answer is None or length == 0:
            labels.append([0, 0])
            continue
        end_char = start_char + len(answer)
        if not (offsets[first][0] <= start_char and offsets[last][1] >= end_char):
            labels.append([0, 0])
            continue
        while first <= len(row) - 2 and offsets[first][0] <= start_char:
            first += 1
        while offsets[last] is not None and offsets[last][1] >= end_char:
            last -= 1
        labels.append([first - 1, last + 1])
    return rows, labels, spans


def decoded(tokenizer, context, rows, spans, lower, generator, with_null):
    """Scores for each row, and what `compute_predictions_logits` makes of them."""
    offsets = tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    at = len(rows[0]) - spans[0].length - 1
    words = context.split()
    word_of, place = [], 0
    for number, word in enumerate(words):
        start = context.index(word, place)
        place = start + len(word)
        word_of += [number for offset in offsets if start <= offset[0] < place]
    features, results, scores = [], [], []
    for i, row in enumerate(rows):
        pieces = tokenizer.convert_ids_to_tokens(row)
        length = spans[i].length
        features.append(
            SimpleNamespace(
                example_index=0,
                unique_id=i,
                tokens=pieces,
                token_to_orig_map={at + j: word_of[spans[i].start + j] for j in range(length)},
                token_is_max_context={at + j: _check_is_max_context(spans, i, spans[i].start + j) for j in range(length)},
            )
        )
        # Of two decimals, so that some are equal.
        start, end = ([round(generator.uniform(-4, 4), 2) for _ in range(tokens)] for _ in range(2))
        scores.append([start, end])
        results.append(SimpleNamespace(unique_id=i, start_logits=start, end_logits=end))
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, name)) for name in ("predictions", "nbest", "odds")]
        example = SimpleNamespace(qas_id="q", doc_tokens=words)
        # As run_squad.py has it; the tokenizers of transformers leave the ## of a first piece.
        joined = SimpleNamespace(convert_tokens_to_string=lambda pieces: " ".join(pieces).replace(" ##", "").replace("##", ""))
        predictions = compute_predictions_logits(
            [example], features, results, 20, longest, lower, *paths, False, with_null, 0.0, joined
        )
        nbest = json.loads(Path(paths[1]).read_text())["q"]
        odds = json.loads(Path(paths[2]).read_text())["q"] if with_null else None
    best = [[each["text"], each["start_logit"] + each["end_logit"], each["probability"]] for each in nbest]
    return {"scores": scores, "best": best, "prediction": predictions["q"], "odds": odds}


def main():
    generator = random.Random(5)
    files, cases = {}, []
    for name, lower in (("cased", False), ("uncased", True)):
        own = word_piece(lower)
        files[name] = json.loads(own.to_str())
        tokenizer = PreTrainedTokenizerFast(
            tokenizer_object=own, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]"
        )
        for number, (question, context, answer, place) in enumerate(asked):
            start = None if answer is None else places_of(context, answer, place)
            rows, labels, spans = features_of(tokenizer, question, context, answer, start)
            offsets = tokenizer(context, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
            case = {"tokenizer": name, "question": question, "context": context, "answer": answer, "start": start}
            case |= {"offsets": offsets, "rows": rows, "labels": labels}
            # Its alignment of answers with words needs texts without unknown pieces, marks and double spaces.
            if number < 6:
                case["decoded"] = [decoded(tokenizer, context, rows, spans, lower, generator, with_null) for with_null in (False, True)]
            cases.append(case)
    made = {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__}
    options = {"tokens": tokens, "stride": stride, "questionTokens": question_tokens, "longest": longest}
    json.dump({"made": made, "options": options, "files": files, "cases": cases}, sys.stdout, ensure_ascii=True, separators=(",", ":"))
    print()


main()
