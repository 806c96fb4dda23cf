/** A name from a file for a message: in quotes, control characters escaped, and with an end. */
export const quoted = (name: string): string => JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
