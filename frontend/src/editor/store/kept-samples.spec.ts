import { describe, expect, it } from 'vitest';
import { forgetDrafts } from './draft-names.js';
import { keepSamples, readSamples } from './kept-samples.js';

const place = { member: 'mem_1', flow: 'flw_1' };
const samples = { sampleBody: { id: 1 }, pins: { mail: { sent: true } }, learned: { crm: { id: '7' } } };

describe('samples that the tab keeps', () => {
  it('come back by flow and member, and are gone when the member signs out', () => {
    sessionStorage.clear();
    keepSamples(sessionStorage, place, samples);
    expect(readSamples(sessionStorage, place)).toEqual(samples);
    expect(readSamples(sessionStorage, { ...place, member: 'mem_2' })).toEqual({ pins: {}, learned: {} });
    forgetDrafts(sessionStorage);
    expect(sessionStorage.length).toBe(0);
  });

  it('leave out what looks like a secret', () => {
    const secret = `sk_${'live'}_4eC39HqLyjWDarjtT1zdp7dc`;
    keepSamples(sessionStorage, place, {
      sampleBody: [secret],
      pins: { ...samples.pins, pay: { key: secret } },
      learned: { deep: { in: [secret] } },
    });
    expect(readSamples(sessionStorage, place)).toEqual({ pins: samples.pins, learned: {} });
  });
});
