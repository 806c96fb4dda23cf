/** The parameters of a body with a head: the body's keep their names whatever the head is. */
export type WithHead<Body, Head> = Body & { readonly head: Head };
