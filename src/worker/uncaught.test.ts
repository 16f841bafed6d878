import { expect, test } from 'vitest';
import { onUncaught } from './uncaught.ts';

/** As a worker's scope reports a fault: what is not cancelled there reaches the page's `Worker`. */
function report(type: string, about: object): { heard: unknown[]; goesOn: boolean } {
  const scope = new EventTarget();
  const heard: unknown[] = [];
  onUncaught(scope, (thrown) => heard.push(thrown));
  const goesOn = scope.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), about));
  return { heard, goesOn };
}

test('a fault in a callback is heard with its reason, and goes no further than the worker', () => {
  const error = new Error('x');
  expect(report('error', { error, message: 'Uncaught Error: x' })).toEqual({ heard: [error], goesOn: false });
});

test('a fault that tells no more than its message is heard too', () => {
  expect(report('error', { error: null, message: 'Script error.' })).toEqual({
    heard: ['Script error.'],
    goesOn: false,
  });
});

test('so is a promise that nobody waits for', () => {
  expect(report('unhandledrejection', { reason: 7 })).toEqual({ heard: [7], goesOn: false });
});
