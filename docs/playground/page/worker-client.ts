/** The page's end of the conversation with a worker. */
import type { Answered, QuestionTable } from '../worker/questions.ts';

export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

export interface WorkerClient<Questions extends QuestionTable<Questions>, Told> {
  tell(message: Told): void;
  ask<Q extends keyof Questions>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer']>;
  close(): void;
}

/** What is no answer goes to `onEvent`, and so does a worker that stops. */
export function workerClient<Questions extends QuestionTable<Questions>, Told, Event extends { readonly kind: string }>(
  worker: Worker,
  onEvent: (event: Event | Failed) => void,
): WorkerClient<Questions, Told> {
  const open = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }>();
  let asked = 0;
  worker.onerror = (event) => {
    const message = `The worker stopped: ${event.message || 'its script could not be loaded'}`;
    for (const { reject } of open.values()) reject(new Error(message));
    open.clear();
    onEvent({ kind: 'failed', message });
  };
  worker.onmessage = ({ data }: MessageEvent<Answered | Event>) => {
    if (!isAnswer(data)) {
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

const isAnswer = (data: { readonly kind: string }): data is Answered => data.kind === 'answer' || data.kind === 'refused';
