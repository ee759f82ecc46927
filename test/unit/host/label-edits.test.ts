import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabelState, type LabelValue } from '../../../extension/host/label-edits';

const label = fc.constantFrom<LabelValue>('good', 'defect', 'unsure', null);
const labels = fc.array(label, { minLength: 1, maxLength: 12 });
const wanted = fc.array(fc.record({ image: fc.nat(11), label }), { maxLength: 8 });
const AT = '2024-01-01T00:00:00.000Z';

describe('LabelState', () => {
  it('shows the disk until something is decided', () => {
    const state = new LabelState(['good', null]);
    expect(state.current).toEqual(['good', null]);
    expect(state.unsaved.size).toBe(0);
  });

  it('makes no edit of what is already so', () => {
    const state = new LabelState(['good', null]);
    expect(state.edit([{ image: 0, label: 'good' }], AT)).toBeNull();
    expect(state.edit([{ image: 99, label: 'good' }], AT)).toBeNull();
  });

  it('takes a label back, also one that is on disk', () => {
    const state = new LabelState(['good', null]);
    const edit = state.edit([{ image: 0, label: null }], AT);
    if (edit) state.apply(edit);
    expect(state.current).toEqual([null, null]);
    expect(state.unsaved.get(0)).toEqual({ label: null, at: AT });
  });

  it('undoing everything in reverse gives the disk again, with nothing unsaved', () => {
    fc.assert(
      fc.property(labels, fc.array(wanted, { maxLength: 6 }), (disk, steps) => {
        const state = new LabelState(disk);
        const edits = steps.flatMap((step) => {
          const edit = state.edit(step, AT);
          if (edit) state.apply(edit);
          return edit ? [edit] : [];
        });
        for (const edit of edits.reverse()) state.revert(edit, AT);
        expect(state.current).toEqual(disk);
        expect(state.unsaved.size).toBe(0);
      }),
    );
  });

  /** A state in which both pictures were labelled defects and then, elsewhere, the second one good. */
  function decidedElsewhere() {
    const state = new LabelState(['unsure', null]);
    const edit = state.edit(
      [0, 1].map((image) => ({ image, label: 'defect' as const })),
      AT,
    );
    if (!edit) throw new Error('nothing to edit');
    state.apply(edit);
    state.reset(['defect', 'good']);
    return { state, edit };
  }

  it('undoes only what still is as it was decided', () => {
    const { state, edit } = decidedElsewhere();
    expect(state.revert(edit, AT)).toBe(1);
    expect(state.current).toEqual(['unsure', 'good']);
    expect([...state.unsaved.keys()]).toEqual([0]);
  });

  it('redoes only what still is as it was before', () => {
    const { state, edit } = decidedElsewhere();
    state.revert(edit, AT);
    expect(state.repeat(edit, AT)).toBe(1);
    expect(state.current).toEqual(['defect', 'good']);
    expect(state.unsaved.size).toBe(0);
  });

  it('keeps what is unsaved when the disk changes, and nothing else', () => {
    fc.assert(
      fc.property(labels, wanted, labels, (disk, step, other) => {
        const state = new LabelState(disk);
        const edit = state.edit(step, AT);
        if (edit) state.apply(edit);
        const changed = new Map((edit?.changes ?? []).map(({ image, after }) => [image, after]));
        const next = disk.map((value, i) => other[i] ?? value);
        state.rebase(next);
        expect(state.current).toEqual(next.map((value, i) => (changed.has(i) ? changed.get(i) : value)));
      }),
    );
  });

  /** A state whose first picture is being written as a defect. */
  function writing() {
    const state = new LabelState([null, null]);
    const decide = (image: number, label: LabelValue) => {
      const edit = state.edit([{ image, label }], AT);
      if (edit) state.apply(edit);
    };
    decide(0, 'defect');
    expect([...state.startWriting()]).toEqual([[0, { label: 'defect', at: AT }]]);
    return { state, decide };
  }

  it('keeps decisions made while it is written, also in the same moment', () => {
    const { state, decide } = writing();
    decide(1, 'defect');
    decide(0, 'good');
    state.written(['defect', null]);
    expect(state.current).toEqual(['good', 'defect']);
    expect([...state.unsaved.keys()]).toEqual([0, 1]);
  });

  it('keeps what was taken back while it is written, whatever the disk held before', () => {
    const { state, decide } = writing();
    decide(0, null);
    state.rebase([null, 'good']); // read before the write came there
    state.written(['defect', 'good']);
    expect(state.current).toEqual([null, 'good']);
    expect([...state.unsaved.keys()]).toEqual([0]);
    state.startWriting();
    state.written([null, 'good']);
    expect(state.unsaved.size).toBe(0);
  });

  it('keeps everything where nothing could be written, and compares with the disk again from then on', () => {
    const { state, decide } = writing();
    state.notWritten();
    expect([...state.unsaved.keys()]).toEqual([0]);
    decide(0, null);
    expect(state.unsaved.size).toBe(0);
  });
});
