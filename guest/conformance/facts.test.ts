import { describe, expect, it } from 'vitest';
import { compareFacts, staleReasons } from './compare.ts';
import { firmwareTables, parseFacts } from './facts.ts';
import { conformancePage } from './report.ts';

const serial = (...lines: string[]) => ['PROBE BEGIN 1', ...lines, 'PROBE END', ''].join('\r\n');

describe('the answers of the probe disc', () => {
  it('are read by key, numbered where one comes again', () => {
    const facts = parseFacts(serial('a.b = 1 2', 'a.b = 3', 'a.c =', 'a.d ~ 99.500 100.000'));
    expect([...facts]).toEqual([
      ['a.b', { kind: 'fact', value: '1 2' }],
      ['a.b#2', { kind: 'fact', value: '3' }],
      ['a.c', { kind: 'fact', value: '' }],
      ['a.d', { kind: 'measured', value: 99.5, due: 100 }],
    ]);
  });

  it('are none where the probe broke off, which says how far it came', () => {
    expect(() => parseFacts('a.b = 1\r\n')).toThrow('its last answer was a.b');
    expect(() => parseFacts(serial('a.b = 1', 'FAULT vector 6 error 0 at 00010000'))).toThrow(
      'an exception after a.b',
    );
  });

  it('say that the machine stops where it stops at the last question', () => {
    expect([...parseFacts('a.b = 1\r\nPROBE LAST\r\n')]).toEqual([
      ['a.b', { kind: 'fact', value: '1' }],
      ['fault.double-fault-task', { kind: 'fact', value: 'the machine stops' }],
    ]);
  });

  it('hold the firmware’s tables', () => {
    const facts = parseFacts(
      serial(
        'table.DSDT.00000 = 0102',
        'table.DSDT.00400 = 03',
        'table.SSDT.00000 = 04',
        'table.SSDT.00000 = 05',
      ),
    );
    expect([...firmwareTables(facts)].map(([name, bytes]) => [name, [...bytes]])).toEqual([
      ['DSDT', [1, 2, 3]],
      ['SSDT', [4]],
      ['SSDT2', [5]],
    ]);
  });
});

describe('the comparison with the reference', () => {
  const reference = parseFacts(
    serial('a.same = 1', 'a.other = 1', 'a.theirs = 1', 't.ticks ~ 80.000 100.000'),
  );
  const ours = parseFacts(serial('a.same = 1', 'a.other = 2', 'b.ours = 1', 't.ticks ~ 99.600 100.000'));

  it('wants a reason for every difference', () => {
    const { rows, unexplained, used } = compareFacts(reference, ours, [
      { facts: 'a.*', verdict: 'harmless', why: 'Because.' },
    ]);
    expect(rows.map(({ key, verdict }) => [key, verdict])).toEqual([
      ['a.same', 'equal'],
      ['a.other', 'harmless'],
      ['a.theirs', 'harmless'],
      ['t.ticks', 'within'],
      ['b.ours', 'new'],
    ]);
    expect(unexplained.map((row) => row.key)).toEqual(['b.ours']);
    expect(used).toHaveLength(1);
  });

  it('wants a difference for every reason, and takes a dot for a dot', () => {
    const reasons = [
      { facts: 'a.same', verdict: 'chosen' as const, why: 'No longer so.' },
      { facts: 'aXother', verdict: 'chosen' as const, why: 'Nothing has this name.' },
    ];
    expect(staleReasons(reasons, [compareFacts(reference, ours, reasons)])).toEqual(reasons);
  });

  it('holds a measured quantity against what is due, not against the reference, and fails for none', () => {
    const late = parseFacts(
      serial('t.ticks ~ 980.000 1000.000', 't.ms ~ 10.060 10.000', 't.count ~ 127.000 128.000'),
    );
    const { rows, unexplained } = compareFacts(parseFacts(serial()), late, []);
    expect(rows.map((row) => row.verdict)).toEqual(['outside', 'outside', 'within']);
    expect(unexplained).toEqual([]);
  });

  it('is a page with every difference and its reason', () => {
    const comparison = compareFacts(reference, ours, [{ facts: '*', verdict: 'chosen', why: 'Meant so.' }]);
    const parts = [{ setting: { title: 'With ACPI', ours: 'x', reference: 'y' }, comparison }];
    const probe = { id: 'probe' as const, title: 'The probe disc', about: 'Asks.', parts };
    const page = conformancePage('', probe);
    expect(page).toContain('| `a.other` | `1` | `2` | Meant so. |');
    expect(page).toContain('| 1 | equal |');
    // A chapter is made anew without the other, and their order stays.
    const both = conformancePage(page, { ...probe, id: 'linux', title: 'A Linux' });
    expect(both.match(/^## .*$/gm)).toEqual(['## The probe disc', '## A Linux']);
    expect(conformancePage(both, probe)).toBe(both);
    expect(conformancePage(both, { ...probe, parts: [] }).match(/^### .*$/gm)).toHaveLength(1);
  });
});
