declare module '*?url' {
  const address: string;

  export { address as default };
}

declare module 'virtual:addresses' {
  /** The addresses, each a document. */
  export const addresses: readonly string[];
}
