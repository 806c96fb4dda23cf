"""Tokenizers of each kind that `loadTokenizer` reads, and what the libraries that made them say: `python make-goldens.py > tokenizers.json`.

Needs tokenizers and sentencepiece; what is written names their versions. They learn from the few lines below, so they are small.
"""
import base64
import io
import json
import sys
import tempfile

import sentencepiece
import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

texts = [
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,",
    "it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,",
    "Quelle journée! Il était déjà cinq heures, naïve façade, Größe und Übermut, señor, ångström, 12,345.67 km/h, don't we'll",
    "Привет, мир. Καλημέρα κόσμε. 我们在这里学习。日本語のテキスト。 שלום עולם مرحبا بالعالم हिन्दी में",
] * 4

strings = [
    "", " ", "  two  spaces ", "It was the best of times", "the worst\tof\ntimes\r\n", "don't we'll I'M", "12,345.67 + 8 = x",
    "Größe naïve café cafe\u0301 ﬁne Ａ１ ½", "Привет, мир", "我们学习日本語。", "שלום עולם مرحبا", "हिन्दी में",
    "👩‍👩‍👧 👍🏽 🇩🇪", "a\u0000b\u0007c\u200b\u00add\ufeff", "à\u0301\u0302b x\u0323\u0307", "▁ under▁score _", "<s> </s> <unk> [MASK] [CLS]x[SEP]",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "\u3000ideographic\u2003em", "ſtraße İstanbul ΑΣ Σ", "\U0001d4d7 \U0010ffff \ue000", "…—“”‘’",
]




def word_piece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet))
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    return tokenizer


def byte_fallback():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=500, special_tokens=special, limit_alphabet=60))
    # A piece for a byte is no special token: trained as one, so that it has its id.
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = file["added_tokens"][:3]
    return Tokenizer.from_str(json.dumps(file))


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip(left=False, right=True)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(vocab_size=250, special_tokens=special, unk_token="<unk>"))
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def sentence_piece(**options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_writer=model, minloglevel=2, num_threads=1, hard_vocab_limit=False, **options
    )
    return model.getvalue()


def rules():
    """A table of replacements of a few lines: the usual ones are a quarter of a megabyte."""
    lines = ["Ａ\tA", "１\t1", "ﬁ\tfi", "½\t1/2", "\u3000\t ", "\u2003\t ", "…\t...", "e\u0301\té", "\u00ad\t"]
    path = tempfile.mkstemp(suffix=".tsv")[1]
    with open(path, "w") as file:
        for line in lines:
            old, new = line.split("\t")
            file.write("\t".join(" ".join(f"{ord(c):X}" for c in part) for part in (old, new)) + "\n")
    return path


kinds = {
    "WordPiece, uncased": word_piece(True),
    "WordPiece, cased": word_piece(False),
    "byte-level BPE": byte_level(),
    "BPE with byte fallback": byte_fallback(),
    "unigram": unigram(),
}
models_of_sentencepiece = {
    "SentencePiece, unigram": sentence_piece(vocab_size=250, model_type="unigram", normalization_rule_tsv=rules()),
    "SentencePiece, unigram with byte fallback": sentence_piece(
        vocab_size=500, model_type="unigram", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False
    ),
    "SentencePiece, BPE": sentence_piece(
        vocab_size=300, model_type="bpe", normalization_rule_tsv=rules(), user_defined_symbols=["best", "of ti"]
    ),
    "SentencePiece, BPE with byte fallback": sentence_piece(
        vocab_size=500, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False
    ),
}

cases = []
for name, tokenizer in kinds.items():
    ids = [tokenizer.encode(text).ids for text in strings]
    cases.append({"name": name, "file": json.loads(tokenizer.to_str()), "ids": ids, "decoded": [tokenizer.decode(each) for each in ids]})
for name, model in models_of_sentencepiece.items():
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    ids = [processor.encode(text) for text in strings]
    encoded = base64.b64encode(model).decode()
    cases.append({"name": name, "model": encoded, "ids": ids, "decoded": [processor.decode(each) for each in ids]})

made_with = f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}"
json.dump({"madeWith": made_with, "strings": strings, "cases": cases}, sys.stdout, ensure_ascii=True, separators=(",", ":"))
