import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeSalutation, type SalutationCustomer, type SalutationRequest } from './compose-salutation.ts';

const nobody: SalutationCustomer = {
  givenName: null,
  familyName: null,
  shortName: null,
  title: null,
  register: null,
  salutation: {},
  locale: 'pl-PL',
  country: null,
};

const compose = (customer: Partial<SalutationCustomer>, request?: SalutationRequest) =>
  composeSalutation({ ...nobody, ...customer }, request);

/** Returns the texts for formal speech, a formal letter, and informal speech. */
const textsOf = (customer: Partial<SalutationCustomer>) =>
  ([{ register: 'FORMAL' }, { register: 'FORMAL', form: 'LETTER' }, { register: 'INFORMAL' }] as const).map(
    (request) => compose(customer, request).text,
  );

describe('by rule', () => {
  it.each([
    [{ givenName: 'Tomasz' }, 'Panie Tomaszu', 'Szanowny Panie', 'Cześć, Tomaszu'],
    [{ givenName: 'ANNA', shortName: 'Ania' }, 'Pani Anno', 'Szanowna Pani', 'Cześć, Aniu'],
    [
      { givenName: 'Jan', title: 'prof. dr hab. inż.' },
      'Panie Profesorze',
      'Szanowny Panie Profesorze',
      'Cześć, Janie',
    ],
    [{ givenName: 'Anna', title: 'dr' }, 'Pani Doktor', 'Szanowna Pani Doktor', 'Cześć, Anno'],
    [{ givenName: 'Piotr', title: 'mgr inż.' }, 'Panie Inżynierze', 'Szanowny Panie Inżynierze', 'Cześć, Piotrze'],
    [{ givenName: 'Sasza', title: 'Pani' }, 'Pani Saszo', 'Szanowna Pani', 'Cześć, Saszo'],
    [{ givenName: 'Robin', title: 'Pan' }, 'Panie Robinie', 'Szanowny Panie', 'Cześć, Robinie'],
    [{ givenName: 'John' }, 'Panie John', 'Szanowny Panie', 'Cześć, John'],
    [{ locale: 'uk', givenName: 'Ігор' }, 'пане Ігорю', 'Шановний пане Ігорю', 'Привіт, Ігорю'],
    [{ locale: 'uk-UA', givenName: 'Олена' }, 'пані Олено', 'Шановна пані Олено', 'Привіт, Олено'],
    [{ locale: 'uk', givenName: 'Любов', title: 'д-р' }, 'пані Любове', 'Шановна пані Любове', 'Привіт, Любове'],
    [{ locale: 'uk', givenName: 'Ілля', title: 'проф.' }, 'пане професоре', 'Шановний пане професоре', 'Привіт, Ілле'],
    [
      { locale: 'uk', givenName: 'Олександр', shortName: 'Саша' },
      'пане Олександре',
      'Шановний пане Олександре',
      'Привіт, Сашо',
    ],
    [
      { locale: 'en-US', givenName: 'Sofia', familyName: 'Hernandez' },
      'Hello Sofia Hernandez',
      'Dear Sofia Hernandez',
      'Hello Sofia',
    ],
    [
      { locale: 'en', givenName: 'Sofia', familyName: 'Hernandez', title: 'Dr.' },
      'Hello Dr Hernandez',
      'Dear Dr Hernandez',
      'Hello Sofia',
    ],
    [
      { locale: 'en', givenName: 'Sofia', familyName: 'Hernandez', title: 'Mrs' },
      'Hello Mrs Hernandez',
      'Dear Mrs Hernandez',
      'Hello Sofia',
    ],
    [
      { locale: 'en', givenName: 'Jan', familyName: 'Nowak', title: 'inż.' },
      'Hello Jan Nowak',
      'Dear Jan Nowak',
      'Hello Jan',
    ],
  ])('%j', (customer, ...texts) => {
    expect(textsOf(customer)).toEqual(texts);
  });

  it('is more confident of listed names and certain genders than of endings and foreign names', () => {
    const confidenceOf = (givenName: string) => compose({ givenName }, { register: 'INFORMAL' }).confidence;

    expect(['Ola', 'Tomasz', 'Abdon', 'Nguyen', 'Олена'].map(confidenceOf)).toEqual([0.99, 0.95, 0.7, 0.5, 0.5]);
  });
});

describe('a stored salutation', () => {
  it.each([
    ['pl-PL', 'Pani Aniu'],
    ['pl', 'Pani Anno'],
    ['pl-US', 'Pani Anno'],
    ['en-US', 'Dear Ann'],
  ])('in the language %s always wins', (locale, text) => {
    const salutation = { pl: 'Pani Anno', 'pl-PL': 'Pani Aniu', 'en-GB': 'Dear Ann' };

    for (const register of ['FORMAL', 'INFORMAL'] as const)
      for (const form of ['SPOKEN', 'LETTER'] as const)
        expect(compose({ givenName: 'Anna', title: 'dr', salutation }, { locale, register, form })).toMatchObject({
          text,
          source: 'STORED',
          confidence: 1,
        });
  });

  it('tells the language of a customer without one, and their gender in other languages', () => {
    const stored = { givenName: 'Sasza', salutation: { en: 'Dear Ms Novak' } };

    expect(compose({ ...stored, locale: null })).toMatchObject({ text: 'Dear Ms Novak', locale: 'en' });
    expect(compose(stored)).toMatchObject({ text: 'Pani Saszo', source: 'RULE' });
    expect(compose({ ...stored, salutation: { en: 'Dear Mr / Ms Novak' } })).toMatchObject({ source: 'FALLBACK' });
  });
});

describe('the language and register', () => {
  it('default to those of the customer', () => {
    expect(compose({ givenName: 'Ewa', register: 'INFORMAL' })).toMatchObject({
      locale: 'pl-PL',
      register: 'INFORMAL',
    });
    expect(compose({ givenName: 'Ewa', locale: null, country: 'PL' })).toMatchObject({
      text: 'Pani Ewo',
      locale: 'pl',
    });
    expect(compose({ givenName: 'Ігор', locale: null, country: 'UA' })).toMatchObject({ text: 'пане Ігорю' });
    expect(compose({ givenName: 'Ewa', locale: null })).toMatchObject({ text: 'Hello Ewa', register: 'FORMAL' });
  });

  it('without rules get a neutral greeting in English', () => {
    expect(compose({ givenName: 'Jürgen', locale: 'de-DE' })).toEqual({
      text: 'Hello',
      locale: 'en',
      register: 'FORMAL',
      source: 'FALLBACK',
      confidence: 0,
    });
  });
});

describe('a neutral greeting', () => {
  const greetings = { pl: 'Dzień dobry', uk: 'Добрий день', en: 'Hello' } as const;

  it.each(Object.entries(greetings))('in %s replaces a salutation without a usable name', (locale, text) => {
    const unusable = [null, 'A.', 'A', 'a@example.com', '+48512345678', 'Ann4', 'https://example.com', 'x'.repeat(41)];

    for (const givenName of unusable)
      for (const register of ['FORMAL', 'INFORMAL'] as const)
        expect(compose({ givenName, locale, register })).toMatchObject({ text, source: 'FALLBACK', confidence: 0 });
  });

  it.each([
    ['a title that contradicts the name', { givenName: 'Tomasz', title: 'Pani' }],
    ['a stored salutation that contradicts the title', { title: 'Pan', salutation: { en: 'Dear Ms Novak' } }],
    ['a clerical title', { givenName: 'Jan', title: 'ks. dr' }],
  ])('replaces one for %s', (_case, customer) => {
    expect(new Set(textsOf(customer))).toEqual(new Set(['Dzień dobry']));
  });

  it('replaces a formal one if only the ending of an unlisted name suggests a gender', () => {
    expect(compose({ givenName: 'Abdon' })).toMatchObject({ source: 'FALLBACK' });
    expect(compose({ givenName: 'Мехмет', locale: 'uk' })).toMatchObject({ source: 'FALLBACK' });
  });
});

describe('epicene names', () => {
  const gendered = /pan|szanown|drog|пан|шановн|дорог|mr|ms|miss|sir|madam/i;
  const polish = `Sasza Sasha Sascha Sacha Alex Aleks Alexis Andrea Nicola Nikola Nikita Robin Kim Sam Chris Jean Jess
    Noa Noah Mika Michele Simone Gabriele Dominique Camille Claude Maxime Marion Vivian Lilian Evelyn Jocelyn Jordan
    Morgan Taylor Cameron Casey Charlie Kelly Shannon Robin-Alex Ariel Angel Rene René Kai Toni Żenia Żenia-Sasza
    Szura Wania Slava Sidney Leslie Jackie Pat Kit Jo Quinn Riley Blake Yuki Jin Minh Linh Deniz Nur`;
  const ukrainian = `Саша Сашка Женя Валя Слава Паша Шура Вася Вітя Саня Стася Геня Даня Сіма Тоні Алекс Кім Робін Мішель Даніель
    Андреа Джордан Тейлор Рене Нікола Ноа Сем Кріс Міка`;
  const all = [
    ...polish.split(/\s+/).map((name) => ({ locale: 'pl', name })),
    ...ukrainian.split(/\s+/).map((name) => ({ locale: 'uk', name })),
    ...[...polish.split(/\s+/), ...ukrainian.split(/\s+/)].map((name) => ({ locale: 'en', name })),
  ];

  it.each(all.filter(({ locale }) => locale !== 'en'))(
    '$name gets no formal address in $locale',
    ({ name, locale }) => {
      for (const form of ['SPOKEN', 'LETTER'] as const)
        expect(compose({ givenName: name, locale, register: 'FORMAL' }, { form })).toMatchObject({
          source: 'FALLBACK',
        });
    },
  );

  it.each(all)('$name gets no form in $locale that fits only one gender', ({ name, locale }) => {
    const informal = compose({ givenName: name, locale, register: 'INFORMAL' });
    const [man, woman] = ['Pan', 'Pani'].map(
      (title) => compose({ givenName: name, locale, title, register: 'INFORMAL' }).text,
    );

    expect(informal.text).not.toMatch(gendered);
    if (informal.source === 'RULE') expect([man, woman]).toEqual([informal.text, informal.text]);
    expect(compose({ givenName: name, locale, register: 'FORMAL' }).text).not.toMatch(gendered);
  });
});

it('never inflects a name of a woman as one of a man', () => {
  const women = `Karen Susan Megan Lauren Ellen Helen Kathleen Sharon Allison Rachel Isabel Muriel Karin Caitlin Carolyn Kathryn
    Marilyn Doris Iris Dolores Agnes Ines Mercedes Margaret Harriet Janet Margot Elizabeth Edith Judith Ruth Rut Ingrid Astrid
    Sigrid Hildegard Maud Gertrud Gudrun Dagmar Eleanor Jennifer Esther Heather Amber Miriam Carmen Karmen Nel April Lubow`;

  for (const givenName of women.split(/\s+/))
    expect(compose({ givenName, register: 'INFORMAL' }).text, givenName).toBe(`Cześć, ${givenName}`);
});

it('returns one line of letters for any input, and never the whole of a contact point', () => {
  const text = fc.option(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('Anna', 'Ігор', 'a@b.pl', 'dr', 'Ł-Ó')),
    {
      nil: null,
    },
  );
  const customers = fc.record({
    givenName: text,
    familyName: text,
    shortName: text,
    title: text,
    register: fc.constantFrom(null, 'FORMAL' as const, 'INFORMAL' as const),
    salutation: fc.constant({}),
    locale: fc.constantFrom(null, 'pl', 'uk', 'en', 'de'),
    country: fc.constantFrom(null, 'PL', 'UA'),
  });

  fc.assert(
    fc.property(customers, fc.constantFrom('SPOKEN' as const, 'LETTER' as const), (customer, form) => {
      const { text, source, confidence } = composeSalutation(customer, { form });

      expect(text).toMatch(/^[\p{Letter}\p{Mark}'’ʼ, -]+$/u);
      expect(confidence > 0).toBe(source === 'RULE');
    }),
    { numRuns: 3_000 },
  );
});
