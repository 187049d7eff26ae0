import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Answer, Questions } from './questions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const key = Buffer.from('secret');
const answer = { result: { action: 'accept' } };

function ask(questions: Questions, settle: (answer: Answer | null) => void = () => {}, signingKey = key) {
  return questions.add({ sessionId: 'session', signingKey, callId: 1, settle, cancelCall: () => {} });
}

it('delivers the first answer, and only from the session that was asked', () => {
  const [questions, settle] = [new Questions(), vi.fn()];
  const id = ask(questions, settle);

  questions.answer('other', id, answer);
  expect(settle).not.toHaveBeenCalled();
  questions.answer('session', id, answer);
  questions.answer('session', id, { error: {} });
  expect(settle.mock.calls).toEqual([[answer]]);
});

it('settles for nobody after five minutes', () => {
  const [questions, settle] = [new Questions(), vi.fn()];
  const id = ask(questions, settle);

  vi.advanceTimersByTime(299_999);
  expect(settle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(settle.mock.calls).toEqual([[null]]);
  expect(questions.isOpen('session', id)).toBe(false);
});

it('limits the calls of a key that wait, and all calls', () => {
  const questions = new Questions();
  const ids = Array.from({ length: 50 }, () => ask(questions));
  expect(() => ask(questions)).toThrow('Too many calls wait for a person.');
  questions.answer('session', ids[0], answer);
  ask(questions);

  for (const name of 'abcdefghi') for (let each = 0; each < 50; each++) ask(questions, () => {}, Buffer.from(name));
  expect(() => ask(questions, () => {}, Buffer.from('j'))).toThrow('Too many calls wait for a person.');
});

it('settles open and new questions for nobody once it is closed', () => {
  const [questions, open, late] = [new Questions(), vi.fn(), vi.fn()];
  ask(questions, open);

  questions.close();
  ask(questions, late);
  vi.advanceTimersByTime(1);

  for (const settle of [open, late]) expect(settle.mock.calls).toEqual([[null]]);
});
