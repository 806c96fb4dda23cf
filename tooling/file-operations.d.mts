/** Calls `before(what, path)` before each operation below `folder`; if it throws, the operation fails so and is not done. */
export function watchFileOperations(folder: string, before: (what: string, path: string) => void): Promise<() => void>;
