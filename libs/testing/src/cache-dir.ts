import path from 'node:path';

/** Where fetched programs are kept between runs, shared with `npm start`. */
export const cacheDir = path.resolve(import.meta.dirname, '../../../.penstock/cache');
