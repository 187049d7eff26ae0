import type { BulkWriter } from '../../db/write/bulk-upsert.ts';
import type { RecordType } from '../format.ts';
import { recordWriters } from '../generated/record-writers.ts';

/** Writers by record type. */
export const writers: Record<RecordType, BulkWriter<unknown>> = recordWriters;
