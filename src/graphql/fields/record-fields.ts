/** Options of the fields that records of most domains have. `noun` names the record, such as "order". */
export function recordFields(noun: string) {
  return {
    source: { nullable: true, description: 'System that issued `externalId`. Null if none.' },
    externalId: { nullable: true, description: `ID of the ${noun} in \`source\`. Null if none.` },
    createdAt: { type: 'DateTime', description: `When the ${noun} was first recorded.` },
    updatedAt: { type: 'DateTime', description: `When the ${noun} last changed.` },
    version: {
      description: 'Version number. Starts at 1 and increases by 1 with every change. Pass it as `expectedVersion`.',
    },
  } as const;
}
