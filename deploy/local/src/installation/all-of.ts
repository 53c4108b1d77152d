/**
 * Like `Promise.all`, but waits for every one before it rejects, with what each had to say: so that nothing is
 * still on its way up while what failed is cleaned away.
 */
export async function allOf<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(tasks);
  const failures = settled.flatMap((task) =>
    task.status === 'rejected' ? [(task.reason as Error).message] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
  return settled.flatMap((task) => (task.status === 'fulfilled' ? [task.value] : []));
}
