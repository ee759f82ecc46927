import { recognise } from '../../core/dataset/recognise';
import { expectedImages, missingCategories } from '../../core/pipeline/expected-images';
import type { Method } from '../dispatch';

/** What a benchmark of a folder would go through. Throws what recognising a data set throws. */
export const categoriesMethod: Method<'categories'> = async ({ folder, layout: asked = 'auto' }, { signal }) => {
  const { datasets } = await recognise(folder, { layout: asked, protocol: 'reference', signal });
  const layout = datasets[0]?.layout ?? 'folder';
  const categories = datasets.map((dataset) => {
    const name = dataset.category ?? dataset.name;
    return { name, images: dataset.images.length, expected: expectedImages(layout, name) };
  });
  const names = categories.map(({ name }) => name);
  return { layout, categories, missing: missingCategories(layout, names) };
};
