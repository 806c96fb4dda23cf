import type * as z from 'zod/mini';

/** Without what only wraps a schema: a default, null or nothing. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodTypes {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return 'innerType' in def ? unwrapped(def.innerType as z.core.$ZodType) : (schema as z.core.$ZodTypes);
}

/** The fields of an object's schema by their names; none where it is not one's. */
export function fieldsOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = unwrapped(schema)._zod;
  return def.type === 'object' ? def.shape : {};
}
