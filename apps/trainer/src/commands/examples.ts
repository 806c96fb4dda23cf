/** What people type, by command: each is run by a test. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  quickstart: ['gmlp quickstart', 'gmlp quickstart --steps 600 --out runs/short'],
  restore: ['gmlp restore --out restorer'],
  recipes: ['gmlp recipes', 'gmlp recipes sotu --out my-recipe.json'],
  init: ['gmlp init my-text', 'gmlp init my-text --variant bert_mlm_absolute --out my-bert.mjs'],
  export: ['gmlp export runs/sotu', 'gmlp export runs/sotu --onnx sotu.onnx'],
  train: [
    'gmlp train sotu',
    'gmlp train sotu --set steps=4800 --set model.layers=6 --out runs/deeper',
    'gmlp train --variant mixer_mlm_18 --data my-text',
    'gmlp train c4-gmlp-base --dry-run',
    'gmlp train my-recipe.json --out runs/mine',
    'gmlp train runs/mine',
    'gmlp train runs/mine --set steps=4800',
  ],
  finetune: [
    'gmlp finetune sst2 runs/sotu --data SST-2',
    'gmlp finetune classify runs/sotu --data reviews.csv --first review --label stars --seeds 3',
    'gmlp finetune squad2 runs/sotu --data SQuAD',
  ],
  runs: ['gmlp runs', 'gmlp runs elsewhere --json'],
  rm: ['gmlp rm runs/mine --checkpoints 1', 'gmlp rm runs/mine'],
  eval: ['gmlp eval runs/sotu', 'gmlp eval runs/sotu --data my-text'],
  report: ['gmlp report runs/sotu', 'gmlp report runs/sotu runs/mine --out both.html'],
  watch: ['gmlp watch runs/sotu', 'gmlp watch runs/sotu --port 0'],
  'fill-mask': [
    'gmlp fill-mask runs/sotu "The state of the [MASK]."',
    'gmlp fill-mask runs/sotu "The [MASK] of the [MASK]" --top 3 --json',
  ],
  generate: [
    'gmlp generate runs/writer "The state" --temperature 0.7',
    'gmlp generate runs/writer "The state" --greedy --tokens 5',
  ],
  score: [
    'gmlp score squad1 --data dev-v1.1.json --predictions predictions.json',
    'gmlp score squad2 --data dev-v2.0.json --predictions predictions.json --na-prob-file null-odds.json --json',
  ],
  tokenize: ['gmlp tokenize runs/sotu words.txt', 'gmlp tokenize runs/sotu/model/tokenizer.json words.jsonl --json'],
  predict: ['gmlp predict runs/my-images photo.jpg', 'gmlp predict runs/my-images photos --top 1 --json'],
  'data inspect': ['gmlp data inspect my-images', 'gmlp data inspect my-images --sample 100 --out sheet.png'],
  'data tokenizer': [
    'gmlp data tokenizer my-text --kind unigram --size 305 --out tokenizer.json',
    'gmlp data tokenizer hub:allenai/c4/realnewslike --size 32000 --out realnews.json',
  ],
  'data pack': [
    'gmlp data pack my-text --tokenizer runs/sotu/model/tokenizer.json --out my-corpus --held-out 0.1',
    'gmlp data pack hub:allenai/c4/realnewslike --tokenizer tokenizer.json --out realnews --rank 0 --world 64',
  ],
  inspect: ['gmlp inspect runs/sotu', 'gmlp inspect runs/sotu/model --out sotu.html --json'],
  models: ['gmlp models', 'gmlp models gmlp_base --json'],
  devices: ['gmlp devices', 'gmlp devices --json'],
  completion: ['gmlp completion bash > ~/.gmlp-completion.bash', 'gmlp completion fish > ~/.config/fish/completions/gmlp.fish'],
};
