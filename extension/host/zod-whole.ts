/** All of zod, to be loaded in a turn of its own after its lower half. */
export { object } from 'zod';
