/** All tasks. A new one is a folder or a file beside this one, and a line here. */
import { familyOf, type ModelConfig } from '@gmlp/models';
import { imageClassification } from './image-classification.ts';
import { maskedLanguage } from './masked-language.ts';
import { nextToken } from './next-token.ts';
import { questionAnswering } from './question-answering.ts';
import { restore } from './restore.ts';
import type { Task } from './task.ts';
import { textClassification } from './text-classification.ts';

export const tasks = {
  'masked-language': maskedLanguage,
  'next-token': nextToken,
  restore,
  'image-classification': imageClassification,
  'text-classification': textClassification,
  'question-answering': questionAnswering,
} satisfies Record<string, Task>;

export type TaskName = keyof typeof tasks;
type DataOf<T> = T extends Task<infer Data, infer _B, infer _About> ? Data : never;
/** What a recipe says of its data, whatever its task. */
export type TaskData = { [Name in TaskName]: DataOf<(typeof tasks)[Name]> }[TaskName];

export const taskNames = Object.keys(tasks) as [TaskName, ...TaskName[]];

export const taskOf = (name: TaskName): Task => tasks[name];

/** The folders that tasks have in that of a run. */
export const taskFolders: readonly string[] = [...new Set(taskNames.map((name) => taskOf(name).folder))];

/** Whether a task trains models of such a config. */
export function fits({ families, causal }: Pick<Task, 'families' | 'causal'>, config: ModelConfig): boolean {
  return families.includes(config.family) && (causal === undefined || familyOf(config).facts(config).causal === causal);
}

/** The task that such a model is trained for. */
export const taskFor = (config: ModelConfig): TaskName | undefined => taskNames.find((name) => fits(taskOf(name), config));
