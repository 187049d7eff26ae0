import { languageWithVocative } from './language.ts';
import { ukrainianGender, ukrainianVocative } from './ukrainian-vocative.ts';

export const ukrainian = languageWithVocative({
  neutral: 'Добрий день',
  hello: 'Привіт',
  address: {
    MASCULINE: { SPOKEN: 'пане', LETTER: 'Шановний пане' },
    FEMININE: { SPOKEN: 'пані', LETTER: 'Шановна пані' },
  },
  // For women, usage varies between "пані професорко" and "пані професор", so they are addressed by name.
  hasNamesInLetters: true,
  roles: {
    PROFESSOR: { MASCULINE: 'професоре' },
    DOCTOR: { MASCULINE: 'докторе' },
    LAWYER: { MASCULINE: 'адвокате' },
    DIRECTOR: { MASCULINE: 'директоре' },
    ENGINEER: { MASCULINE: 'інженере' },
  },
  genderOf: ukrainianGender,
  vocativeOf: ukrainianVocative,
});
