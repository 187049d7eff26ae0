export const tables = {
  ImportCheckpoint: {
    columns: { fingerprint: 'CODE', pass: 'CODE', source: 'CODE', summary: 'CODE' },
    isUnaudited: true,
  },
} as const;
