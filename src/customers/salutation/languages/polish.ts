import { languageWithVocative } from './language.ts';
import { polishGender, polishVocative } from './polish-vocative.ts';

export const polish = languageWithVocative({
  neutral: 'Dzień dobry',
  hello: 'Cześć',
  address: {
    MASCULINE: { SPOKEN: 'Panie', LETTER: 'Szanowny Panie' },
    FEMININE: { SPOKEN: 'Pani', LETTER: 'Szanowna Pani' },
  },
  hasNamesInLetters: false,
  roles: {
    PROFESSOR: { MASCULINE: 'Profesorze', FEMININE: 'Profesor' },
    DOCTOR: { MASCULINE: 'Doktorze', FEMININE: 'Doktor' },
    LAWYER: { MASCULINE: 'Mecenasie', FEMININE: 'Mecenas' },
    DIRECTOR: { MASCULINE: 'Dyrektorze', FEMININE: 'Dyrektor' },
    ENGINEER: { MASCULINE: 'Inżynierze', FEMININE: 'Inżynier' },
  },
  genderOf: polishGender,
  vocativeOf: polishVocative,
});
