/** How long a file is kept unless somebody says otherwise, and at most: 30 days. */
export const FILE_LIFE_MS = 30 * 24 * 3_600_000;
