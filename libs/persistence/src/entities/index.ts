/** Every entity there is. A test holds them and the migrations together. */
export const ENTITIES: readonly (new () => object)[] = [];
