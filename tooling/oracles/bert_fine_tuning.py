"""bert-fine-tuning-{cls,qa,mlm}: a small BERT of Hugging Face's, and what transformers makes of it in ten steps of fine-tuning on stored batches.

The recipe of BERT (Devlin and others, 2019): AdamW, whose decay leaves biases and layer norms out, a linear warm-up and a linear decay to 0
(`get_linear_schedule_with_warmup`), gradients clipped to a norm of 1, no dropout. Texts are of several lengths, single and in pairs, with token
types and padding.

transformers never trains the vector of [PAD] (`padding_idx`), which BERT's own program does, and so do we. A head that scores every place sees
it, so the span set is made by a model that knows of no padding id.
"""

import torch
import transformers

from fixture_set import write

steps, warmup, peak, decay, epsilon, most = 10, 3, 3e-3, 0.1, 1e-6, 1.0
rows, tokens = 4, 16
padding, begin, end = 0, 2, 3
sizes = {
    "vocab_size": 61,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 20,
    "type_vocab_size": 2,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "hidden_act": "gelu",
    "initializer_range": 0.3,  # larger than BERT's, so that these narrow layers say something from the start
}


def texts(generator):
    """Rows [CLS] a [SEP] and [CLS] a [SEP] b [SEP], filled up with padding that the mask hides."""
    ids = torch.full((rows, tokens), padding)
    types = torch.zeros(rows, tokens, dtype=torch.long)
    mask = torch.zeros(rows, tokens, dtype=torch.long)
    lengths = []
    for row in range(rows):
        first, second = (int(torch.randint(2, 6, (1,), generator=generator)) for _ in range(2))
        pair = row % 2 == 1
        pieces = lambda count: torch.randint(5, sizes["vocab_size"], (count,), generator=generator).tolist()
        whole = [begin, *pieces(first), end, *([*pieces(second), end] if pair else [])]
        ids[row, : len(whole)] = torch.tensor(whole)
        mask[row, : len(whole)] = 1
        if pair:
            types[row, first + 2 : len(whole)] = 1
        lengths.append(len(whole))
    return ids, types, mask, lengths


def labels_of(task, generator, ids, lengths):
    if task == "cls":
        return {"labels": torch.randint(3, (rows,), generator=generator)}
    if task == "qa":
        starts = torch.tensor([int(torch.randint(0, length, (1,), generator=generator)) for length in lengths])
        ends = torch.tensor([int(torch.randint(int(s), l, (1,), generator=generator)) for s, l in zip(starts, lengths)])
        return {"start_positions": starts, "end_positions": ends}
    labels = torch.full((rows, tokens), -100)
    for row, length in enumerate(lengths):
        for place in (1, 1 + int(torch.randint(1, length - 2, (1,), generator=generator))):
            labels[row, place] = ids[row, place]
            ids[row, place] = 4
    return {"labels": labels}


models = {
    "cls": (transformers.BertForSequenceClassification, {"num_labels": 3}),
    "qa": (transformers.BertForQuestionAnswering, {"pad_token_id": None}),
    "mlm": (transformers.BertForMaskedLM, {}),
}

for seed, (task, (kind, more)) in enumerate(models.items()):
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(100 + seed)
    model = kind(transformers.BertConfig(**sizes, **more, attn_implementation="eager"))
    with torch.no_grad():  # no bias or norm is where it would be at the start
        for name, value in model.named_parameters():
            if value.ndim == 1:
                value.add_(0.1 * torch.randn(value.shape, generator=generator))
    start = {name: value.detach().clone() for name, value in model.state_dict().items() if "position_ids" not in name}
    model = model.double().train()

    kept = [name for name, _ in model.named_parameters() if name.endswith(".bias") or "LayerNorm" in name]
    named = dict(model.named_parameters())
    groups = [
        {"params": [value for name, value in named.items() if name not in kept], "weight_decay": decay},
        {"params": [named[name] for name in kept], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=peak, eps=epsilon, betas=(0.9, 0.999))
    schedule = transformers.get_linear_schedule_with_warmup(optimiser, warmup, steps)

    inputs, losses, norms, rates = {}, [], [], []
    for step in range(steps):
        ids, types, mask, lengths = texts(generator)
        labels = labels_of(task, generator, ids, lengths)
        batch = {"input_ids": ids, "token_type_ids": types, "attention_mask": mask, **labels}
        inputs.update({f"{step}.{name}": value for name, value in batch.items()})
        loss = model(**batch).loss
        optimiser.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), most))
        losses.append(loss.detach())
        rates.append(torch.tensor(schedule.get_last_lr()[0], dtype=torch.float64))
        optimiser.step()
        schedule.step()
    assert all(norm > most for norm in norms), norms  # all are clipped
    print(task, [f"{float(loss):.4f}" for loss in losses], [f"{float(norm):.2f}" for norm in norms])
    write(
        f"bert-fine-tuning-{task}",
        {
            **{"ctor": kind.__name__, **sizes, **more},
            **{"steps": steps, "warmup": warmup, "peak": peak, "weight_decay": decay, "epsilon": epsilon, "clip_norm": most},
        },
        param=start,
        inputs=inputs,
        outputs={"losses": torch.stack(losses), "norms": torch.stack(norms), "rates": torch.stack(rates)},
        source=f"transformers {transformers.__version__}, torch {torch.__version__} float64",
    )
