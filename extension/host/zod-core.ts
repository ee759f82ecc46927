/** The lower half of zod, to be loaded in a turn of its own. */
export { $constructor } from 'zod/v4/core';
