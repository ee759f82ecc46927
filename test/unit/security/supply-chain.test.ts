import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(__dirname, '../../..');
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly components: readonly { 'bom-ref': string; name: string; version?: string }[];
  readonly dependencies: readonly { ref: string; dependsOn: readonly string[] }[];
}

describe('what the packages hold of others', () => {
  it('is pinned to the version and few', () => {
    const { dependencies, devDependencies } = json('package.json') as Manifest;
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(15);
  });

  it('comes with the checksum of every package', () => {
    const { packages } = json('package-lock.json') as { packages: Record<string, { integrity?: string }> };
    for (const [name, entry] of Object.entries(packages))
      if (name !== '') expect(entry.integrity, name).toMatch(/^sha512-/);
  });

  it('is named with its licence, as package-lock.json has it', () => {
    expect(execFileSync(process.execPath, ['build/notices.mjs', '--check'], { cwd: root, encoding: 'utf8' })).toMatch(
      /^\d+ components\n$/,
    );
  });

  it('is listed in a bill of materials whose references all lead somewhere', () => {
    const bom = json('sbom.cdx.json') as Bom;
    expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', '1.5']);
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const refs = bom.components.map((c) => c['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
    for (const name of Object.keys((json('package.json') as Manifest).dependencies))
      expect(
        refs.some((ref) => ref.startsWith(`pkg:npm/${name.replace('@', '%40')}@`)),
        name,
      ).toBe(true);
  });
});
