/** The page's end of the conversation with the worker. */
import type { FromWorker, Question, Questions, ToWorker } from '../worker/messages.ts';

export type TrainerEvent = Exclude<FromWorker, { readonly kind: 'answer' | 'refused' }>;

export interface TrainerClient {
  tell(message: Exclude<ToWorker, { readonly kind: 'ask' }>): void;
  ask<Q extends Question>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']>;
  close(): void;
}

export function trainerClient(worker: Worker, onEvent: (event: TrainerEvent) => void): TrainerClient {
  const open = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }>();
  let asked = 0;
  const fail = (message: string): void => {
    for (const { reject } of open.values()) reject(new Error(message));
    open.clear();
    onEvent({ kind: 'failed', message });
  };
  worker.onerror = (event) => fail(`The worker stopped: ${event.message || 'its script could not be loaded'}`);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind !== 'answer' && data.kind !== 'refused') {
      onEvent(data);
      return;
    }
    const waiting = open.get(data.id);
    open.delete(data.id);
    if (data.kind === 'answer') waiting?.resolve(data.value as never);
    else waiting?.reject(new Error(data.message));
  };
  return {
    tell: (message) => worker.postMessage(message),
    ask: (question, rest) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        open.set(id, { resolve, reject });
        worker.postMessage({ kind: 'ask', id, question, ...rest });
      }),
    close: () => worker.terminate(),
  };
}
