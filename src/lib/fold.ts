// Letters that have no decomposition in Unicode but are searched for without their stroke or tail.
const plain: Record<string, string> = {
  ł: 'l',
  đ: 'd',
  ø: 'o',
  ħ: 'h',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  є: 'е',
  ґ: 'г',
};

/** Lower case without diacritics: "Żółć" and "zolc" fold to the same letters, as do "Ївга" and "івга". */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[łđøħŧßæœþðıєґ]/g, (letter) => plain[letter] ?? letter);
}
