/** What Nest injects by token: values made before the application. */
export const CONNECTION = Symbol('connection');
