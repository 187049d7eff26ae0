import { describedEnum } from '../graphql/enums.ts';
import {
  computed,
  float,
  id,
  ids,
  instant,
  nullable,
  object,
  type SqlField,
  sqlType,
  value,
} from '../graphql/sql-types.ts';
import { encodeId, type IdType } from '../lib/ids.ts';

const FactKind = describedEnum('FactKind', 'How something is known.', {
  STORED: 'It is written in a record.',
  STATED: 'The customer said so.',
  OBSERVED: 'Seen in what they do.',
  INFERRED: 'Concluded by a rule, and may be wrong.',
  COMPUTED: 'Counted from records.',
});

const Fact = sqlType('Fact', 'How something in a customer’s context is known.', {
  id: value('ID', '', 'Its id: of what is stored, the record’s own.'),
  kind: value(FactKind, '', 'How it is known.'),
  sources: { ...value('ID', '', 'The records it rests on.'), isList: true },
  at: nullable(instant('', 'When it came to be so, or was counted. Null: not known.')),
  confidence: float('', 'How sure we are, 0 to 1.'),
});

/** Of a record: its id is the fact’s. */
export function recorded(type: IdType, row: string, at: string): SqlField {
  return object(Fact, 'How this is known.', {
    id: id(type, row, ''),
    kind: value(FactKind, "'STORED'::text", ''),
    sources: ids(type, `ARRAY[${row}]`, ''),
    at: instant(at, ''),
    confidence: float('1', ''),
  });
}

/** Of what somebody says or does, by how it is known and how surely. */
export function learned(type: IdType, row: string, at: string, kind: string, confidence: string): SqlField {
  const stored = { id: id(type, row, ''), sources: ids(type, `ARRAY[${row}]`, ''), at: instant(at, '') };
  return object(Fact, 'How this is known.', {
    ...stored,
    kind: value(FactKind, kind, ''),
    confidence: float(confidence, ''),
  });
}

/** Of what is counted now from a customer’s records. */
export function counted(name: string): SqlField {
  return object(Fact, 'How this is known.', {
    id: computed(
      { name: 'ID', ref: 'ID' },
      'c."id"',
      (uuid) => `fact_${name}_${encodeId('Customer', String(uuid))}`,
      '',
    ),
    kind: value(FactKind, "'COMPUTED'::text", ''),
    sources: ids('Customer', 'ARRAY[c."id"]', ''),
    at: instant('now()', ''),
    confidence: float('1', ''),
  });
}
