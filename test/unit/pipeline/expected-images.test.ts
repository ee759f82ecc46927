import { describe, expect, it } from 'vitest';
import { expectedImages, isPublished, missingCategories } from '../../../extension/core/pipeline/expected-images';

describe('what the published data sets hold', () => {
  it('counts test pictures', () => {
    expect(expectedImages('mvtec', 'hazelnut')).toBe(110);
    expect(expectedImages('visa', 'pcb4')).toBe(201);
    expect(expectedImages('btad', '03')).toBe(441);
    expect(expectedImages('mvtec', 'toString')).toBeNull();
    expect(expectedImages('folder', 'hazelnut')).toBeNull();
  });

  it('is what has no other categories', () => {
    expect(isPublished('btad', ['01', '03'])).toBe(true);
    expect(isPublished('mvtec', ['bottle', 'toString'])).toBe(false);
    expect(isPublished('folder', ['bottle'])).toBe(false);
  });

  it('names missing categories only where it is that data set', () => {
    expect(missingCategories('btad', ['01', '03'])).toEqual(['02']);
    expect(missingCategories('mvtec', ['bolt', 'nut'])).toEqual([]);
  });
});
