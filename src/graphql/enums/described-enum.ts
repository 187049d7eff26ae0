import { builder } from '../builder.ts';

/** Defines an enum with a description for every value. */
export function describedEnum<Value extends string>(name: string, description: string, values: Record<Value, string>) {
  const described = Object.fromEntries(
    Object.entries<string>(values).map(([value, meaning]) => [value, { description: meaning }]),
  );
  return builder.enumType(name, { description, values: described as Record<Value, { description: string }> });
}
